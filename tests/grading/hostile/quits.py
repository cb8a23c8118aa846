# ruff: noqa (who is hostile keeps no rules)
"""IPython is told to quit."""

exit
exit()
quit()


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
