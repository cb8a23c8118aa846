"""09.missing, predict a number: A layer that is not always used."""

from course.checks import slips
from course.checks.tasks import Mistake, Number

GRADIENTS = (8, None, None, 6, 2, 10)
START, K = 10.0, 2


def _weight(
    when_full="lost",
    while_collecting="zero",
    divisor=lambda there: K,
    late=0,
    groups=3,
    sign=-1,
):
    """The weight after the calls; each keyword is something that may be got wrong.

    when_full:        what becomes of a group whose last gradient is None: "lost", or it "steps".
    while_collecting: what a None before that does: it is "zero", or its group is "lost".
    divisor:          number of gradients that are there -> what the sum is divided by.
    late:             how many calls later a group begins.
    """
    weight, total = START, 0.0
    for begin in range(late, len(GRADIENTS) - K + 1, K)[:groups]:
        first, last = GRADIENTS[begin : begin + K]
        there = [each for each in (first, last) if each is not None]
        total += sum(there)
        if last is None and when_full != "steps":
            total = 0.0
            continue
        if first is not None or while_collecting == "zero":
            weight += sign * total / divisor(len(there))
        total = 0.0
    return weight


SLIPS = (
    (
        {"when_full": "steps"},
        "You let the 8 of call 1 count. Call 2 updates, and there the gradient is None: the "
        "weight rests, and what was collected is thrown away.",
    ),
    (
        {"while_collecting": "lost"},
        "You threw away group 2 as well. Call 3 only collects: there a None counts as zero, and "
        "call 4 updates.",
    ),
    (
        {"divisor": lambda there: there},
        "The 6 of call 4 is divided by 2 all the same: a None on a call that only collects "
        "counts as zero.",
    ),
    (
        {"divisor": lambda there: 1},
        "You stepped with the sums. Keras steps with the mean, so divide by 2.",
    ),
    ({"groups": 2}, "There is a third group: calls 5 and 6."),
    ({"sign": 1}, "Mind the sign: a step goes against the gradient."),
    (
        {"late": 1},
        "Your groups begin one call late: calls 1 and 2 are the first group, so call 2 updates.",
    ),
)

MISSING = Number(
    name="09.missing",
    title="A layer that is not always used",
    asks="last_weight",
    points=0,
    reference=_weight(),
    mistakes=slips.of_number(
        _weight,
        SLIPS,
        Mistake(-16.0, "You stepped at each call. With k = 2 every second call steps."),
        Mistake(
            10 - (8 + 6) / 2 - (2 + 10) / 2 - 0.5,
            "You left the None out and grouped what is there. The groups are of calls, not of "
            "gradients.",
        ),
    ),
    hints=(
        "Put the six calls into three groups. Which call of each collects, and which one updates?",
        "A None on a call that collects counts as zero. A None on the call that updates freezes "
        "the weight, and the group's sum is thrown away.",
        "Group 1 is lost; group 2 steps by (0 + 6)/2 = 3. Group 3 is an ordinary one.",
    ),
)
