# ruff: noqa (who is hostile keeps no rules)
"""Hundreds of processes."""

import os
import subprocess
import time

for _ in range(200):
    try:
        if os.fork() == 0:
            time.sleep(600)
        subprocess.Popen(["sleep", "600"])
    except OSError:
        pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
