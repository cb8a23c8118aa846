"""03.schedule, write the schedule: Warm up, then cool down."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _warm_up_and_cosine(calls, peak, warmup_steps, decay_steps):
    rates = []
    for count in range(calls):
        if count < warmup_steps:
            rate = peak * count / warmup_steps
        else:
            part = min((count - warmup_steps) / decay_steps, 1)
            rate = peak * (1 + np.cos(np.pi * part)) / 2
        rates.append(rate)
    return rates


def half_wave(part):
    """Half a wave of a cosine, from 1 at part 0 to 0 at part 1."""
    return (1 + np.cos(np.pi * part)) / 2


def _part(count, warm, decay):
    """How much of the way down lies behind a count."""
    return min((count - warm) / decay, 1)


def _schedule(
    rise=lambda count, warm, decay: count / warm,
    fall=lambda count, warm, decay: half_wave(_part(count, warm, decay)),
    counts=range,
):
    """A known mistake: what differs from the reference, as parts of the peak."""

    def rates(calls, peak, warm, decay):
        return [
            peak * (rise if count < warm else fall)(count, warm, decay) for count in counts(calls)
        ]

    return rates


def _one_height(forgets):
    """A known mistake: where `forgets(count, warm)`, the peak is left out."""

    def rates(calls, peak, warm, decay):
        right = _warm_up_and_cosine(calls, 1.0, warm, decay)
        return [rate if forgets(t, warm) else peak * rate for t, rate in enumerate(right)]

    return rates


def _falling(fall, because):
    """A mistake on the way down, for who holds the part at 1 and for who cuts at the end to 0."""

    def cut(count, warm, decay):
        return fall(count, warm, decay) if count < warm + decay else 0

    return Mistake(_schedule(fall=fall), because), Mistake(_schedule(fall=cut), because)


def _schedule_arguments(random):
    # Never a warm-up of one step, nor a fall shorter than the warm-up: slips stay told apart.
    warm, decay, after = random.integers((2, 6, 2), (5, 10, 4))
    return int(warm + decay + after), random.uniform(0.05, 0.5), int(warm), int(decay)


_WAVE_SINCE_COUNT_0 = (
    "Your cosine has been running since count 0, so it is below the peak when the warm-up ends. It "
    "begins there: use count - warmup_steps."
)
_TOO_SHORT = (
    "Your way down is too short: decay_steps does not contain the warm-up, it begins when the "
    "warm-up ends."
)
_ONE_GAP_SHORT = (
    "You are one call early: np.linspace(0, 1, n) has only n - 1 gaps between its ends, and here "
    "the way up takes warmup_steps gaps and the way down decay_steps."
)

SCHEDULE = Rule(
    name="03.schedule",
    title="Warm up, then cool down",
    asks="learning_rates",
    points=3,
    results=("rates",),
    reference=_warm_up_and_cosine,
    shown=(
        Case("the warm-up", (3, 0.1, 4, 10)),
        Case("the warm-up and half of the way down", (5, 0.1, 2, 4)),
        Case("a run that goes on after the end", (9, 0.1, 2, 4)),
    ),
    draw=_schedule_arguments,
    mistakes=(
        Mistake(
            lambda calls, peak, warm, decay: np.zeros(calls),
            "All rates are 0 still: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _schedule(counts=lambda calls: range(1, calls + 1)),
            "Your first call has the count 1. The count is the number of calls before this one, "
            "so it is 0 at the first.",
        ),
        Mistake(
            _schedule(counts=lambda calls: range(calls + 1)),
            "One rate too many: the counts of so many calls go from 0 to calls - 1.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: (count + 1) / warm),
            "Your warm-up is one call ahead: it starts at 0, and the call with the count "
            "warmup_steps is the first to get the peak.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: 1),
            "There is no warm-up: while count is below warmup_steps, the rate climbs in a "
            "straight line from 0 to the peak.",
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: half_wave(_part(count, 0, decay)),
                fall=lambda count, warm, decay: half_wave(_part(count, 0, decay)),
            ),
            "Only the cosine is there: while count is below warmup_steps, the rate climbs in a "
            "straight line from 0 to the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(_part(count, 0, decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        *_falling(lambda count, warm, decay: half_wave(count / decay), _WAVE_SINCE_COUNT_0),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(_part(count, 0, warm + decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(count / (warm + decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        Mistake(
            _schedule(
                fall=lambda count, warm, decay: (
                    half_wave(_part(count, warm, decay)) if count < decay else 0
                )
            ),
            "You cut the wave off at count decay_steps. It is decay_steps long and begins when "
            "the warm-up ends, so it ends at warmup_steps + decay_steps.",
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: count / warm * half_wave(_part(count, 0, decay)),
                fall=lambda count, warm, decay: half_wave(_part(count, 0, decay)),
            ),
            "You multiplied the two. They take turns: the straight line alone, and after it the "
            "cosine, which begins at the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(_part(count, warm, decay - warm))),
            _TOO_SHORT,
        ),
        *_falling(
            lambda count, warm, decay: half_wave((count - warm) / (decay - warm)), _TOO_SHORT
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave((count - warm) / decay)),
            "After its end your wave rises again. From there on the rate stays 0.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(
                min(calls, warm + decay), peak, warm, decay
            ),
            "Your rates end where the wave ends. Later calls have a rate, too: 0.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: 2 * half_wave(_part(count, warm, decay))),
            "Your way down is twice too high: 1 + cos goes from 2 down to 0, so halve it.",
        ),
        *_falling(
            lambda count, warm, decay: np.cos(np.pi * _part(count, warm, decay)),
            "Your rate goes below 0: the cosine itself runs from 1 to -1. Add 1, then halve.",
        ),
        *_falling(
            lambda count, warm, decay: (1 + np.sin(np.pi * _part(count, warm, decay))) / 2,
            "That is a sine: it is flat in the middle of your way down, where it should be "
            "steepest. A cosine is flat at both ends.",
        ),
        Mistake(
            _schedule(
                fall=lambda count, warm, decay: np.cos(np.pi / 2 * _part(count, warm, decay))
            ),
            "That is a quarter of a wave: it arrives at 0 steeply. Half a wave is flat at both "
            "ends: (1 + cos(π part)) / 2.",
        ),
        *_falling(
            lambda count, warm, decay: half_wave(2 * _part(count, warm, decay)),
            "That is a whole wave: at the end it is back at the peak. Half of it, π, leads down.",
        ),
        *_falling(
            lambda count, warm, decay: 1 - half_wave(_part(count, warm, decay)),
            "Your wave is upside down: it should begin at the peak and end at 0.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: 1 - _part(count, warm, decay)),
            "You come down in a straight line. Half a cosine wave is wanted: flat at both ends.",
        ),
        *_falling(
            lambda count, warm, decay: (1 + np.cos(180 * _part(count, warm, decay))) / 2,
            "np.cos takes radians: half a wave is np.pi, not 180.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: 0),
            "The warm-up is right. The way down is missing: from count warmup_steps on the rate "
            "follows half a cosine wave from the peak to 0.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: 1),
            "The warm-up is right. After it your rate stays at the peak: it should come down along "
            "half a cosine wave.",
        ),
        Mistake(
            _one_height(lambda count, warm: count < warm),
            "The way down is right. Your warm-up ends at 1: multiply it by the peak, too.",
        ),
        Mistake(
            _one_height(lambda count, warm: count >= warm),
            "The warm-up is right. Your way down begins at 1: multiply it by the peak, too.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(calls, 1.0, warm, decay),
            "The shape is right, but its height is 1: multiply by the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(_part(count, warm, decay - 1))),
            _ONE_GAP_SHORT,
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: count / (warm - 1),
                fall=lambda count, warm, decay: half_wave(_part(count, warm, decay - 1)),
            ),
            _ONE_GAP_SHORT,
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: half_wave((count - warm) / decay)),
            "Your cosine is there before its time, too: while count is below warmup_steps, the "
            "rate climbs in a straight line from 0 to the peak.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: (count + 1) / (warm + 1)),
            "Your warm-up does not begin at 0: at count 0 the rate is 0, and a step is the peak "
            "divided by warmup_steps.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: count),
            "Your warm-up is too steep: it reaches the peak after warmup_steps, so divide by them.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: 1 / warm),
            "Your warm-up is level: multiply its step, the peak divided by warmup_steps, by count.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: count / decay),
            "Your warm-up is divided by decay_steps. It takes warmup_steps to the peak.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: (count / warm) ** 2),
            "Your warm-up is bent, a square. A straight line is wanted: count / warmup_steps.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: 1 - half_wave(count / warm)),
            "Your warm-up is half a wave, too. A straight line is wanted: count / warmup_steps.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: 1 - count / warm),
            "Your warm-up comes down. It begins at 0 and climbs to the peak.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: 0),
            "The way down is right. The warm-up is missing: a straight line from 0 to the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: count / warm),
            "Your straight line never ends. From count warmup_steps on the rate follows half a "
            "cosine wave, from the peak down to 0.",
        ),
        *_falling(
            lambda count, warm, decay: half_wave(_part(count, warm, warm + decay)),
            "Your way down is too long: decay_steps does not contain the warm-up. It is the length "
            "of the way down alone.",
        ),
        *_falling(
            lambda count, warm, decay: (1 + np.cos(_part(count, warm, decay))) / 2,
            "There is no π in your wave: half of it is np.cos from 0 to np.pi.",
        ),
        *_falling(
            lambda count, warm, decay: half_wave(_part(count + 1, warm, decay)),
            "Your way down is one call ahead: at count warmup_steps the rate is the peak.",
        ),
        *_falling(
            lambda count, warm, decay: half_wave(_part(count - 1, warm, decay)),
            "Your way down is one call late: at count warmup_steps + 1 the rate is below the peak "
            "already.",
        ),
        Mistake(
            _schedule(
                fall=lambda count, warm, decay: half_wave(_part(count, warm, decay) % 1),
            ),
            "After its end your rate is back at the peak. From there on it stays 0.",
        ),
        *_falling(
            lambda count, warm, decay: 1 + np.cos(np.pi * _part(count, warm, decay)) / 2,
            "The ½ belongs to the whole sum: (1 + cos(π part)) / 2. Look at your brackets.",
        ),
        *_falling(
            lambda count, warm, decay: 1 - np.cos(np.pi * _part(count, warm, decay)) / 2,
            "Your wave is upside down, and its ½ belongs to the whole sum: (1 + cos(π part)) / 2.",
        ),
        *_falling(
            lambda count, warm, decay: max(np.cos(np.pi * _part(count, warm, decay)), 0),
            "You cut the cosine off where it is below 0: your rate is 0 half way down. Add 1 to "
            "the cosine, then halve.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(min((count - warm) // decay, 1))),
            "// gives whole parts only: 0 or 1. Divide with /.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: half_wave(max((count - warm) / decay, 1))),
            "max holds the part above 1. Hold it below: min.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: np.exp(-3 * _part(count, warm, decay))),
            "That falls like a power, steep at first. Half a cosine wave is flat at both ends.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(warm + decay, peak, warm, decay),
            "You return warmup_steps + decay_steps rates, however many `calls` there are: one for "
            "each call is asked.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: (
                _warm_up_and_cosine(warm + decay, peak, warm, decay)
                + [0.0] * max(calls - warm - decay, 0)
            ),
            "Where the run ends before the wave does, you return too many rates: one for each call "
            "is asked.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(1, peak, warm, decay),
            "You return the first rate alone. Does `return` stand in the loop?",
        ),
        Mistake(
            lambda calls, peak, warm, decay: [_warm_up_and_cosine(calls, peak, warm, decay)[-1]],
            "You return the last rate alone. Each goes into the list inside the loop.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(calls, peak, warm, decay)[-1],
            "You return the last rate, a number. A list of all of them is asked.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: [
                peak * half_wave(count / calls) for count in range(calls)
            ],
            "Your cosine is as long as the run, and the warm-up is missing: it begins at count "
            "warmup_steps, and is decay_steps long.",
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: half_wave((count - warm) / decay),
                fall=lambda count, warm, decay: count / warm,
            ),
            "Your two branches are exchanged: the line is for counts below warmup_steps, the "
            "cosine for those from there on.",
        ),
        Mistake(
            _schedule(rise=lambda count, warm, decay: count / (warm - 1)),
            "The way down is right. Your warm-up is at the peak one call early: "
            "np.linspace(0, 1, n) has only n - 1 gaps between its ends, and here there are "
            "warmup_steps.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: [
                peak * (t / warm if t < warm else half_wave((calls - t) / decay))
                for t in range(calls)
            ],
            "Your wave is counted from the end of the run. It begins at count warmup_steps: use "
            "count - warmup_steps.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: [
                peak * (t / warm if t < warm else half_wave((t - warm) / (calls - warm)))
                for t in range(calls)
            ],
            "Your way down ends with the run. It is decay_steps long, however many `calls` there "
            "are.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: list(
                np.cumprod([half_wave(_part(max(t, warm), warm, decay)) for t in range(calls)])
                * [peak * min(t / warm, 1) for t in range(calls)]
            ),
            "Your way down multiplies what the call before it got. Each rate is the peak times its "
            "own part of the wave.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: [
                peak * min(t / warm, 1) * (1 - _part(t, warm, decay)) for t in range(calls)
            ],
            "You multiplied two lines. They take turns: a straight line up, then half a cosine "
            "wave down.",
        ),
    ),
    hints=(
        "Which numbers does the count run through? Then ask, for each: still in the warm-up, on "
        "the way down, or after the end?",
        "Below warmup_steps it is the part count / warmup_steps of the peak. After that, compute "
        "which part of decay_steps is over, at most 1.",
        "for count in range(calls): either peak * count / warmup_steps, or with part = "
        "min((count - warmup_steps) / decay_steps, 1): peak * (1 + np.cos(np.pi * part)) / 2.",
    ),
)
