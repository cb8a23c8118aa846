"""What `course bench` measures, side by side in one run: never asserted in a test.

Machines are noisy, so everything is taken in rounds, one after the other, and what counts is
the median of the ratios of each round.
"""
