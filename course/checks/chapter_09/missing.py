"""09.missing, predict a number: A layer that is not always used."""

from course.checks.tasks import Mistake, Number

GRADIENTS = (8, None, None, 6, 2, 8)

MISSING = Number(
    name="09.missing",
    title="A layer that is not always used",
    asks="last_weight",
    points=0,
    reference=2.0,
    mistakes=(
        Mistake(
            -2.0,
            "You let the 8 of call 1 count. Call 2 updates, and there the gradient is None: the "
            "weight rests, and what was collected is thrown away.",
        ),
        Mistake(
            -1.0,
            "The 6 of call 4 is divided by 2 all the same: a None on a call that only collects "
            "counts as zero.",
        ),
        Mistake(
            -9.0,
            "You divided by the number of gradients that are there. The divisor is always k; and "
            "a None on an updating call throws the group away.",
        ),
        Mistake(
            5.0,
            "You threw away both groups that have a None. Call 3 only collects: there a None "
            "counts as zero, and call 4 updates.",
        ),
        Mistake(
            1.0,
            "You have the groups the other way round: call 2 updates, not call 3. Its None freezes "
            "the weight; that of call 3, which only collects, counts as zero.",
        ),
        Mistake(
            -6.0,
            "You stepped with the sums. Keras steps with the mean, so divide by 2.",
        ),
        Mistake(-14.0, "You stepped at each call. With k = 2 every second call steps."),
        Mistake(7.0, "There is a third group: calls 5 and 6."),
    ),
    hints=(
        "Put the six calls into three groups. Which call of each collects, and which one updates?",
        "A None on a call that collects counts as zero. A None on the call that updates freezes "
        "the weight, and the group's sum is thrown away.",
        "Group 1 is lost; group 2 steps by (0 + 6)/2 = 3. Group 3 is an ordinary one.",
    ),
)
