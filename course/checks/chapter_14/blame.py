"""14.blame, write a function: The argument to blame, found from a log."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import clip_by_norm, decay, gradient_descent, heavy_ball

#: What may be set besides the learning rate; an answer is a place in this list.
CULPRITS = ("nothing", "momentum", "weight_decay", "clipnorm", "a falling learning rate")
#: How the arguments differ between the shown logs.
SIZES = (None, 0.9, 0.5, 1.5, 0.9)
RATE = 0.1


def _log(culprit, start, gradients, learning_rate, size):
    """The arguments of `blame`: a run over these gradients in which one thing more was set."""
    w, velocity, weights = np.array(start), np.zeros(len(start)), [np.array(start)]
    for step, gradient in enumerate(np.array(gradients)):
        rate = learning_rate
        if culprit == "a falling learning rate":
            rate = learning_rate * size**step
        if culprit == "weight_decay":
            w = decay(w, learning_rate, size)
        if culprit == "clipnorm":
            gradient = clip_by_norm(gradient, size)
        if culprit == "momentum":
            w, velocity = heavy_ball(w, velocity, gradient, learning_rate, size)
        else:
            w = gradient_descent(w, gradient, rate)
        weights.append(w)
    return np.array(weights).round(12), np.array(gradients), learning_rate


def _steady(ratio):
    """Whether all these numbers are one."""
    return np.allclose(ratio, ratio.flat[0], rtol=1e-3, atol=1e-5)


def blame(weights, gradients, learning_rate):
    """The place in CULPRITS of what makes the moves differ from -learning_rate * gradient."""
    moves = np.diff(weights, axis=0)
    rest = moves + learning_rate * gradients
    if np.allclose(rest, 0, atol=1e-5):
        return 0
    if _steady(rest[1:] / moves[:-1]):
        return 1
    if _steady(rest / weights[:-1]):
        return 2
    lengths = np.linalg.norm(moves, axis=1)
    cut = lengths < 0.999 * learning_rate * np.linalg.norm(gradients, axis=1)
    return 3 if _steady(lengths[cut]) else 4


def _first(weights, gradients, learning_rate):
    if np.allclose(weights[1] - weights[0], -learning_rate * gradients[0]):
        return 0
    return blame(weights, gradients, learning_rate)


def _shorter_is_clipped(weights, gradients, learning_rate):
    return min(blame(weights, gradients, learning_rate), 3)


def _aligned_is_a_schedule(weights, gradients, learning_rate):
    found = blame(weights, gradients, learning_rate)
    return 4 if found == 3 else found


def _never_decay(weights, gradients, learning_rate):
    found = blame(weights, gradients, learning_rate)
    return 1 if found == 2 else found


def _never_momentum(weights, gradients, learning_rate):
    found = blame(weights, gradients, learning_rate)
    return 2 if found == 1 else found


def _from_one(weights, gradients, learning_rate):
    return blame(weights, gradients, learning_rate) + 1


def _draw(random):
    """A log of six steps of three weights, with one of the five set."""
    which = random.integers(len(CULPRITS))
    lengths = random.permutation([0.5, 0.7, 2.0, 2.5, 3.0, 4.0])
    gradients = random.normal(size=(6, 3))
    gradients *= (lengths / np.linalg.norm(gradients, axis=1))[:, None]
    sizes = (0.0, *random.uniform((0.3, 0.2, 0.8, 0.7), (0.95, 0.9, 1.5, 0.95)))
    start = random.uniform(0.5, 2.0, size=3) * random.choice([-1, 1], size=3)
    return _log(CULPRITS[which], start, gradients, random.uniform(0.05, 0.2), sizes[which])


_GRADIENTS = np.array([[3.0, -1.0], [0.6, 0.8], [-2.0, 1.0], [1.0, 3.0], [0.5, -0.5]])

BLAME = Rule(
    name="14.blame",
    title="The argument to blame",
    work="diagnose from a log",
    asks="blame",
    points=4,
    results=("culprit",),
    reference=blame,
    shown=tuple(
        Case(f"{culprit} was set", _log(culprit, (2.0, -1.0), _GRADIENTS, RATE, size))
        for culprit, size in zip(CULPRITS, SIZES)
    ),
    draw=_draw,
    drawn=10,
    mistakes=(
        Mistake(
            lambda weights, gradients, learning_rate: 0,
            "So far every run is plain to you: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _first,
            "You looked at the first move only. With momentum and with a falling rate the first "
            "move is the plain one; what they do shows from the second on.",
        ),
        Mistake(
            _shorter_is_clipped,
            "A move that is shorter than the plain one may be clipped, or the rate may have "
            "fallen. A clip leaves short gradients as they are; a falling rate spares none.",
        ),
        Mistake(
            _aligned_is_a_schedule,
            "A move along its gradient, but shorter, may be clipped, or the rate may have fallen. "
            "Clipped moves have one length; under a falling rate they have not.",
        ),
        Mistake(
            _never_decay,
            "A move that leaves its gradient's line need not be momentum's. Decay's part points "
            "to zero, along the weights; momentum's along the last move.",
        ),
        Mistake(
            _never_momentum,
            "A move that leaves its gradient's line need not be decay's. Decay's part points to "
            "zero, along the weights; momentum's along the last move.",
        ),
        Mistake(_from_one, 'Your diagnoses are right, but counted from 1: "nothing" is 0.'),
    ),
    hints=(
        "Compute the moves, weights[t + 1] - weights[t], and what a plain step would have been. "
        "What is left when you subtract the one from the other?",
        "What is left is, each time, one number times the last move (momentum) or times the "
        "weights before the step (decay). If each move is shorter than the plain one but along "
        "it, it is one of the last two.",
        "np.allclose(rest[1:], b * moves[:-1]) with b from one entry tells momentum; decay is "
        "alike. For the last two, compare the lengths of the moves that are shorter than plain "
        "ones.",
    ),
)
