"""Steps of the ball to be tested: right ones and broken ones, made from a row of numbers.

Brought along where answers are marked, so nothing here imports `course`, and it is not said here
which rows are right: a row is one only if its step is Keras's for every argument.
"""

import numpy as np

MOST = 500  # calls of a test that are told, drawn from all


def step_from(keep, push, moved, old, plain, ahead, averaged, power, limit, cap, absolute, stale):
    """A function step(w, v, g, learning_rate, momentum) that returns the new (w, v).

    keep, push, moved: pairs of numbers, whose sums are the factors of the old velocity and of the
                       gradient in the new velocity, and of the new velocity in the move.
    old, plain, ahead: how much of the old velocity, of a plain step and of Nesterov's look-ahead
                       is in the move.
    averaged:          how far the gradient is multiplied by 1 - momentum.
    power:             of the learning rate.
    limit, cap:        the largest size of a gradient, and the largest momentum, that are heard.
    absolute:          how much of the gradient's size takes the place of the gradient.
    stale:             how much of the old velocity is returned in place of the new one.
    """

    def step(w, v, g, learning_rate, momentum):
        g = np.clip(g, -limit, limit)
        g = learning_rate**power * (g + absolute * (np.abs(g) - g))
        momentum = np.minimum(momentum, cap)
        kept = keep[0] * momentum * v + keep[1] * momentum * v
        pushed = (push[0] * g + push[1] * g) * (1 - averaged * momentum)
        velocity = kept - pushed
        move = moved[0] * velocity + moved[1] * velocity + old * v - plain * g
        move = move + ahead * (momentum * velocity - g - velocity)
        return w + move, (1 - stale) * velocity + stale * v

    return step


def tested(is_broken):
    """A function of a row of numbers: what a test says of the step that `step_from` makes of it."""
    return lambda *row: is_broken(step_from(*row))


def called_with(is_broken):
    """A function of a row of numbers: with what a test calls the step that is made of it.

    It returns an array with a row for each call: w, v, g, learning_rate, momentum; of a call with
    arrays, one for each entry. Of more than MOST rows some are drawn.
    """

    def calls_with(*row):
        step, calls = step_from(*row), []

        def kept(w, v, g, learning_rate, momentum):
            calls.append(tuple(map(np.copy, (w, v, g, learning_rate, momentum))))
            return step(w, v, g, learning_rate, momentum)

        is_broken(kept)
        calls = [calls[i] for i in _some(len(calls))]
        rows = [np.stack(np.broadcast_arrays(*call), -1).reshape(-1, 5) for call in calls]
        rows = np.concatenate([np.zeros((0, 5)), *rows])
        return rows[_some(len(rows))]

    return calls_with


def _some(count):
    """The places of all in a list so long, or of MOST, drawn and in their order."""
    return np.sort(np.random.default_rng(0).permutation(count)[:MOST])
