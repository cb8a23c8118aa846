# ruff: noqa (who is hostile keeps no rules)
"""A function without end that stops the alarm clock."""

import signal


def ball_step(*arguments):
    while True:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGINT})
        except BaseException:
            pass
