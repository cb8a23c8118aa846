"""09.call, write one call: One call, whether it updates or not."""

import numpy as np

from course.checks.calling import agree, say
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _accumulated_call(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient
    if (calls + 1) % k == 0:
        w = w - learning_rate * accumulator / k
        accumulator = np.zeros_like(accumulator)
    return w, accumulator


def _call_with(push=None, empty=None, due=None):
    """A known mistake: another gradient to step with, another rest, or another turn.

    push:  (accumulator, gradient, calls, k) -> what is multiplied by -learning_rate.
    empty: (accumulator, gradient) -> the accumulator after an update.
    due:   (calls, k) -> whether this call updates.
    """

    def call(w, accumulator, gradient, calls, k, learning_rate):
        if not (due(calls, k) if due else (calls + 1) % k == 0):
            return w, accumulator + gradient
        step = push(accumulator, gradient, calls, k) if push else (accumulator + gradient) / k
        rest = empty(accumulator, gradient) if empty else 0 * accumulator
        return w - learning_rate * step, rest

    return call


def _moves_at_each_call(part):
    """A known mistake: every call moves the weights, by a part (of k) of its gradient."""

    def call(w, accumulator, gradient, calls, k, learning_rate):
        rest = (accumulator + gradient) * ((calls + 1) % k > 0)
        return w - learning_rate * gradient * part(k), rest

    return call


def _is_full(calls, k):
    return (calls + 1) % k == 0


def _without_rate(w, accumulator, gradient, calls, k, learning_rate):
    return _accumulated_call(w, accumulator, gradient, calls, k, 1.0)


def _collects_nothing(w, accumulator, gradient, calls, k, learning_rate):
    right = _accumulated_call(w, accumulator, gradient, calls, k, learning_rate)
    return right if _is_full(calls, k) else (w, accumulator)


def _keeps_the_last(w, accumulator, gradient, calls, k, learning_rate):
    right = _accumulated_call(w, accumulator, gradient, calls, k, learning_rate)
    return right if _is_full(calls, k) else (w, gradient)


def _keeps_the_mean(w, accumulator, gradient, calls, k, learning_rate):
    moved, rest = _accumulated_call(w, accumulator, gradient, calls, k, learning_rate)
    return moved, (accumulator + gradient) / k if _is_full(calls, k) else rest


def _moves_by_the_sum(w, accumulator, gradient, calls, k, learning_rate):
    total = accumulator + gradient
    return w - learning_rate * total / k, total * (not _is_full(calls, k))


def _divides_while_it_adds(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient / k
    if (calls + 1) % k:
        return w, accumulator
    return w - learning_rate * accumulator, 0 * accumulator


def _divides_twice(w, accumulator, gradient, calls, k, learning_rate):
    return _accumulated_call(w, accumulator, gradient / k, calls, k, learning_rate)


def _keeps_a_mean(w, accumulator, gradient, calls, k, learning_rate):
    mean = (accumulator * (calls % k) + gradient) / (calls % k + 1)
    full = _is_full(calls, k)
    return w - learning_rate * mean * full, mean * (not full)


def _collects_steps(w, accumulator, gradient, calls, k, learning_rate):
    total, full = accumulator - learning_rate * gradient, _is_full(calls, k)
    return w + total / k * full, total * (not full)


def _call_arguments(random):
    k, group = int(random.integers(2, 12)), int(random.integers(1, 9))
    # A group's first call, its last, or another; never in the first group, which hides slips.
    calls = k * group + (0, k - 1, int(random.integers(k)))[random.integers(3)]
    w, accumulator, gradient = random.normal(size=(3, 2))
    return w, accumulator * (calls % k > 0), gradient, calls, k, random.uniform(0.1, 0.9)


def _observe(arguments, yours, expected):
    w, accumulator, gradient, calls, k, learning_rate = arguments
    moved = not agree(yours[:1], [np.asarray(w, dtype=float)])
    if not _is_full(calls, k):
        if moved:
            return f"This is call {calls + 1} with k = {k}: it only collects, and w must stay."
        return "This call only collects: the gradient must be added to what is there, and no more."
    if not moved:
        return f"This is call {calls + 1} with k = {k}: it must update, and your w has not moved."
    if not agree(yours[:1], expected[:1]):
        return (
            f"The group's sum is {say(accumulator + gradient)} here, its mean is "
            f"{say((accumulator + gradient) / k)}, and the learning rate {learning_rate:.4g}; your "
            f"w moved by {say(yours[0] - w)}."
        )
    return "Your w is right here, but after an update the accumulator must be empty."


CALL = Observed(
    name="09.call",
    title="One call, whether it updates or not",
    asks="accumulated_call",
    points=3,
    results=("w", "accumulator"),
    zeros=("accumulator",),
    reference=_accumulated_call,
    shown=(
        Case("the first call of three", (5.0, 0.0, 2.0, 0, 3, 0.5)),
        Case("the second call", (5.0, 2.0, 3.0, 1, 3, 0.5)),
        Case("the third call", (5.0, 5.0, 7.0, 2, 3, 0.5)),
        Case("the fourth call", (3.0, 0.0, 1.0, 3, 3, 0.5)),
    ),
    draw=_call_arguments,
    mistakes=(
        Mistake(
            lambda w, accumulator, *rest: (w, accumulator),
            "Nothing happens yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a + g),
            "You step with the sum, as a PyTorch loop does that calls backward() k times. Keras "
            "steps with the mean: divide by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a / k),
            "The last gradient of the group is lost. It is one of the k: add it before you step.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: g),
            "You step with the last gradient alone. The mean over the whole group is wanted.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a + g / k),
            "You divide the last gradient only. The sum of all k is divided by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) / (calls + 1)),
            "You divide by the number of all calls so far. Only the k gradients since the last "
            "update are in the sum.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) / (k - 1)),
            "You divide by the calls that only collect. The gradient of the updating call is in "
            "the sum, too: divide by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: -(a + g) / k),
            "Your step goes uphill: the gradient points up, so subtract.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) / (k + 1)),
            "You divide by k + 1. There are k gradients in the sum.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) * k),
            "You multiply by k. The mean of k gradients is their sum divided by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: g / k),
            "You step with this call's gradient alone. The sum of the whole group is wanted: "
            "accumulator and gradient.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a / k + g),
            "You divide the old sum only. The gradient of this call is one of the k: add it first, "
            "then divide.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a - g) / k),
            "You subtract this call's gradient from the sum. Add it, as those before it.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a, empty=lambda a, g: g),
            "This call's gradient comes too late: it is one of the group. Add it before you step, "
            "and divide the sum by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a / k, empty=lambda a, g: g),
            "You step first, and then add this call's gradient. It is one of the group: add it "
            "before you step.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: 0),
            "You empty the accumulator before you step, so there is nothing left to step with.",
        ),
        Mistake(
            _keeps_the_mean,
            "Your w is right, but the mean is kept. The next group must begin with an empty "
            "accumulator.",
        ),
        Mistake(
            _without_rate,
            "The learning rate is missing in your step.",
        ),
        Mistake(
            _collects_nothing,
            "A call that does not update must add its gradient to the accumulator.",
        ),
        Mistake(
            _keeps_the_last,
            "Your accumulator holds this call's gradient alone: add it to what is there.",
        ),
        Mistake(
            _moves_by_the_sum,
            "You move at each call, by the sum so far. Nothing may move within a group: its k "
            "gradients are taken at the same weights.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: (calls + 1) % k != 0),
            "The wrong way round: you update where the group is not full. It is full when "
            "(calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls % k != 0),
            "You ask whether `calls` is no multiple of k. The group is full when (calls + 1) % k "
            "is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: (calls + 2) % k == 0),
            "Your update comes one call early. `calls` counts those before this one, so with this "
            "one there are calls + 1.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls == k),
            "You update only once, and one call late. Every k-th call updates: (calls + 1) % k is "
            "0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls >= k),
            "After the first group you update at each call. Every k-th call does: (calls + 1) % k "
            "is 0.",
        ),
        Mistake(
            lambda w, a, g, calls, k, eta: (w, a + g),
            "You collect, and never update. Every k-th call steps, and empties the accumulator.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: a + g),
            "Your w is right, but the sum is still in the accumulator that you return. Empty it in "
            "the call that updates.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: g),
            "Your w is right, but this gradient has had its say: the next group begins with an "
            "empty accumulator, not with it.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: a),
            "Your w is right, but the old sum is kept. The next group must begin with an empty "
            "accumulator.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls % k == 0),
            "You update on the first call of a group, with nothing collected yet. `calls` counts "
            "those before this one, so the group is full when (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls > 0 and calls % k == 0),
            "Your update comes one call late. `calls` counts those before this one, so the group "
            "is full when (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls + 1 == k),
            "Only the first group is ever used. Every k-th call updates: (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls + 1 >= k),
            "After the first group you update at each call. Every k-th call does: (calls + 1) % k "
            "is 0.",
        ),
        Mistake(
            _divides_while_it_adds,
            "You divide while you add. The accumulator that comes in is a plain sum: keep it so, "
            "and divide when you step.",
        ),
        Mistake(
            _divides_twice,
            "You divide while you add, and once more when you step. The accumulator is a plain "
            "sum: divide when you step.",
        ),
        Mistake(
            _keeps_a_mean,
            "Your accumulator is a running mean. Keras keeps the plain sum, and divides when it "
            "steps.",
        ),
        Mistake(
            _collects_steps,
            "You collect steps, - learning_rate * gradient. The accumulator is the plain sum of "
            "the gradients: the learning rate comes in when you step.",
        ),
        Mistake(
            _moves_at_each_call(lambda k: 1 / k),
            "You move at each call, by a k-th. Nothing may move within a group: its k gradients "
            "are taken at the same weights.",
        ),
        Mistake(
            _moves_at_each_call(lambda k: 1),
            "You move at each call. That is plain SGD: with accumulation only every k-th call "
            "moves the weights.",
        ),
        Mistake(
            lambda *arguments: _accumulated_call(*arguments)[::-1],
            "The two values are right, but swapped: return w first, then the accumulator.",
        ),
    ),
    observe=_observe,
    hints=(
        "What does every call do, whether it updates or not? And what do only some do?",
        "Every call adds its gradient to the accumulator. If (calls + 1) % k is 0, the group is "
        "full: step, and empty the accumulator.",
        "accumulator = accumulator + gradient; if the group is full: w = w - learning_rate * "
        "accumulator / k, and then accumulator = 0 * accumulator.",
    ),
)
