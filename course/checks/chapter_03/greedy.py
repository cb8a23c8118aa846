"""03.greedy, write the best next step: The best next step."""

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def _best_next(square, curvature, variance):
    learning_rate = curvature * square / (curvature**2 * square + variance)
    left = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance
    return learning_rate, left


def mean_after_step(learning_rate, square, curvature, variance):
    """The mean of w² after one step, where it was `square`; `variance` is the gradient's."""
    return (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance


_SQUARE_ALREADY = "`square` is the mean of w² already; you squared it once more."

CASES = (
    Case("curvature 1", (3.0, 1.0, 2.0)),
    Case("the same, far away", (98.0, 1.0, 2.0)),
    Case("a flatter side", (16.0, 0.5, 1.0)),
    Case("more noise", (16.0, 0.5, 12.0)),
)

KNOWN = (
    Mistake(
        lambda square, lam, var: (1.0, square),
        "Nothing is chosen yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        lambda *arguments: _best_next(*arguments)[::-1],
        "The two values are right, but swapped: return the learning rate first.",
    ),
)

RATES = {
    lambda square, lam, var: lam * square / (lam**2 * square + var): "The rate is right.",
    lambda square, lam, var: 1 / lam: (
        "1/λ steps right into the minimum, where there is no noise. Here it brings in all"
        " of the step's noise: the rate must depend on the variance."
    ),
    lambda square, lam, var: square / (lam**2 * square + var): (
        "One λ is missing above: the derivative of (1 - ηλ)² is -2λ(1 - ηλ), and its λ stays."
    ),
    lambda square, lam, var: (
        lam * square / (lam * square + var)
    ): "One λ is missing below: (1 - ηλ) carries a λ, and its derivative one more.",
    lambda square, lam, var: (
        square / (lam * square + var)
    ): "The λ of the chain rule is missing: the derivative of (1 - ηλ)² is -2λ(1 - ηλ).",
    lambda square, lam, var: square / (square + var): (
        "This is the rate for the curvature 1. For any other, w shrinks by 1 - ηλ, and "
        "the derivative brings one more λ."
    ),
    lambda square, lam, var: lam * square / (lam**2 * square - var): (
        "The variance has the wrong sign. Set -2λ(1 - ηλ)·square + 2η·variance to zero, "
        "and bring both parts with η to one side."
    ),
    lambda square, lam, var: 2 * lam * square / (2 * lam**2 * square + var): (
        "The derivative of η² is 2η: the noise brings its 2, too, and then all of them cancel."
    ),
    lambda square, lam, var: (
        lam * square / (lam**2 * square + var**2)
    ): "`variance` is σ² already; you squared it once more.",
    lambda square, lam, var: lam * square**2 / (lam**2 * square**2 + var): _SQUARE_ALREADY,
    lambda square, lam, var: lam * square / (lam**2 * square**2 + var): _SQUARE_ALREADY,
    lambda square, lam, var: 2 / lam: (
        "This is the edge, at which the step leads as far to the other side. The best "
        "rate lies below 1/λ."
    ),
    lambda square, lam, var: (
        lam * square / (lam**2 * square) + var
    ): "Python divides before it adds: put all that stands below into brackets.",
    lambda square, lam, var: (
        lam * square / lam**2 * square + var
    ): "Python goes from left to right: put all that stands below into brackets.",
    lambda square, lam, var: (
        var / (lam**2 * square + var)
    ): "Above stands the noise. Where there is more of it, the best step is shorter.",
    lambda square, lam, var: (
        lam * var / (lam**2 * square + var)
    ): "Above stands the noise. Where there is more of it, the best step is shorter.",
    lambda square, lam, var: lam * square / var: (
        "You left out η in 1 - ηλ when you differentiated: -2λ(1 - ηλ)·square holds one, too."
    ),
    lambda square, lam, var: 0.5 * _best_next(square, lam, var)[0]: (
        "Half of the best rate: differentiating either square brings a 2, and they cancel."
    ),
    lambda square, lam, var: (
        2 * _best_next(square, lam, var)[0]
    ): "Twice the best rate: differentiating either square brings a 2, and they cancel.",
    lambda square, lam, var: 1 / (lam + var): (
        "Your rate does not know `square`: far away a long step pays, near the minimum "
        "noise counts for more."
    ),
    lambda square, lam, var: lam * square / (lam**2 + var): (
        "Below, `square` is missing beside λ²: the derivative of (1 - ηλ)²·square holds it."
    ),
    lambda square, lam, var: lam * square / (square + var): (
        "Below, λ² is missing beside `square`: one λ is that of 1 - ηλ, the other comes "
        "by the chain rule."
    ),
    lambda square, lam, var: (
        lam * square / (lam**2 * square + var) ** 2
    ): "Below is a square too much.",
    lambda square, lam, var: 1 / (lam + var**0.5): (
        "Your rate does not know `square`: far away a long step pays, near the minimum noise "
        "counts for more."
    ),
    lambda square, lam, var: square**0.5 / (lam * square**0.5 + var**0.5): (
        "No roots: the mean square after the step is made of `square` and `variance` themselves."
    ),
    lambda square, lam, var: lam**2 * square / (lam**2 * square + var): (
        "One λ too much above: the derivative of (1 - ηλ)² is -2λ(1 - ηλ), with one in front."
    ),
    lambda square, lam, var: square / (lam * (square + var)): (
        "Beside `square` stands λ², beside the variance nothing: look at your brackets."
    ),
    lambda square, lam, var: lam * square / (lam**2 * square + 2 * var): (
        "The derivative of (1 - ηλ)² brings a 2 as well: both cancel."
    ),
    lambda square, lam, var: (lam * square + var) / (lam**2 * square): (
        "The variance has come to the wrong side: more noise makes the best step shorter."
    ),
    lambda square, lam, var: (square - var) / (lam * square): (
        "The variance has come to the wrong side: bring both parts with η to one side first."
    ),
}

LEFTS = {
    mean_after_step: "",
    lambda eta, square, lam, var: mean_after_step(
        eta, square**2, lam, var
    ): "In `left` you squared `square`, which is the mean of w² already.",
    lambda eta, square, lam, var: lam / 2 * mean_after_step(eta, square, lam, var): (
        "You return the mean loss, ½λ times what is asked: `left` is the mean of w² itself."
    ),
    lambda eta, square, lam, var: (
        (1 - eta * lam) ** 2 * square
    ): "The step brings in its own noise, too: add η² times the variance.",
    lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + eta * var: (
        "The noise enters w multiplied by η, so the mean of its square enters multiplied by η²."
    ),
    lambda eta, square, lam, var: (1 - eta * lam) * square + eta**2 * var: (
        "`left` is too large by η² times the variance. Is (1 - ηλ)² there with its square? Is the "
        "noise there once?"
    ),
    lambda eta, square, lam, var: (
        1 / square + lam**2 / var
    ): "`left` stands on its head: you have one over it.",
    lambda eta, square, lam, var: (
        square / (lam**2 * square + var)
    ): "To what is left one factor is missing: without any noise nothing must be left.",
    lambda eta, square, lam, var: (
        (1 - eta * lam) ** 2 * square + eta**2 * var**2
    ): "In `left` you squared the variance, which is σ² already.",
    lambda eta, square, lam, var: (
        square
    ): "`left` is the mean square after the step, and you return the one before it.",
    lambda eta, square, lam, var: eta**2 * var: (
        "`left` holds the new noise alone: what the step leaves of the distance is missing."
    ),
    lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + eta**2 * var**0.5: (
        "In `left` you took the root of the variance: it is a mean square, as `left` is."
    ),
    lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + eta**2 * var * square: (
        "In `left` the noise is multiplied by `square`: the two parts are added, no more."
    ),
    lambda eta, square, lam, var: (1 - eta * lam) ** 2 * (square + eta**2 * var): (
        "In `left` the new noise shrinks, too: it is added to what is left. Look at your brackets."
    ),
    lambda eta, square, lam, var: (1 - eta) ** 2 * square + eta**2 * var: (
        "In `left` the curvature is missing: w shrinks by 1 - ηλ."
    ),
    lambda eta, square, lam, var: (1 - eta * lam**2) ** 2 * square + eta**2 * var: (
        "In `left` the curvature is there once too often: w shrinks by 1 - ηλ."
    ),
    lambda eta, square, lam, var: eta * var: (
        "`left` has a factor too little: what is left of the distance, and η² times the variance."
    ),
    lambda eta, square, lam, var: 0.0: "The step brings in noise, so something is left.",
    lambda eta, square, lam, var: var: (
        "You return the variance of the gradient: it enters by η², and what is left of "
        "the distance is added."
    ),
    lambda eta, square, lam, var: (
        (1 + eta * lam) ** 2 * square + eta**2 * var
    ): "In `left` the step goes away from the minimum: 1 - ηλ.",
    lambda eta, square, lam, var: (
        (1 - eta * lam) ** 2 * square - eta**2 * var
    ): "Noise makes the mean square larger: it is added.",
    lambda *arguments: (
        mean_after_step(*arguments) ** 0.5
    ): "You took the root: `left` is the mean square itself.",
    lambda eta, square, lam, var: (1 - eta * lam) ** 2 * square + (eta * lam) ** 2 * var: (
        "In `left` the noise is multiplied by the curvature: it is added to the gradient,"
        " and enters w by η alone."
    ),
}


def _with(rate, left):
    """The function with these two lines."""

    def best_next(square, curvature, variance):
        learning_rate = rate(square, curvature, variance)
        return learning_rate, left(learning_rate, square, curvature, variance)

    return best_next


GREEDY = Rule(
    name="03.greedy",
    title="The best next step",
    asks="best_next",
    points=3,
    results=("learning_rate", "left"),
    reference=_best_next,
    shown=CASES,
    draw=lambda random: tuple(random.uniform((2.0, 0.2, 0.3), (20.0, 2.0, 5.0))),
    mistakes=distinct(
        _best_next,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, RATES, LEFTS),
    ),
    hints=(
        "Write down the mean of w² after one step, for any η. It has two parts: what is left of "
        "the distance, and new noise.",
        "It is (1 - ηλ)²·square + η²·variance. Differentiate by η, and look where that is zero.",
        "-2λ(1 - ηλ)·square + 2η·variance = 0 gives η = λ·square / (λ²·square + variance). Put "
        "this η into the line above for `left`.",
    ),
)
