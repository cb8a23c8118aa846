"""03.greedy, write the best next step: The best next step."""

from course.checks.tasks import Case, Mistake, Rule


def _best_next(square, curvature, variance):
    learning_rate = curvature * square / (curvature**2 * square + variance)
    left = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance
    return learning_rate, left


def mean_after_step(learning_rate, square, curvature, variance):
    """The mean of w² after one step, where it was `square`; `variance` is the gradient's."""
    return (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance


def _with_rate(rate):
    """A known mistake in the rate; the mean square that follows from it is right."""

    def best_next(square, curvature, variance):
        learning_rate = rate(square, curvature, variance)
        return learning_rate, mean_after_step(learning_rate, square, curvature, variance)

    return best_next


def _with_left(left):
    """A known mistake in what is left; the rate is right."""

    def best_next(square, curvature, variance):
        learning_rate, _ = _best_next(square, curvature, variance)
        return learning_rate, left(learning_rate, square, curvature, variance)

    return best_next


_SQUARE_ALREADY = "`square` is the mean of w² already; you squared it once more."

GREEDY = Rule(
    name="03.greedy",
    title="The best next step",
    asks="best_next",
    points=3,
    results=("learning_rate", "left"),
    reference=_best_next,
    shown=(
        Case("curvature 1", (3.0, 1.0, 2.0)),
        Case("the same, far away", (98.0, 1.0, 2.0)),
        Case("a flatter side", (16.0, 0.5, 1.0)),
        Case("more noise", (16.0, 0.5, 12.0)),
    ),
    draw=lambda random: tuple(random.uniform((2.0, 0.2, 0.3), (20.0, 2.0, 5.0))),
    mistakes=(
        Mistake(
            lambda square, lam, var: (1.0, square),
            "Nothing is chosen yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 1 / lam),
            "1/λ steps right into the minimum, where there is no noise. Here it brings in all of "
            "the step's noise: the rate must depend on the variance.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: square / (lam**2 * square + var)),
            "One λ is missing above: the derivative of (1 - ηλ)² is -2λ(1 - ηλ), and its λ stays.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam * square + var)),
            "One λ is missing below: (1 - ηλ) carries a λ, and its derivative one more.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: square / (lam * square + var)),
            "The λ of the chain rule is missing: the derivative of (1 - ηλ)² is -2λ(1 - ηλ).",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: square / (square + var)),
            "This is the rate for the curvature 1. For any other, w shrinks by 1 - ηλ, and the "
            "derivative brings one more λ.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 * square - var)),
            "The variance has the wrong sign. Set -2λ(1 - ηλ)·square + 2η·variance to zero, and "
            "bring both parts with η to one side.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 2 * lam * square / (2 * lam**2 * square + var)),
            "The derivative of η² is 2η: the noise brings its 2, too, and then all of them cancel.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 * square + var**2)),
            "`variance` is σ² already; you squared it once more.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square**2 / (lam**2 * square**2 + var)),
            _SQUARE_ALREADY,
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 * square**2 + var)),
            _SQUARE_ALREADY,
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: mean_after_step(eta, square**2, lam, var)),
            "The rate is right. In `left` you squared `square`, which is the mean of w² already.",
        ),
        Mistake(
            _with_left(
                lambda eta, square, lam, var: lam / 2 * mean_after_step(eta, square, lam, var)
            ),
            "The rate is right. But you return the mean loss, ½λ times what is asked: `left` is "
            "the mean of w² itself.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square),
            "The rate is right. But the step brings in its own noise, too: add η² times the "
            "variance.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + eta * var),
            "The rate is right. The noise enters w multiplied by η, so the mean of its square "
            "enters multiplied by η².",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: (1 - eta * lam) * square + eta**2 * var),
            "The rate is right. w shrinks by 1 - ηλ, so its square shrinks by (1 - ηλ)².",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: 1 / square + lam**2 / var),
            "The rate is right. The other number is one over what is left: turn it upside down.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: square / (lam**2 * square + var)),
            "The rate is right. To what is left one factor is missing: without any noise nothing "
            "must be left.",
        ),
        Mistake(
            _with_left(
                lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + eta**2 * var**2
            ),
            "The rate is right. In `left` you squared the variance, which is σ² already.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: square),
            "The rate is right. But `left` is the mean square after the step, and you return the "
            "one before it.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 2 / lam),
            "This is the edge, at which the step leads as far to the other side. The best rate "
            "lies below 1/λ.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 * square) + var),
            "Python divides before it adds: put all that stands below into brackets.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / lam**2 * square + var),
            "Python goes from left to right: put all that stands below into brackets.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: var / (lam**2 * square + var)),
            "Above stands the noise. Where there is more of it, the best step is shorter.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * var / (lam**2 * square + var)),
            "Above stands the noise. Where there is more of it, the best step is shorter.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / var),
            "You left out η in 1 - ηλ when you differentiated: -2λ(1 - ηλ)·square holds one, too.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 0.5 * _best_next(square, lam, var)[0]),
            "Half of the best rate: differentiating either square brings a 2, and they cancel.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 2 * _best_next(square, lam, var)[0]),
            "Twice the best rate: differentiating either square brings a 2, and they cancel.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: 1 / (lam + var)),
            "Your rate does not know `square`: far away a long step pays, near the minimum noise "
            "counts for more.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 + var)),
            "Below, `square` is missing beside λ²: the derivative of (1 - ηλ)²·square holds it.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (square + var)),
            "Below, λ² is missing beside `square`: one λ is that of 1 - ηλ, the other comes by the "
            "chain rule.",
        ),
        Mistake(
            _with_rate(lambda square, lam, var: lam * square / (lam**2 * square + var) ** 2),
            "Below is a square too much.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: eta**2 * var),
            "The rate is right. `left` holds the new noise alone: what the step leaves of the "
            "distance is missing.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: 0.0),
            "The rate is right. But the step brings in noise, so something is left.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: var),
            "The rate is right. You return the variance of the gradient: it enters by η², and what "
            "is left of the distance is added.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: (1 + eta * lam) ** 2 * square + eta**2 * var),
            "The rate is right. In `left` the step goes away from the minimum: 1 - ηλ.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square - eta**2 * var),
            "The rate is right. Noise makes the mean square larger: it is added.",
        ),
        Mistake(
            _with_left(lambda *arguments: mean_after_step(*arguments) ** 0.5),
            "The rate is right. You took the root: `left` is the mean square itself.",
        ),
        Mistake(
            _with_left(
                lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + (eta * lam) ** 2 * var
            ),
            "The rate is right. In `left` the noise is multiplied by the curvature: it is added to "
            "the gradient, and enters w by η alone.",
        ),
        Mistake(
            lambda *arguments: _best_next(*arguments)[::-1],
            "The two values are right, but swapped: return the learning rate first.",
        ),
    ),
    hints=(
        "Write down the mean of w² after one step, for any η. It has two parts: what is left of "
        "the distance, and new noise.",
        "It is (1 - ηλ)²·square + η²·variance. Differentiate by η, and look where that is zero.",
        "-2λ(1 - ηλ)·square + 2η·variance = 0 gives η = λ·square / (λ²·square + variance). Put "
        "this η into the line above for `left`.",
    ),
)
