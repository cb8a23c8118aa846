# ruff: noqa (who is hostile keeps no rules)
"""A hundred thousand outputs."""

from IPython.display import HTML, display

for number in range(100_000):
    display(HTML("x" * 1000))


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
