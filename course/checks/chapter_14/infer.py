"""14.infer, write a function: The numbers behind a log: η and β from a run."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import next_velocity


def _log(velocity, gradients, learning_rate, momentum):
    """The moves of the ball over these gradients, from a velocity; both as arrays."""
    moves = []
    for gradient in gradients:
        velocity = next_velocity(velocity, gradient, learning_rate, momentum)
        moves.append(velocity)
    return np.array(moves).round(12), np.array(gradients, dtype=float)


def infer(moves, gradients):
    """move[t] = momentum * move[t - 1] - learning_rate * gradient[t], for each t but the first."""
    terms = np.stack([-gradients[1:], moves[:-1]], axis=1)
    return tuple(np.linalg.lstsq(terms, moves[1:], rcond=None)[0])


def _solved(terms, moves):
    return np.linalg.lstsq(terms, moves, rcond=None)[0]


def _from_rest(moves, gradients):
    learning_rate = -moves[0] / gradients[0]
    return learning_rate, (moves[1] + learning_rate * gradients[1]) / moves[0]


def _late_gradient(moves, gradients):
    return tuple(_solved(np.stack([-gradients[:-1], moves[:-1]], axis=1), moves[1:]))


def _uphill(moves, gradients):
    learning_rate, momentum = infer(moves, gradients)
    return -learning_rate, momentum


def _averaged(moves, gradients):
    learning_rate, momentum = infer(moves, gradients)
    return learning_rate / (1 - momentum), momentum


def _dampened(moves, gradients):
    learning_rate, momentum = infer(moves, gradients)
    return learning_rate * (1 - momentum), momentum


def _plain(moves, gradients):
    return np.mean(-moves / gradients), 0.0


def _friction(moves, gradients):
    learning_rate, momentum = infer(moves, gradients)
    return learning_rate, 1 - momentum


def _ratio_of_moves(moves, gradients):
    momentum = moves[1] / moves[0]
    return -(moves[2] - momentum * moves[1]) / gradients[2], momentum


def _first_plain_then_the_rest(moves, gradients):
    learning_rate = np.mean(-moves / gradients)
    return learning_rate, np.mean((moves[1:] + learning_rate * gradients[1:]) / moves[:-1])


def _backwards(moves, gradients):
    unknowns = np.stack([-gradients[:-1], moves[1:]], axis=1)
    return tuple(np.linalg.lstsq(unknowns, moves[:-1], rcond=None)[0])


def _swapped(moves, gradients):
    return infer(moves, gradients)[::-1]


def _draw(random):
    """A run of five steps in which the two unknowns can be told apart well."""
    while True:
        velocity, *gradients = random.normal(size=6).round(2)
        given = random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)
        moves, gradients = _log(velocity, gradients, *given)
        terms = np.stack([-gradients[1:], moves[:-1]], axis=1)
        if np.linalg.cond(terms) < 5 and np.abs([*moves, *gradients]).min() > 0.05:
            return moves, gradients


INFER = Rule(
    name="14.infer",
    title="The numbers behind a log",
    work="write",
    asks="infer",
    points=3,
    results=("learning_rate", "momentum"),
    reference=infer,
    shown=(
        Case("a run that was watched from its start", _log(0.0, (2.0, -2.0, 3.0), 0.1, 0.5)),
        Case("a run in mid-flow", _log(-1.0, (2.0, -1.0, 3.0), 0.1, 0.9)),
        Case("a run with little momentum", _log(-1.0, (2.0, -1.0, 3.0, 1.0), 0.2, 0.25)),
    ),
    draw=_draw,
    mistakes=(
        Mistake(
            lambda moves, gradients: (0.0, 0.0),
            "Nothing is found yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _from_rest,
            "You took the first move for one from rest, without a velocity before it. The log "
            "begins in mid-run: only later moves have a known move before them.",
        ),
        Mistake(
            _late_gradient,
            "Each move goes with the gradient of its own step, the one measured where the step "
            "began; you paired it with the gradient before.",
        ),
        Mistake(
            _uphill,
            "The momentum is right; mind the sign of the learning rate: a move goes against its "
            "gradient.",
        ),
        Mistake(
            _averaged,
            "The momentum is right. You divided by 1 - momentum, as for an average of gradients; "
            "Keras's velocity takes the full gradient.",
        ),
        Mistake(
            _dampened,
            "The momentum is right. You multiplied by 1 - momentum, as for an average of "
            "gradients; Keras's velocity takes the full gradient.",
        ),
        Mistake(
            _plain,
            "These are the numbers of plain descent. If there is momentum, a part of the last "
            "move is in each move.",
        ),
        Mistake(
            _friction,
            "The learning rate is right. You returned what friction takes, 1 - momentum; momentum "
            "is what is left of the velocity.",
        ),
        Mistake(
            _ratio_of_moves,
            "The ratio of two moves is the momentum only where the gradient is 0. Both unknowns "
            "are in each move: solve for them together.",
        ),
        Mistake(
            _first_plain_then_the_rest,
            "You found the learning rate as if there were no momentum, and the momentum from what "
            "was left. Both unknowns are in each move: solve for them together.",
        ),
        Mistake(
            _backwards,
            "You made each move of the one after it. It is the other way round: each is made of "
            "the move before it and of its own gradient.",
        ),
        Mistake(_swapped, "Both numbers are right, but swapped: the learning rate comes first."),
    ),
    hints=(
        "Write down what one step does to the velocity. Without constraints, a move is the new "
        "velocity: which two known numbers stand in it, and which two unknown ones?",
        "move[t] = momentum * move[t - 1] - learning_rate * gradient[t]. One such equation has two "
        "unknowns; how many do you have?",
        "Take t = 1 and t = 2: two linear equations for two unknowns; np.linalg.solve, or "
        "np.linalg.lstsq with all of them.",
    ),
)
