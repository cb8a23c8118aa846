"""10.scales, write the dynamic scale: Follow the scale."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake

LARGEST = 65504.0


def dynamic_scales(sizes, scale, growth_steps):
    """The scale at each call as `LossScaleOptimizer` changes it, and how many calls it skips.

    sizes: the largest gradient of each call, unscaled.
    """
    path, skipped, good = [], 0, 0
    for size in sizes:
        path.append(scale)
        if size * scale <= LARGEST:
            good = good + 1
            if good == growth_steps:
                scale, good = scale * 2, 0
        else:
            scale, good, skipped = scale / 2, 0, skipped + 1
    return path, skipped


def _scales_with(
    fits=lambda size, scale: size * scale <= LARGEST,
    after_skip=lambda good: 0,
    after_growth=lambda good: 0,
    due=lambda good, growth: good == growth,
    up=2.0,
    down=2.0,
):
    """A known mistake: what differs from the reference."""

    def scales(sizes, scale, growth):
        path, skipped, good = [], 0, 0
        for size in sizes:
            path.append(scale)
            if not fits(size, scale):
                scale, good, skipped = scale / down, after_skip(good), skipped + 1
                continue
            good += 1
            if due(good, growth):
                scale, good = scale * up, after_growth(good)
        return path, skipped

    return scales


def _then_path(change):
    """A known mistake: the right (scales, skipped), changed with the arguments at hand."""

    def scales(sizes, scale, growth):
        # What the scale is after the last call, one call more shows.
        longer, _ = dynamic_scales([*sizes, 0.0], scale, growth)
        return change(longer, dynamic_scales(sizes, scale, growth)[1], len(sizes))

    return scales


def _try_again(sizes, scale, growth):
    path, skipped, good = [], 0, 0
    for size in sizes:
        while size * scale > LARGEST or (np.isnan(size) and good):
            scale, good, skipped = scale / 2, 0, skipped + 1
        path.append(scale)
        good += 1
        if good == growth:
            scale, good = scale * 2, 0
    return path, skipped


def _every_nth_call(sizes, scale, growth):
    path, skipped = [], 0
    for call, size in enumerate(sizes, start=1):
        path.append(scale)
        if not size * scale <= LARGEST:
            scale, skipped = scale / 2, skipped + 1
        elif call % growth == 0:
            scale = scale * 2
    return path, skipped


def _scales_arguments(random):
    # Powers of two apart by at least a half, so that no product is near the edge.
    growth, calls = int(random.integers(2, 5)), 14
    sizes = 2.0 ** (random.integers(-3, 2, size=calls) + random.uniform(0.2, 0.8, size=calls))
    sizes[random.integers(4, 7)] = 2.0**9.3
    sizes[random.integers(8, 12)] = np.nan
    return sizes, float(2.0 ** random.integers(13, 17)), growth


_GENTLE = np.full(7, 0.1)
_NAN_PASSES = (
    "A nan gets through: every comparison with nan is False. Ask whether the largest gradient is "
    "finite and fits, and skip otherwise."
)


def _observe(arguments, yours, expected):
    sizes, scale, growth = arguments
    wrong = np.flatnonzero(yours[0] != expected[0])
    if not wrong.size:
        return f"The scales are right here; {expected[1]:g} calls do not fit, and you count " + (
            f"{yours[1]:g}."
        )
    call = int(wrong[0])
    if call == 0:
        return f"The first call uses the scale that comes in, {scale:g}."
    return (
        f"Call {call + 1} is the first with another scale here: yours is {yours[0][call]:g}. In "
        f"call {call} size * scale was {sizes[call - 1] * expected[0][call - 1]:.6g}."
    )


SCALES = Observed(
    name="10.scales",
    title="Follow the scale",
    asks="scales",
    points=3,
    results=("scales", "skipped"),
    reference=dynamic_scales,
    shown=(
        Case("all goes well, growth_steps=3", (_GENTLE, 1024.0, 3)),
        Case("one gradient is too large", (np.array([0.1, 0.1, 100.0, 0.1, 0.1, 0.1]), 1024.0, 3)),
        Case(
            "one too large, straight after a doubling", (np.array([40.0, 40.0, 40, 40]), 1024.0, 2)
        ),
        Case("one gradient is nan", (np.array([0.1, np.nan, 0.1]), 1024.0, 3)),
        Case("exactly 65504 still fits", (np.array([63.96875, 0.1]), 1024.0, 3)),
        Case("65528 does not fit", (np.array([63.9921875, 0.1]), 1024.0, 3)),
        Case("huge gradients, and a scale below 1", (np.array([1e5, 4e4, 2e5, 1.0]), 0.5, 3)),
        Case("far too high, growth_steps=1", (np.array([1.0, 1.0, 1.0, 1.0, 1.0]), 262144.0, 1)),
    ),
    draw=_scales_arguments,
    mistakes=(
        Mistake(
            lambda sizes, scale, growth: (np.full(len(sizes), scale), 0),
            "The scale never changes yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _then_path(lambda longer, skipped, calls: (longer[1:], skipped)),
            "You noted each scale after the call had changed it. The call itself used the one "
            "before: note it first.",
        ),
        Mistake(
            _then_path(lambda longer, skipped, calls: (longer, skipped)),
            "One scale too many: the last one belongs to a call that is not there.",
        ),
        Mistake(
            _then_path(lambda longer, skipped, calls: (longer[:-1], calls - skipped)),
            "The scales are right. But you counted the calls that were not skipped.",
        ),
        Mistake(
            _then_path(lambda longer, skipped, calls: (longer[:-1], 0)),
            "The scales are right. Count the skipped calls, too.",
        ),
        Mistake(
            _then_path(lambda longer, skipped, calls: (longer[-1], skipped)),
            "You return the last scale only. One for each call is wanted.",
        ),
        Mistake(
            lambda *arguments: dynamic_scales(*arguments)[::-1],
            "The two values are right, but swapped: return the scales first.",
        ),
        Mistake(_scales_with(fits=lambda size, scale: not size * scale > LARGEST), _NAN_PASSES),
        Mistake(
            _scales_with(fits=lambda size, scale: not size * scale >= LARGEST),
            _NAN_PASSES + " (And 65504 itself still fits.)",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size * scale < LARGEST),
            "Almost: 65504 is float16's largest number, so it still fits.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size * scale < 65536),
            "Your limit is 65536, two to the power of 16. float16's largest number is 65504.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size * scale <= 65536),
            "Your limit is 65536, two to the power of 16. float16's largest number is 65504.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: not size * scale >= 65536),
            _NAN_PASSES + " (And float16's largest number is 65504.)",
        ),
        Mistake(
            _scales_with(up=4.0),
            "Your scale grows by 4: a doubling is wanted.",
        ),
        Mistake(
            _scales_with(down=4.0),
            "Your scale falls to a quarter after a skipped call: half of it is wanted.",
        ),
        Mistake(
            _scales_with(due=lambda good, growth: good % growth == 1),
            "You double at the first good call of each row: growth_steps good calls come first.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size <= LARGEST),
            "You compare the true gradient with 65504. It is the scaled one that float16 has to "
            "hold: size * scale.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size / scale <= LARGEST),
            "You divided by the scale. Backpropagation runs with the scaled loss, so its gradients "
            "are size * scale.",
        ),
        Mistake(
            _scales_with(fits=lambda size, scale: size == size and not np.isinf(size)),
            "You only ask whether something is finite. In float64 nearly all is; float16 ends at "
            "65504, and it has to hold size * scale.",
        ),
        Mistake(
            _scales_with(after_skip=lambda good: good),
            "Your count goes on after a skipped call. growth_steps good calls *in a row* are "
            "wanted, so a skipped call sets it back to 0.",
        ),
        Mistake(
            _scales_with(after_skip=lambda good: good + 1),
            "You count a skipped call as a good one. It sets the count back to 0.",
        ),
        Mistake(
            _scales_with(after_growth=lambda good: good, due=lambda good, growth: good >= growth),
            "After its first doubling your scale doubles at every call: set the count back to 0.",
        ),
        Mistake(
            _scales_with(after_growth=lambda good: good),
            "Your scale doubles once and then no more: set the count back to 0 after a doubling.",
        ),
        Mistake(
            _scales_with(due=lambda good, growth: good > growth),
            "One call too late: after growth_steps good calls, the next one has twice the scale.",
        ),
        Mistake(
            _scales_with(due=lambda good, growth: good >= growth - 1),
            "One call too early: growth_steps good calls are wanted before the scale is doubled.",
        ),
        Mistake(
            _scales_with(after_growth=lambda good: 1),
            "After a doubling your count starts at 1. The call that doubles belongs to the old "
            "count: start at 0.",
        ),
        Mistake(
            _scales_with(after_skip=lambda good: 1),
            "After a skipped call your count starts at 1, as if it had been a good one: start at "
            "0.",
        ),
        Mistake(
            _scales_with(up=0.5, down=0.5),
            "You have it the wrong way round: too large means halve, and good calls double.",
        ),
        Mistake(
            _scales_with(up=1.0),
            "It halves, but never doubles: growth_steps good calls in a row double the scale.",
        ),
        Mistake(
            _scales_with(down=1.0),
            "It doubles, but never halves: after a skipped call, the next one has half the scale.",
        ),
        Mistake(
            _try_again,
            "You halve until the gradient fits, within one call. A call is not tried again: it is "
            "skipped, and the next one has half the scale.",
        ),
        Mistake(
            _every_nth_call,
            "You double at every call whose number growth_steps divides. Count the good calls "
            "since the scale last changed.",
        ),
    ),
    observe=_observe,
    hints=(
        "You need two things from call to call: the scale, and a count. What sets the count back?",
        "For each size: note the scale; then ask whether size * scale is finite and at most 65504. "
        "If not: halve, skip, count from 0. If so: count, and perhaps double.",
        "Write the good case as `if size * scale <= 65504:` (nan fails it, too), with "
        "good = good + 1, and if good == growth_steps: scale = scale * 2; good = 0.",
    ),
)
