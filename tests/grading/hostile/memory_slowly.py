# ruff: noqa (who is hostile keeps no rules)
"""Memory that fills step by step, and is never given back."""

kept = []
while True:
    try:
        kept.append(bytearray(10_000_000))
    except MemoryError:
        break


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
