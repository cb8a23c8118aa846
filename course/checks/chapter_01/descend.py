"""01.descend, write the rule: Some steps down a bowl."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent


def _descend(w, curvatures, learning_rate, steps):
    for _ in range(steps):
        w = gradient_descent(w, curvatures * w, learning_rate)
    return w


def _steps_of(move, more=0):
    """A known mistake: `steps` steps, or some more, each with a wrong (w, lam, eta) -> w."""

    def descend(w, lam, eta, steps):
        for _ in range(steps + more):
            w = move(w, lam, eta)
        return w

    return descend


def _path(w, lam, eta, steps, first=0):
    """A known mistake: the weights after `first` steps, after one more, and so on to the last."""
    return [_descend(w, lam, eta, taken) for taken in range(first, steps + 1)]


def _right_move(w, lam, eta):
    return gradient_descent(w, lam * w, eta)


def _descend_arguments(random):
    w, curvatures = random.normal(size=3), random.uniform(0.2, 3, size=3)
    return w, curvatures, random.uniform(0.1, 0.9), int(random.integers(3, 8))


_ONLY_THE_LAST = "You returned the whole path. Only the weights after the last step are asked."

CASES = (
    Case("one weight, one step", (4.0, 0.5, 0.4, 1)),
    Case("one weight, three steps", (4.0, 0.5, 0.4, 3)),
    Case(
        "two weights, three steps: the steep one flips sides",
        (np.array([4.0, -2.0]), np.array([0.5, 3.0]), 0.5, 3),
    ),
)

KNOWN = (
    Mistake(
        lambda w, lam, eta, steps: w,
        "Nothing has moved yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w + eta * lam * w),
        "Your weights climb: the gradient points uphill, so subtract it.",
    ),
    Mistake(
        lambda w, lam, eta, steps: _descend(w, lam, eta, 1),
        "What comes out is one step; `steps` of them are asked. In a loop each must start from "
        "the w that the step before it left, and `return` stands after the loop.",
    ),
    Mistake(_steps_of(_right_move, more=1), "You took one step too many: use range(steps)."),
    Mistake(_steps_of(_right_move, more=-1), "You took one step too few: use range(steps)."),
    Mistake(
        lambda w, lam, eta, steps: w - steps * eta * lam * w,
        "All your steps use the gradient of the start. Each must use the gradient where it "
        "begins, so compute it anew inside the loop.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * w),
        "Your gradient is w, as if every curvature were 1. The derivative of ½λw² is λw.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam),
        "You subtracted the curvature, which is the second derivative. The gradient is the "
        "first: λw.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam * w / 2),
        "Your gradient is half of what it should be: differentiating w² brings a 2, which "
        "the ½ cancels.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - 2 * eta * lam * w),
        "Your gradient is twice what it should be: the ½ in the loss cancels the 2 that "
        "differentiating w² brings.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam * w**2 / 2),
        "You subtracted the loss itself. The step needs its gradient, the derivative by w.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - lam * w),
        "The learning rate is missing: multiply the gradient by it before you subtract.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam * w / np.linalg.norm(lam * w)),
        "All your steps are learning_rate long. The rate is not the length of a step: it "
        "multiplies the gradient, whatever its length.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * np.sum(lam * w)),
        "You summed the slopes of all weights, so each weight goes the same way. Each has a "
        "slope of its own: leave out the sum.",
    ),
    Mistake(_path, _ONLY_THE_LAST),
    Mistake(lambda *arguments: _path(*arguments, first=1), _ONLY_THE_LAST),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam * w**2),
        "Your gradient is λw². Differentiating ½λw² leaves one w less: λw.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: eta * lam * w),
        "You kept the step and lost the weights: the step is subtracted from them.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * w / lam),
        "You divided by the curvature. The slope of ½λw² grows with it: λw.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * (lam + w)),
        "You added curvature and weight. The slope of ½λw² is their product.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * lam**2 * w),
        "The curvature is in your gradient twice. The derivative of ½λw² has it once.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * np.sign(lam * w)),
        "You took the sign of the gradient alone: where it is steeper, the step is longer.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: w - eta * np.mean(lam * w)),
        "You averaged the slopes of all weights, so each weight goes the same way. Each has a "
        "slope of its own: leave out the mean.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: np.abs(w - eta * lam * w)),
        "You made the weights positive. A steep one may well flip sides: leave its sign.",
    ),
    Mistake(
        _steps_of(lambda w, lam, eta: np.maximum(w - eta * lam * w, 0)),
        "You stop at 0. A step that is long enough leads to the other side: let it.",
    ),
    Mistake(
        lambda w, lam, eta, steps: np.sum(lam * _descend(w, lam, eta, steps) ** 2) / 2,
        "This is the loss after the last step. The weights themselves are asked.",
    ),
    Mistake(
        lambda w, lam, eta, steps: lam * _descend(w, lam, eta, steps),
        "This is the gradient after the last step. The weights themselves are asked.",
    ),
    Mistake(
        lambda w, lam, eta, steps: w * (1 - eta * lam) * steps,
        "You multiplied by `steps`. Each step multiplies w by 1 − ηλ once more: a power.",
    ),
    Mistake(
        lambda w, lam, eta, steps: w * (1 - (eta * lam) ** steps),
        "You took the power of ηλ. Each step multiplies w by 1 − ηλ: the power is of that.",
    ),
    Mistake(
        lambda w, lam, eta, steps: w * (1 - eta * lam**steps),
        "You took the power of λ. Each step multiplies w by 1 − ηλ: the power is of that.",
    ),
    Mistake(
        lambda w, lam, eta, steps: w * np.exp(-eta * lam * steps),
        "This is a ball that slides without steps. A step multiplies w by 1 − ηλ, which is "
        "exp(−ηλ) only nearly, for small ηλ.",
    ),
    Mistake(
        lambda w, lam, eta, steps: _descend(w, lam, eta, 3),
        "You always take three steps. How many is for `steps` to say.",
    ),
)

GRADIENTS = {
    lambda w, lam: lam * w: "",
    lambda w, lam: w: "The slope of ½λw² is λw: the curvature is missing.",
    lambda w, lam: lam: "The slope of ½λw² is λw: the weight is missing.",
    lambda w, lam: 2 * lam * w: "The slope of ½λw² is λw: the ½ cancels the 2.",
    lambda w, lam: lam * w**2: "The slope of ½λw² is λw, with one w.",
    lambda w, lam: lam * w / 2: "The slope of ½λw² is λw, without the ½.",
    lambda w, lam: np.max(lam) * w: "Each weight has a curvature of its own, not the largest.",
    lambda w, lam: lam * np.abs(w): "The slope has the sign of w: to its left it is negative.",
    lambda w, lam: lam * np.sum(w): "Each weight has a slope of its own: leave out the sum.",
}

#: The way that is taken with a gradient.
WAYS = {
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - eta * g(u, lam), w, steps): "",
    lambda g, w, lam, eta, steps: _repeated(lambda u: u + eta * g(u, lam), w, steps): (
        "The step is subtracted: the gradient points uphill."
    ),
    lambda g, w, lam, eta, steps: w - eta * g(w, lam): "What comes out is one step of `steps`.",
    lambda g, w, lam, eta, steps: w - steps * eta * g(w, lam): (
        "Each step must use the gradient where it begins."
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - g(u, lam), w, steps): (
        "The learning rate is missing."
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - eta * g(u, lam), w, steps + 1): (
        "You took one step too many: range(steps)."
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - eta * g(u, lam), w, steps - 1): (
        "You took one step too few: range(steps)."
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: w - eta * g(u, lam), w, steps): (
        "Each step is subtracted from the weights where it begins, not from those of the start."
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - eta * g(u, lam), w, 2 * steps): (
        "You took twice as many steps: is the step in your loop twice?"
    ),
    lambda g, w, lam, eta, steps: _repeated(lambda u: u - eta * g(u, lam), w, steps) / steps: (
        "You divided by the number of steps: the weights after the last one are asked."
    ),
    lambda g, w, lam, eta, steps: (w - eta * g(w, lam)) / steps: (
        "What comes out is one step, divided by `steps`: take them one after another."
    ),
    lambda g, w, lam, eta, steps: _falling(lambda u, rate: u - rate * g(u, lam), w, eta, steps): (
        "Your learning rate falls from step to step: it stays as it came in."
    ),
}


def _repeated(step, w, steps):
    for _ in range(steps):
        w = step(w)
    return w


def _falling(step, w, eta, steps):
    for taken in range(steps):
        w = step(w, eta / (taken + 1))
    return w


def _with(gradient, way):
    """A walk with this gradient, taken this way."""
    return lambda *arguments: way(gradient, *arguments)


DESCEND = Rule(
    name="01.descend",
    title="Some steps down a bowl",
    asks="descend",
    points=3,
    results=("w",),
    reference=_descend,
    shown=CASES,
    draw=_descend_arguments,
    mistakes=distinct(
        _descend,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, GRADIENTS, WAYS),
    ),
    hints=(
        "What is the slope of ½λw² at w? And where is the slope of the second step taken?",
        "One step is: the weights minus the learning rate times the gradient. Repeat it, each "
        "time with the gradient of the new weights.",
        "In a loop over range(steps): w = w - learning_rate * curvatures * w. Return w after it.",
    ),
)
