"""Exercise 10, loss scaling: two repairs, a rule, a prediction, a picture and a goal."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.sgd import clip_by_norm

# ---- 1, repair a number format -------------------------------------------------------


def _stored(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    exponent = max(np.floor(np.log2(value)), 1 - bias)
    spacing = 2.0 ** (exponent - fraction_bits)
    rounded = np.round(value / spacing) * spacing
    largest = (2 - 2.0**-fraction_bits) * 2.0**bias
    return np.inf if rounded > largest else rounded


def _stored_with(
    lowest=1,
    rounding=np.round,
    largest=lambda bias, bits: (2 - 2.0**-bits) * 2**bias,
    whole=np.floor,
):
    """A known mistake: another lowest exponent (plus bias), rounding, largest number, or floor."""

    def store(value, exponent_bits, fraction_bits):
        bias = 2 ** (exponent_bits - 1) - 1
        exponent = max(whole(np.log2(value)), lowest - bias)
        spacing = 2.0 ** (exponent - fraction_bits)
        rounded = rounding(value / spacing) * spacing
        return np.inf if rounded > largest(bias, fraction_bits) else rounded

    return store


def _anything(bias, bits):
    """No largest number."""
    return np.inf


def _then(change):
    """A known mistake: the right answer, changed."""

    def store(value, exponent_bits, fraction_bits):
        smallest = 2.0 ** (2 - 2 ** (exponent_bits - 1))
        largest = (2 - 2.0**-fraction_bits) * 2.0 ** (2 ** (exponent_bits - 1) - 1)
        right = _stored(value, exponent_bits, fraction_bits)
        return change(value, right, smallest, largest)

    return store


def _half_up(numbers):
    return np.floor(numbers + 0.5)


def _stored_arguments(random):
    exponent_bits, fraction_bits = (int(bits) for bits in random.integers((3, 2), (5, 6)))
    bias = 2 ** (exponent_bits - 1) - 1
    # From below the smallest number to above the largest, but on no edge.
    size = 2.0 ** random.uniform(-bias - fraction_bits - 1, bias + 2)
    return float(size), exponent_bits, fraction_bits


_NO_END = 0 - np.inf  # an exponent that may be as small as it likes
_ONE_LEFT = "One fault is left: "

STORED = Rule(
    name="10.stored",
    title="A number in a few bits",
    asks="stored",
    points=2,
    results=("stored",),
    reference=_stored,
    shown=(
        Case("1.3 in 3 + 2 bits", (1.3, 3, 2)),
        Case("0.33 in 4 + 3 bits", (0.33, 4, 3)),
        Case("0.1 in 3 + 2 bits, below its smallest normal number", (0.1, 3, 2)),
        Case("0.02 in 3 + 2 bits, nearer to 0 than to any other", (0.02, 3, 2)),
        Case("9 in 3 + 2 bits, a tie", (9.0, 3, 2)),
        Case("11 in 3 + 2 bits, a tie", (11.0, 3, 2)),
        Case("14.5 in 3 + 2 bits", (14.5, 3, 2)),
        Case("15.5 in 3 + 2 bits", (15.5, 3, 2)),
        Case("20 in 3 + 2 bits", (20.0, 3, 2)),
        Case("140000 in float16, 5 + 10 bits", (140000.0, 5, 10)),
        Case("140000 in bfloat16, 8 + 7 bits", (140000.0, 8, 7)),
    ),
    draw=_stored_arguments,
    mistakes=(
        Mistake(
            _stored_with(_NO_END, np.floor, _anything),
            "Nothing is repaired yet: try a small value, a large one, and one just below the next "
            "number of the format.",
        ),
        Mistake(
            _stored_with(whole=int),
            "int cuts towards 0, so below 1 your exponent is one too large: -1.6 becomes -1. Take "
            "np.floor, which makes -2 of it.",
        ),
        Mistake(
            lambda value, exponent_bits, fraction_bits: float(np.float16(value)),
            "This is NumPy's float16, for any number of bits: the format is to have those that are "
            "asked for.",
        ),
        Mistake(
            _stored_with(_NO_END, np.round, _anything),
            "The rounding is right now. Two faults are left, one at each end: below the smallest "
            "normal number, and above the largest.",
        ),
        Mistake(
            _stored_with(1, np.floor, _anything),
            "The small end is right now. Two faults are left: a format takes the *nearest* number, "
            "and above its largest comes inf.",
        ),
        Mistake(
            _stored_with(_NO_END, np.floor),
            "The large end is right now. Two faults are left: a format takes the *nearest* number, "
            "and below the smallest normal one the spacing shrinks no more.",
        ),
        Mistake(
            _stored_with(1, np.round, _anything),
            _ONE_LEFT + "exponents end at bias. What is rounded to more than the largest number "
            "becomes inf.",
        ),
        Mistake(
            _stored_with(_NO_END),
            _ONE_LEFT + "exponents end at 1 - bias, too. Below, the spacing stays what it is "
            "there, and at last everything is rounded to 0.",
        ),
        Mistake(
            _stored_with(1, np.floor),
            _ONE_LEFT + "np.floor cuts off, a format takes the nearest number: np.round.",
        ),
        Mistake(
            _stored_with(1, np.ceil),
            "You round up everything. A format takes the nearest number, above or below.",
        ),
        Mistake(
            _stored_with(1, _half_up),
            "Almost: you round every tie up. A tie goes to the even multiple, as np.round does it.",
        ),
        Mistake(
            _stored_with(0),
            "Nearly: your smallest exponent is one too small. The smallest *normal* number is 2 to "
            "the power of 1 - bias, and the subnormal ones have its spacing.",
        ),
        Mistake(
            _stored_with(2),
            "Nearly: your smallest exponent is one too large. The smallest normal number is 2 to "
            "the power of 1 - bias.",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: 0.0 if value < smallest else right),
            "You let everything below the smallest normal number become 0. There are still "
            "subnormal numbers there, at the spacing of the smallest exponent.",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: max(right, smallest)),
            "You raise small values to the smallest normal number. It is the exponent that stops "
            "there; the value is still rounded with that spacing.",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: min(right, largest)),
            "You stop at the largest number. Above it a format has only inf.",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: np.inf if value > largest else right),
            "You compare the value before it is rounded. Just above the largest number a value is "
            "still rounded down to it: compare what comes out.",
        ),
        Mistake(
            _stored_with(1, np.round, lambda bias, bits: 2.0**bias),
            "Your largest number is the smallest one of the last exponent: its fraction can still "
            "grow to nearly 2, in steps of 1/2**fraction_bits.",
        ),
        Mistake(
            _stored_with(1, np.round, lambda bias, bits: 2.0 ** (bias + 1)),
            "Nearly: 2 to the power of bias + 1 is itself no number of the format any more. Its "
            "exponent is the one that is kept for inf.",
        ),
        Mistake(
            _stored_with(1, np.round, lambda bias, bits: (2 - 2.0**-bits) * 2.0 ** (bias + 1)),
            "Your largest number is twice too large: the highest exponent is kept for inf and nan, "
            "so the last one in use is bias.",
        ),
        Mistake(
            _stored_with(1, np.round, lambda bias, bits: (2 - 2.0**-bits) * 2.0 ** (bias - 1)),
            "Your largest number is half of what it should be: the last exponent in use is bias "
            "itself.",
        ),
    ),
    hints=(
        "Try `stored(0.1, 3, 2)` and go on halving the value; then double it. What should happen "
        "at either end, and what does?",
        "Three lines: the exponent may not fall below 1 - bias, the quotient goes to the nearest "
        "whole number, and what comes out may be too large for the format.",
        "max(..., 1 - bias) around the exponent; np.round for np.floor; and at the end inf where "
        "the result is above (2 - 2.0**-fraction_bits) * 2.0**bias.",
    ),
)

# ---- 2, predict a number -------------------------------------------------------------

LOOP = Number(
    name="10.loop",
    title="A loop of your own",
    asks="new_weight",
    points=0,
    reference=0.975,
    mistakes=(
        Mistake(
            0.9,
            "So it would be if the loss had been scaled. This loop never calls scale_loss, and "
            "`apply` divides all the same.",
        ),
        Mistake(
            -0.6,
            "You left out both the division and the clip: outside of `fit`, `apply` still does its "
            "half of the scaling.",
        ),
        Mistake(
            1 - 0.1 / 64,
            "You clipped first and divided by 64 then. Keras unscales before it clips.",
        ),
        Mistake(0.75, "That is the right gradient. The step is learning_rate times it."),
        Mistake(1.025, "The size of the step is right, its sign is not: the weight goes downhill."),
        Mistake(0.025, "That is the size of the step. Where does it lead, from 1?"),
        Mistake(
            1 - 0.1 * 16 * 64,
            "You multiplied by the factor. That is what scale_loss would do to the loss; `apply` "
            "divides the gradient.",
        ),
        Mistake(1.0, "The step is small, but it is not 0."),
    ),
    hints=(
        "A scale has two halves. Which of them happens in this loop?",
        "Nobody multiplied the loss, so the gradient arrives as 16. Then `apply` does three things "
        "with it: which, in which order?",
        "16 / 64 = 0.25, which is shorter than the clip. The step is 0.1 times that.",
    ),
)

# ---- 3, put the stages in order ------------------------------------------------------


def _group_gradient(scaled, scales, clipnorm):
    gradients = [gradient / scale for gradient, scale in zip(scaled, scales)]
    mean = sum(gradients) / len(gradients)
    return mean * clipnorm / max(np.sqrt(np.sum(mean**2)), clipnorm)


def _mean(gradients):
    return sum(gradients) / len(gradients)


def _unscale_with(which):
    """A known mistake: the mean is taken first, and unscaled by one number for all."""

    def group(scaled, scales, clipnorm):
        return clip_by_norm(_mean(scaled) / which(scales), clipnorm)

    return group


def _each(change):
    """The arguments of one gradient -> its part of the mean."""

    def group(scaled, scales, clipnorm):
        return _mean([change(g, s, clipnorm) for g, s in zip(scaled, scales)])

    return group


def _group_arguments(random):
    # One gradient stands out, and the scale is halved in the group: every order tells.
    parts = random.normal(size=(3, 2)) * np.array([[0.5], [6.0], [0.5]]) + 0.3
    scales = [64.0, 64.0, 32.0] if random.random() < 0.5 else [128.0, 64.0, 64.0]
    return [g * s for g, s in zip(parts, scales)], scales, float(random.uniform(0.6, 1.2))


_A, _B = np.array([0.3, 0.4]), np.array([0.5, 0.0])

GROUP = Rule(
    name="10.group",
    title="Three stages in order",
    asks="group_gradient",
    points=2,
    results=("gradient",),
    reference=_group_gradient,
    pure=True,
    shown=(
        Case("a single gradient, of length 0.5", ([1024 * _A], [1024.0], 1.0)),
        Case("a single gradient, of length 5", ([1024 * 10 * _A], [1024.0], 1.0)),
        Case("two, of which one is far too long", ([8 * _B, 8 * 100 * _A], [8.0, 8.0], 1.0)),
        Case("two, and the scale is halved between them", ([8 * _B, 4 * _A], [8.0, 4.0], 1.0)),
    ),
    draw=_group_arguments,
    mistakes=(
        Mistake(
            lambda scaled, scales, c: _mean([clip_by_norm(g, c) for g in scaled]) / scales[-1],
            "Nothing is in order yet. Ask of each stage: does it need gradients in their true "
            "unit?",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(_mean(scaled), c) / scales[-1],
            "The mean is clipped now, and not each gradient. But it is still a scaled one, far too "
            "long for a threshold in the gradient's unit; and each gradient has its own scale.",
        ),
        Mistake(
            _each(lambda g, s, c: clip_by_norm(g / s, c)),
            "Unscaling comes first, as it should. But you clip each gradient of the group; Keras "
            "clips their mean.",
        ),
        Mistake(
            _each(lambda g, s, c: clip_by_norm(g, c) / s),
            "You clip before you unscale: these gradients are still as long as the scale makes "
            "them, so nearly all are cut, and then divided.",
        ),
        Mistake(
            _unscale_with(lambda scales: scales[-1]),
            "The mean is taken of gradients in two units. The scale may change within a group: "
            "divide each gradient by its own.",
        ),
        Mistake(
            _unscale_with(lambda scales: scales[0]),
            "You divide all by the first scale. It may change within a group: divide each gradient "
            "by its own.",
        ),
        Mistake(
            _unscale_with(np.mean),
            "A mean scale does not undo two different ones: divide each gradient by its own before "
            "you take the mean.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(sum(g / s for g, s in zip(scaled, scales)), c),
            "You clip the sum of the group. Keras divides it by the number of gradients first.",
        ),
        Mistake(
            _each(lambda g, s, c: g / s),
            "The clip is missing: after the mean comes clip_by_norm.",
        ),
        Mistake(
            _unscale_with(lambda scales: 1.0),
            "The scales are not used at all: divide each gradient by its own.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(
                _mean([g * s for g, s in zip(scaled, scales)]), c
            ),
            "You multiplied by the scale once more. The gradients come scaled: divide.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(scaled[-1] / scales[-1], c),
            "Only the last gradient of the group is in your result. All of them are wanted.",
        ),
    ),
    hints=(
        "Which stages compare lengths or add gradients? Both are wrong on gradients that carry a "
        "scale.",
        "Unscale each gradient by its own scale, in the list. What is left is a mean and a clip; "
        "chapter 09 says which is first.",
        "gradients = [unscale(g, s) for g, s in zip(scaled, scales)], then mean, then "
        "clip_by_norm.",
    ),
)

# ---- 4, write the dynamic scale ------------------------------------------------------

LARGEST = 65504.0


def _scales(sizes, scale, growth_steps):
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
        longer, _ = _scales([*sizes, 0.0], scale, growth)
        return change(longer, _scales(sizes, scale, growth)[1], len(sizes))

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

SCALES = Rule(
    name="10.scales",
    title="Follow the scale",
    asks="scales",
    points=3,
    results=("scales", "skipped"),
    reference=_scales,
    shown=(
        Case("all goes well, growth_steps=3", (_GENTLE, 1024.0, 3)),
        Case("one gradient is too large", (np.array([0.1, 0.1, 100.0, 0.1, 0.1, 0.1]), 1024.0, 3)),
        Case(
            "one too large, straight after a doubling", (np.array([40.0, 40.0, 40, 40]), 1024.0, 2)
        ),
        Case("one gradient is nan", (np.array([0.1, np.nan, 0.1]), 1024.0, 3)),
        Case("exactly 65504 still fits", (np.array([63.96875, 0.1]), 1024.0, 3)),
        Case("huge gradients, and a scale below 1", (np.array([1e5, 4e4, 2e5, 1.0]), 0.5, 3)),
        Case("far too high, growth_steps=1", (np.array([1.0, 1.0, 1.0, 1.0, 1.0]), 262144.0, 1)),
    ),
    draw=_scales_arguments,
    mistakes=(
        Mistake(
            lambda sizes, scale, growth: (np.full(len(sizes), scale), 0),
            "The scale never changes yet: put your lines in place of the dots.",
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
            lambda *arguments: _scales(*arguments)[::-1],
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
            "You ask whether the true gradient is finite. The scaled one may overflow all the "
            "same: size * scale.",
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
    hints=(
        "You need two things from call to call: the scale, and a count. What sets the count back?",
        "For each size: note the scale; then ask whether size * scale is finite and at most 65504. "
        "If not: halve, skip, count from 0. If so: count, and perhaps double.",
        "Write the good case as `if size * scale <= 65504:` (nan fails it, too), with "
        "good = good + 1, and if good == growth_steps: scale = scale * 2; good = 0.",
    ),
)

# ---- 5, choose numbers that reach a goal ---------------------------------------------

CALLS, SKIPPED, USED, ROOM = 3000, 20, 0.99, 256.0


def training():
    """The largest gradient entry of each call of the run that the sheet describes."""
    noise = np.random.default_rng(10).normal(0, 0.5, CALLS)
    return 2.0 ** (3 - 16 * np.arange(CALLS) / CALLS + noise)


def _reach(initial_scale, growth_steps):
    """Whether few calls are skipped, and float16's range is used in most."""
    if initial_scale <= 0:
        return False, "initial_scale must be above 0."
    if growth_steps != int(growth_steps) or growth_steps < 1:
        return False, "growth_steps must be a whole number, 1 or more."
    sizes = training()
    path, skipped = _scales(sizes, initial_scale, int(growth_steps))
    used = np.mean(sizes * np.array(path) >= ROOM)
    if skipped <= SKIPPED and used >= USED:
        return True, ""
    too_many = f" ({SKIPPED} are allowed)" if skipped > SKIPPED else ""
    too_low = f" ({USED:.0%} are wanted)" if used < USED else ""
    return False, (
        f"{skipped} of {CALLS} calls are skipped{too_many}; {used:.1%} have a largest scaled "
        f"gradient of 256 or more{too_low}."
    )


GOAL = Goal(
    name="10.goal",
    title="A scale that keeps up",
    asks="search",
    points=2,
    results=("initial_scale", "growth_steps"),
    reach=_reach,
    reached=f"at most {SKIPPED} calls are skipped, and {USED:.0%} of all use float16's range",
    reference=(2.0**13, 150),
    mistakes=(
        Mistake(
            (2**15, 2000),
            "These are Keras's defaults. In a run of 3000 calls they double once; the gradients "
            "shrink by 2 to the power of 16.",
        ),
        Mistake(
            (2**15, 20),
            "The scale keeps up, but it tries its luck too often: at the top, about one call in "
            "growth_steps is skipped.",
        ),
        Mistake(
            (1, 150),
            "From 1 the scale has a long way up, at growth_steps calls for each doubling. Begin "
            "high: coming down costs one call for each halving.",
        ),
        Mistake(
            (1, 20),
            "From 1 the scale has a long way up. You made up for it by many doublings, and these "
            "go on when it has arrived. Begin high instead.",
        ),
        Mistake(
            (2**40, 150),
            "So high a start costs a call for each halving: from 2 to the power of 40 down to "
            "where the first gradients fit.",
        ),
    ),
    hints=(
        "The gradients shrink by half every 3000/16 calls. How often must the scale double, at "
        "least?",
        "growth_steps below 187 keeps up. At the top about one call in growth_steps is skipped; "
        "20 of 3000 are allowed, and a start that is too high costs some, too.",
        "The first gradients are near 2³, so 2¹³ just fits. With growth_steps=150 the scale climbs "
        "20 times in 3000 calls.",
    ),
)

# ---- 6, explain a picture ------------------------------------------------------------

STEPS, RATE, BROKEN = 300, 0.03, 150


def trainings():
    """Three trainings that stop: letter -> (distance from the target, gradient), at each step.

    The loss is the mean of (w - 0.5)² x² over 2²⁰ outputs, in 64 sorts of x up to 1.
    """
    x, count = np.arange(1, 65) / 64.0, 2**20
    runs = {}
    for letter, dtype, scale in (
        ("A", "float32", 2.0**15),
        ("B", "float16", 2.0**15),
        ("C", "float32", 1.0),
    ):
        w, distances, slopes = np.ones(1, dtype), [], []
        for step in range(STEPS):
            signals = (scale * 2 / count * (float(w[0]) - 0.5) * x).astype("float16")
            slope = np.sum(signals.astype("float32") * x) * (count / 64) / scale
            if letter == "A" and step >= BROKEN:
                slope = np.nan
            distances.append(float(w[0]) - 0.5)
            slopes.append(slope)
            if np.isfinite(slope):
                w = (w - np.float32(RATE * slope)).astype(dtype)
        runs[letter] = np.array(distances), np.array(slopes)
    return runs


def _stops(figure):
    """Distance and gradient of the three trainings; what is the matter with each is unsaid."""
    runs = trainings()
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), "ABC"):
        distance, slope = runs[letter]
        axes.semilogy(distance, "-", color="black", lw=1.8, label="distance $w - 0.5$")
        axes.semilogy(
            np.where(slope > 0, slope, np.nan), "--", color="#009E73", lw=1.8, label="gradient"
        )
        axes.set(title=letter, xlabel="step", xlim=(0, STEPS), ylim=(1e-4, 2))
        axes.grid(alpha=0.25)
    figure.axes[0].legend(loc="lower left", fontsize=9)


STOPS = Choice(
    name="10.stops",
    title="Three trainings that stand still",
    asks="which_is_which",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_stops,
    mistakes=(
        Mistake(
            "ACB",
            "B is right. A loses its gradient at once, while it is still large; where signals are "
            "too small, the smallest go first, and the gradient dwindles.",
        ),
        Mistake(
            "CBA",
            "C is right. In one of the others a gradient arrives at every step, and the weight "
            "does not move by it; in the other none arrives any more.",
        ),
        Mistake(
            "BAC",
            "A is right. But in B a gradient arrives at every step, to the end: it is not lost on "
            "the way.",
        ),
        Mistake(
            "BCA",
            "Begin with B: a gradient arrives at every step, to the end, and still the weight does "
            "not move. So it is the step that is lost, not the gradient.",
        ),
        Mistake(
            "ABC",
            "Begin with B: a gradient arrives at every step, to the end, and still the weight does "
            "not move. So it is the step that is lost, not the gradient.",
        ),
    ),
    hints=(
        "Look at the gradients first: in which panel does one arrive to the end?",
        "B has its gradient and does not move: the step is lost when it is added to the weight. "
        "Of the other two, one loses its gradient little by little, one at once.",
        "Little by little is the small end of float16, cause 1: C. At once, and at any size, is a "
        "nan, cause 2: A.",
    ),
)

TASKS = (STORED, LOOP, GROUP, SCALES, GOAL, STOPS)
