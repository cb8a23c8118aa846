"""02.spread, write the noise floor: The mean square after some steps, and for ever."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def square_and_floor(square, steps, learning_rate, curvature, variance, size):
    """The mean of w² after some steps with batches of `size`, and what it tends to."""
    for _ in range(steps):
        square = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance / size
    floor = learning_rate * variance / (size * curvature * (2 - learning_rate * curvature))
    return square, floor


def _spread_arguments(random):
    rate, curvature, variance = random.uniform((0.1, 0.3, 0.5), (0.6, 1.6, 3.0))
    square, steps, size = random.uniform(1, 9), random.integers(2, 9), random.integers(2, 9)
    return square, int(steps), rate, curvature, variance, int(size)


def _slip(after=None, floor=None):
    """A known mistake: what differs from the reference, of (s, n, eta, lam, var, B)."""

    def spread(*arguments):
        right = square_and_floor(*arguments)
        return (
            after(*arguments) if after else right[0],
            floor(*arguments) if floor else right[1],
        )

    return spread


def _repeat(square, steps, keep, add):
    for _ in range(steps):
        square = keep * square + add
    return square


_NOISE_ENTERS_TIMES_RATE = (
    "The noise enters w multiplied by the learning rate, so its mean square enters multiplied by "
    "learning_rate**2."
)
_SHRINKS_BY_THE_SQUARE = "w shrinks by 1 − ηλ in each step, so its square shrinks by (1 − ηλ)²."

CASES = (
    Case("before the first step", (4.0, 0, 0.5, 1.0, 3.0, 2)),
    Case("one step", (4.0, 1, 0.5, 1.0, 3.0, 2)),
    Case("two steps, each beyond the minimum", (4.0, 2, 0.5, 3.0, 1.0, 2)),
    Case("three steps on another curvature", (4.0, 3, 0.5, 0.4, 3.0, 2)),
)

KNOWN = (
    Mistake(
        lambda s, n, eta, lam, var, B: (s, s),
        "Nothing is computed yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        _slip(
            lambda s, n, eta, lam, var, B: _repeat(s, n, (1 - eta * lam) ** 2, eta * var / B),
            lambda s, n, eta, lam, var, B: var / (B * lam * (2 - eta * lam)),
        ),
        _NOISE_ENTERS_TIMES_RATE,
    ),
    Mistake(
        _slip(
            lambda s, n, eta, lam, var, B: _repeat(s, n, 1 - eta * lam, eta**2 * var / B),
            lambda s, n, eta, lam, var, B: eta * var / (B * lam),
        ),
        _SHRINKS_BY_THE_SQUARE,
    ),
    Mistake(
        lambda *arguments: square_and_floor(*arguments[:-1], 1),
        "The batch is missing: the mean of `size` examples has the variance variance / size.",
    ),
    Mistake(
        lambda *arguments: square_and_floor(*arguments[:-1], arguments[-1] ** 2),
        "You divided by size twice. The mean of `size` examples has the variance variance / size.",
    ),
    Mistake(
        lambda *arguments: square_and_floor(*arguments[:-1], arguments[-1] ** 0.5),
        "The error of a batch falls with √B. This is its square, which falls with B itself.",
    ),
    Mistake(
        lambda s, n, eta, lam, var, B: square_and_floor(s, n, eta, lam, var**2, B),
        "`variance` is σ² already; you squared it once more.",
    ),
    Mistake(
        lambda *arguments: tuple(np.sqrt(square_and_floor(*arguments))),
        "You took the roots: these are typical distances. The mean squares themselves are asked.",
    ),
    Mistake(
        lambda *arguments: tuple(
            arguments[3] / 2 * value for value in square_and_floor(*arguments)
        ),
        "These are mean losses, ½λ times what is asked: the mean squares of w themselves.",
    ),
    Mistake(
        lambda s, n, eta, lam, var, B: square_and_floor(s, n, eta, lam, var * B, 1),
        "You multiplied by size. A larger batch has less noise: variance / size.",
    ),
    Mistake(
        lambda *arguments: square_and_floor(*arguments)[::-1],
        "Both values are right, but swapped: return `after` first, then `floor`.",
    ),
)

AFTERS = {
    lambda *arguments: square_and_floor(*arguments)[0]: "The steps are right.",
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, (1 - eta * lam) ** 2, 0
    ): "Your steps add no noise: each adds η²σ²/B to what the shrinking leaves.",
    lambda s, n, eta, lam, var, B: (1 - eta * lam) ** (2 * n) * s + eta**2 * var / B: (
        "You added the noise once. Each step adds it, and later steps shrink what earlier"
        " ones added."
    ),
    lambda s, n, eta, lam, var, B: (1 - eta * lam) ** (2 * n) * s + n * eta**2 * var / B: (
        "You added up all the noise in full. The later steps shrink what the earlier ones"
        " added: go step by step."
    ),
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, (1 - eta * lam) ** 2, eta * var / B
    ): _NOISE_ENTERS_TIMES_RATE,
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, 1 - eta * lam, eta**2 * var / B
    ): _SHRINKS_BY_THE_SQUARE,
    lambda *arguments: square_and_floor(*arguments)[1]: (
        "`after` is the floor: it starts at `square`, and is still on its way there, step by step."
    ),
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, 1 - (eta * lam) ** 2, eta**2 * var / B
    ): "You squared ηλ. It is 1 − ηλ that is squared: (1 − ηλ)².",
    lambda s, n, eta, lam, var, B: (1 - eta * lam) ** 2 * s + eta**2 * var / B if n else s: (
        "`after` is that of one step: repeat it, each time from what the step before it left."
    ),
    lambda s, n, eta, lam, var, B: (1 - eta * lam) ** 2 * s + eta**2 * var / B: (
        "`after` is always that of one step: after 0 steps it is `square`, after more "
        "each goes on from what the step before it left."
    ),
    lambda s, n, eta, lam, var, B: (
        (1 - eta * lam) ** (2 * n) * s
        + sum((1 - eta * lam) ** (2 * k) for k in range(1, n + 1)) * eta**2 * var / B
    ): (
        "In a step the shrinking is first: the noise is added to what is left, and does "
        "not shrink in its own step."
    ),
    lambda s, n, eta, lam, var, B: (
        square_and_floor(0, 0, eta, lam, var, B)[1] + (1 - eta * lam) ** (2 * n) * s
    ): "In `after` it is the distance to the floor that shrinks, `square` − floor.",
    lambda s, n, eta, lam, var, B: (
        square_and_floor(0, 0, eta, lam, var, B)[1] * (1 - (1 - eta * lam) ** n)
        + (1 - eta * lam) ** n * s
    ): _SHRINKS_BY_THE_SQUARE,
    lambda s, n, eta, lam, var, B: (
        (1 - eta * lam) ** (2 * n) * (s - square_and_floor(0, 0, eta, lam, var, B)[1])
    ): ("`after` lacks the floor: what shrinks is the distance to it, and the floor itself stays."),
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, (1 - eta * lam) ** 2, (eta * lam) ** 2 * var / B
    ): (
        "In your steps the noise is multiplied by the curvature: it is added to the "
        "gradient, and enters w by the learning rate alone."
    ),
    lambda s, n, eta, lam, var, B: _repeat(s, n, (1 - eta * lam) ** 2, var / B): (
        "In your steps the noise enters in full: it is multiplied by the learning rate, "
        "and its mean square by η²."
    ),
    lambda s, n, eta, lam, var, B: _repeat(
        s, n, (1 - lam) ** 2, eta**2 * var / B
    ): "In your steps w shrinks by 1 − λ: the learning rate is missing.",
    lambda s, n, eta, lam, var, B: s * np.exp(-2 * eta * lam * n): (
        "`after` forgets the noise; and a step keeps (1 − ηλ)², which is exp(−2ηλ) only nearly."
    ),
    lambda s, n, eta, lam, var, B: s * (1 - eta * lam) ** n: (
        "Your steps add no noise, and shrink the square by 1 − ηλ only: (1 − ηλ)²."
    ),
    lambda s, n, eta, lam, var, B: square_and_floor(s, max(n - 1, 0), eta, lam, var, B)[0]: (
        "`after` is one step behind: range(steps)."
    ),
    lambda s, n, eta, lam, var, B: square_and_floor(s, n + 1, eta, lam, var, B)[0]: (
        "`after` is one step ahead: range(steps)."
    ),
    lambda s, n, eta, lam, var, B: square_and_floor(s, n, eta, lam, var, 1)[0] / B: (
        "In `after` you divided the start by size, too: only the noise has a batch."
    ),
    lambda s, n, eta, lam, var, B: (
        (1 - eta * lam) ** (2 * n) * s + (1 - (1 - eta * lam) ** (2 * n)) * eta**2 * var / B
    ): ("In `after` it is the floor that grows with 1 − (1 − ηλ)²ⁿ, not the noise of one step."),
    lambda s, n, eta, lam, var, B: _repeat(s, n, 1 - 2 * eta * lam, eta**2 * var / B): (
        "Your steps leave out the square of ηλ: (1 − ηλ)² is 1 − 2ηλ + η²λ²."
    ),
    lambda s, n, eta, lam, var, B: _repeat(s, n, 1 - eta * lam, eta * var / B): (
        "In your steps both are squared: w² shrinks by (1 − ηλ)², and the noise enters by η²."
    ),
}

FLOORS = {
    lambda *arguments: square_and_floor(*arguments)[1]: "The floor is right.",
    lambda s, n, eta, lam, var, B: eta * var / (2 * B * lam): (
        "Your floor holds for small ηλ only: put E w² on both sides of one step and keep "
        "the square of ηλ."
    ),
    lambda s, n, eta, lam, var, B: eta * var / (B * (2 - eta * lam)): (
        "The floor lacks the curvature: 1 − (1 − ηλ)² is ηλ(2 − ηλ), with a λ in front, too."
    ),
    lambda *arguments: square_and_floor(*arguments)[0]: (
        "`floor` is what the steps would reach without end, not what these few have reached."
    ),
    lambda s, n, eta, lam, var, B: eta**2 * var / B: (
        "Your floor is what one step adds. It should be the mean square that a step leaves "
        "as it was: it loses as much as is added."
    ),
    lambda s, n, eta, lam, var, B: eta * var / (B * lam): (
        "Your floor forgets the square: a step keeps (1 − ηλ)² of w², so it takes ηλ(2 − ηλ) of it."
    ),
    lambda s, n, eta, lam, var, B: (
        eta * var / (B * lam * (2 + eta * lam))
    ): "In the floor a sign is turned: 1 − (1 − ηλ)² is ηλ(2 − ηλ).",
    lambda s, n, eta, lam, var, B: (
        eta * var / (B * lam * (1 - eta * lam))
    ): "In the floor 1 − (1 − ηλ)² is ηλ(2 − ηλ), with a 2.",
    lambda s, n, eta, lam, var, B: (
        eta * var / B * lam * (2 - eta * lam)
    ): "In the floor λ(2 − ηλ) divides: put all that stands below into brackets.",
    lambda s, n, eta, lam, var, B: (
        eta * var / (2 * B * lam - eta * lam)
    ): "In the floor the brackets are missing: B λ multiplies the whole of 2 − ηλ.",
    lambda *arguments: 0.0: "The noise never stops, so the mean square does not settle at 0.",
}


def _with(after, floor):
    """The function with these two lines."""
    return lambda *arguments: (after(*arguments), floor(*arguments))


SPREAD = Rule(
    name="02.spread",
    title="The mean square after some steps, and for ever",
    asks="spread",
    points=3,
    results=("after", "floor"),
    reference=square_and_floor,
    shown=CASES,
    draw=_spread_arguments,
    mistakes=distinct(
        square_and_floor,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, AFTERS, FLOORS),
    ),
    hints=(
        "What does one step do to the mean square? It shrinks what is there, and it adds a little.",
        "One step: the new mean square is (1 − ηλ)² times the old one, plus η²σ²/B. Repeat it "
        "`steps` times. The floor is the value that a step leaves unchanged.",
        "In a loop: square = (1 - learning_rate * curvature)**2 * square + learning_rate**2 * "
        "variance / size. The floor is ησ²/(Bλ(2 − ηλ)).",
    ),
)
