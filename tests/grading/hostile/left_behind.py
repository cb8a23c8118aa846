# ruff: noqa (who is hostile keeps no rules)
"""A process that leaves its session and lives on."""

import os
import subprocess

try:
    subprocess.Popen(["sleep", "600"], start_new_session=True)
except OSError:
    pass
try:
    os.posix_spawn("/bin/sleep", ["sleep", "600"], os.environ)
except OSError:
    pass
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                pass
        os._exit(0)
except OSError:
    pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
