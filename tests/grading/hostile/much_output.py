# ruff: noqa (who is hostile keeps no rules)
"""Fifty megabytes, in the answer and in the function."""

import os
import sys


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    sys.__stdout__.write("x" * 50_000_000)
    return variable, velocity


for _ in range(50):
    print("x" * 1_000_000)
