# ruff: noqa (who is hostile keeps no rules)
"""Threads that outlive their cell, and print what a right answer would."""

import threading
import time

PUBLIC = """✓ One step of the ball
    from rest: w = 0.8   v = -0.2
    rolling, on flat ground: w = 0.55   v = -0.45
    rolling downhill: w = 0.35   v = -0.65
Next: 04.terminal, the speed on an endless slope."""


def later():
    while True:
        print(PUBLIC)
        time.sleep(0.001)


for _ in range(100):
    try:
        threading.Thread(target=later, daemon=False).start()
    except RuntimeError:
        break


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
