# ruff: noqa (who is hostile keeps no rules)
"""A hundred gigabytes, at once."""

import numpy as np


def ball_step(*arguments):
    return np.ones(10**11), np.ones(10**11)


np.ones(10**11)
