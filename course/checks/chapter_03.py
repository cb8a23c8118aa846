"""Exercise 03, learning-rate schedules: three rules, a prediction, a picture and a goal."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule

# ---- 1, write the schedule -----------------------------------------------------------


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


def _half_wave(part):
    return (1 + np.cos(np.pi * part)) / 2


def _part(count, warm, decay):
    """How much of the way down lies behind a count."""
    return min((count - warm) / decay, 1)


def _schedule(
    rise=lambda count, warm, decay: count / warm,
    fall=lambda count, warm, decay: _half_wave(_part(count, warm, decay)),
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
    "Your cosine has been running since count 0, so the rate jumps when the warm-up ends. It "
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
                rise=lambda count, warm, decay: _half_wave(_part(count, 0, decay)),
                fall=lambda count, warm, decay: _half_wave(_part(count, 0, decay)),
            ),
            "Only the cosine is there: while count is below warmup_steps, the rate climbs in a "
            "straight line from 0 to the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: _half_wave(_part(count, 0, decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        *_falling(lambda count, warm, decay: _half_wave(count / decay), _WAVE_SINCE_COUNT_0),
        Mistake(
            _schedule(fall=lambda count, warm, decay: _half_wave(_part(count, 0, warm + decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: _half_wave(count / (warm + decay))),
            _WAVE_SINCE_COUNT_0,
        ),
        Mistake(
            _schedule(
                fall=lambda count, warm, decay: (
                    _half_wave(_part(count, warm, decay)) if count < decay else 0
                )
            ),
            "You cut the wave off at count decay_steps. It is decay_steps long and begins when "
            "the warm-up ends, so it ends at warmup_steps + decay_steps.",
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: count / warm * _half_wave(_part(count, 0, decay)),
                fall=lambda count, warm, decay: _half_wave(_part(count, 0, decay)),
            ),
            "You multiplied the two. They take turns: the straight line alone, and after it the "
            "cosine, which begins at the peak.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: _half_wave(_part(count, warm, decay - warm))),
            _TOO_SHORT,
        ),
        *_falling(
            lambda count, warm, decay: _half_wave((count - warm) / (decay - warm)), _TOO_SHORT
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: _half_wave((count - warm) / decay)),
            "After its end your wave rises again. From there on the rate stays 0.",
        ),
        Mistake(
            lambda calls, peak, warm, decay: _warm_up_and_cosine(
                min(calls, warm + decay), peak, warm, decay
            ),
            "Your rates end where the wave ends. Later calls have a rate, too: 0.",
        ),
        Mistake(
            _schedule(fall=lambda count, warm, decay: 2 * _half_wave(_part(count, warm, decay))),
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
            lambda count, warm, decay: _half_wave(2 * _part(count, warm, decay)),
            "That is a whole wave: at the end it is back at the peak. Half of it, π, leads down.",
        ),
        *_falling(
            lambda count, warm, decay: 1 - _half_wave(_part(count, warm, decay)),
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
            _schedule(fall=lambda count, warm, decay: _half_wave(_part(count, warm, decay - 1))),
            _ONE_GAP_SHORT,
        ),
        Mistake(
            _schedule(
                rise=lambda count, warm, decay: count / (warm - 1),
                fall=lambda count, warm, decay: _half_wave(_part(count, warm, decay - 1)),
            ),
            _ONE_GAP_SHORT,
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

# ---- 2, repair a plan ----------------------------------------------------------------


def _plan(examples, batch_size, epochs, warmup_epochs, accumulation):
    batches = np.ceil(examples / batch_size)
    return warmup_epochs * batches, (epochs - warmup_epochs) * batches


def _plan_with(batches=None, divide=False, whole=False):
    """A known mistake: other batches, updates counted, or the whole run in decay_steps."""

    def plan(examples, batch_size, epochs, warmup_epochs, accumulation):
        each = (batches or _batches)(examples, batch_size)
        falling = epochs if whole else epochs - warmup_epochs
        if not divide:
            return warmup_epochs * each, falling * each
        return warmup_epochs * each // accumulation, falling * each // accumulation

    return plan


def _batches(examples, size):
    return -(-examples // size)


def _full(examples, size):
    return examples // size


def _plan_arguments(random):
    size, warm, parts = (int(number) for number in random.integers((16, 1, 2), (100, 4, 9)))
    examples = size * int(random.integers(20, 60)) + int(random.integers(1, size))
    return examples, size, warm + int(random.integers(4, 20)), warm, parts


_CALLS_NOT_UPDATES = (
    "One fault is left: the schedule counts calls, not updates, and with accumulation there are as "
    "many calls as without."
)


def _updates_rounded_up(*arguments):
    warmup_steps, decay_steps = _plan(*arguments)
    return np.ceil(warmup_steps / arguments[-1]), np.ceil(decay_steps / arguments[-1])


def _updates_of_each_epoch(examples, size, epochs, warm, parts):
    return _plan(examples, size * parts, epochs, warm, 1)


def _round_the_whole_run(examples, size, epochs, warm, parts):
    warmup_steps = np.ceil(warm * examples / size)
    return warmup_steps, np.ceil(epochs * examples / size) - warmup_steps


PLAN = Rule(
    name="03.plan",
    title="A schedule for a run",
    asks="plan",
    points=2,
    results=("warmup_steps", "decay_steps"),
    reference=_plan,
    shown=(
        Case("1000 examples in batches of 50, 10 epochs, one of warm-up", (1000, 50, 10, 1, 1)),
        Case("in batches of 64", (1000, 64, 10, 1, 1)),
        Case("in batches of 64, an update every 4 batches", (1000, 64, 10, 1, 4)),
        Case("the same without warm-up", (1000, 64, 10, 0, 4)),
    ),
    draw=_plan_arguments,
    mistakes=(
        Mistake(
            _plan_with(_full, divide=True, whole=True),
            "Nothing is repaired yet: follow by hand how often `fit` calls the optimizer in an "
            "epoch, and where each of the two parts begins and ends.",
        ),
        Mistake(
            _plan_with(divide=True, whole=True),
            "The batches of an epoch are right now. Two faults are left: who counts the steps, "
            "the calls or the updates? And where does decay_steps begin?",
        ),
        Mistake(
            _plan_with(_full, whole=True),
            "Accumulation is right now: the schedule counts calls. Two faults are left: the last "
            "short batch is a call, too, and decay_steps begins after the warm-up.",
        ),
        Mistake(
            _plan_with(_full, divide=True),
            "decay_steps begins after the warm-up now. Two faults are left: the last short batch "
            "is a call, too; and who counts the steps, the calls or the updates?",
        ),
        Mistake(_plan_with(divide=True), _CALLS_NOT_UPDATES),
        Mistake(_updates_rounded_up, _CALLS_NOT_UPDATES),
        Mistake(_updates_of_each_epoch, _CALLS_NOT_UPDATES),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size) * parts,
                (epochs - warm) * _batches(examples, size) * parts,
            ),
            "Accumulation does not make more calls of them: a call is a batch, and there are as "
            "many batches as without.",
        ),
        Mistake(
            _plan_with(whole=True),
            "One fault is left: decay_steps begins when the warm-up ends, so your rate is still "
            "above 0 when the run is over.",
        ),
        Mistake(
            _plan_with(_full),
            "One fault is left: an epoch's last batch may be short, and it is a call like any "
            "other. Round up.",
        ),
        Mistake(
            _plan_with(lambda examples, size: examples / size),
            "There are no half calls: round the batches of an epoch up, for a short batch is a "
            "call like any other.",
        ),
        Mistake(
            _plan_with(lambda examples, size: examples // size + 1),
            "You add a short batch to every epoch. Where batch_size divides the examples there is "
            "none: round up.",
        ),
        Mistake(
            _plan_with(lambda examples, size: round(examples / size)),
            "You round to the nearest number. However short the last batch is, it is a call: "
            "round up.",
        ),
        Mistake(
            _round_the_whole_run,
            "You rounded over the whole run. Every epoch ends with its own short batch, so round "
            "up the batches of one epoch, then multiply.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs - warm) * _batches(examples, size) // parts,
            ),
            "warmup_steps is right. decay_steps is still divided: the schedule counts calls, not "
            "updates, on the way down, too.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size) // parts,
                (epochs - warm) * _batches(examples, size),
            ),
            "decay_steps is right. warmup_steps is still divided: the schedule counts calls, not "
            "updates, on the way up, too.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs - warm) * _batches(examples, size) - 1,
            ),
            "One call too early: the last call of the run still has a rate above 0. The first "
            "count with the rate 0 is the number of all calls.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs - warm) * _batches(examples, size) + 1,
            ),
            "One call too late: counts start at 0, so the call after the run has the number of "
            "all calls as its count, and there the rate should be 0.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                epochs * _batches(examples, size) - warm,
            ),
            "You took epochs away from calls: the warm-up lasts warmup_epochs times the batches "
            "of an epoch.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (warm, epochs - warm),
            "These are epochs. A schedule counts calls of the optimizer, and there is one for "
            "each batch.",
        ),
    ),
    hints=(
        "How often is the optimizer called in one epoch? And which of your five numbers does the "
        "schedule know nothing about?",
        "A last, short batch is a call. With accumulation each batch is still a call, though not "
        "each is an update. And decay_steps begins when the warm-up is over.",
        "batches = int(np.ceil(examples / batch_size)), nothing is divided by accumulation, and "
        "the way down takes (epochs - warmup_epochs) * batches.",
    ),
)

# ---- 3, predict a number -------------------------------------------------------------

FROZEN = Number(
    name="03.frozen",
    title="A callable in three fits",
    asks="last_weight",
    points=0,
    reference=0.32,
    mistakes=(
        Mistake(
            0.2,
            "You let the second `fit` ask again. It runs the step that the first one compiled, and "
            "in that step the rate is a constant.",
        ),
        Mistake(
            0.512,
            "You kept 0.1 for ever. It is frozen in the compiled step, and `compile` throws that "
            "step away.",
        ),
        Mistake(
            0.125,
            "You used the new rate from the start. When the first `fit` asked, the callable still "
            "said 0.1.",
        ),
        Mistake(0.64, "That is w after two steps. One more `fit` follows."),
        Mistake(0.4, "Close, but only two steps: each of the three calls of `fit` makes one."),
        Mistake(
            0.5,
            "You let `compile` set the weight back to 1. It changes how the model is trained, not "
            "its weights.",
        ),
        Mistake(
            0.9 * 0.9 * 0.75,
            "The right rates, but the gradient of w² is 2w: a step multiplies w by 1 - 2η.",
        ),
    ),
    hints=(
        "When is the callable asked: at each step, at each `fit`, or more rarely still?",
        "It is asked while a step is being compiled, which the first `fit` after a `compile` does. "
        "Which of the three fits come first after a `compile`?",
        "The rates are 0.1, 0.1 and 0.25, and each step multiplies w by 1 - 2η.",
    ),
)

# ---- 4, write the best next step -----------------------------------------------------


def _best_next(square, curvature, variance):
    learning_rate = curvature * square / (curvature**2 * square + variance)
    left = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance
    return learning_rate, left


def _after(learning_rate, square, curvature, variance):
    return (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance


def _with_rate(rate):
    """A known mistake in the rate; the mean square that follows from it is right."""

    def best_next(square, curvature, variance):
        learning_rate = rate(square, curvature, variance)
        return learning_rate, _after(learning_rate, square, curvature, variance)

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
            _with_left(lambda eta, square, lam, var: _after(eta, square**2, lam, var)),
            "The rate is right. In `left` you squared `square`, which is the mean of w² already.",
        ),
        Mistake(
            _with_left(lambda eta, square, lam, var: lam / 2 * _after(eta, square, lam, var)),
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

# ---- 5, read a picture ---------------------------------------------------------------


def _squares(rates, curvature, square):
    """What is left of the start and what the noise adds in E w², at each step; σ² is 1."""
    left, noise = [square], [0.0]
    for rate in rates:
        left.append(_after(rate, left[-1], curvature, 0.0))
        noise.append(_after(rate, noise[-1], curvature, 1.0))
    return np.array(left), np.array(noise)


def _plateaus(figure):
    """The mean loss of three schedules in a long valley; which is which is unsaid."""
    count = np.arange(400)
    curves = (
        ("A", 0.5 * _half_wave(count / 400), "-"),
        ("B", 0.5 + 0.0 * count, "--"),
        ("C", 0.5 * 0.95**count, ":"),
    )
    axes = figure.subplots()
    for letter, rates, line in curves:
        loss = sum(lam / 2 * sum(_squares(rates, lam, 81.0)) for lam in (1.0, 0.01))
        axes.plot(loss, line, color="black", label=letter)
    axes.set(xlabel="step", ylabel="mean loss", ylim=(0, 0.8), xlim=(0, 400))
    axes.legend()


PLATEAUS = Choice(
    name="03.plateaus",
    title="Three ways to settle",
    asks="runs",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_plateaus,
    mistakes=(
        Mistake(
            "CBA",
            "A is right. The other two end level, for two reasons: B still carries its noise, C "
            "has no steps left. Which of them is flat as soon as 0.95ᵗ has died away?",
        ),
        Mistake(
            "BAC",
            "B is right. The cosine is still at half its height at step 200, and there C has long "
            "stopped moving.",
        ),
        Mistake(
            "ACB",
            "C is right. Of the other two, one gets rid of its noise in the end: its rate must be "
            "going to 0.",
        ),
        Mistake(
            "ABC",
            "Begin with run 2: after 100 steps its rate is below 0.003, so its curve can hardly "
            "move from there on.",
        ),
        Mistake(
            "CAB",
            "Begin with run 2: after 100 steps its rate is below 0.003, so its curve can hardly "
            "move from there on.",
        ),
    ),
    hints=(
        "Two things can hold up a curve: noise, as long as the rate is large, or distance, once "
        "the rate is too small. Which of them is it?",
        "After 100 steps 0.95ᵗ is below 0.006. What does the curve of such a run do from there on?",
        "The one that is frozen early is run 2. Of the others, a constant rate keeps its noise, "
        "and the cosine gets rid of it on its way to 0.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

STEPS, ENOUGH = 1000, 0.02


def _losses(first_rate, power):
    """The mean loss after STEPS steps: what is left of the way, and what the noise adds."""
    rates = first_rate / np.arange(1.0, STEPS + 1) ** power
    parts = [(lam / 2, _squares(rates, lam, 16.0)) for lam in (1.0, 0.05)]
    return tuple(sum(half * pair[which][-1] for half, pair in parts) for which in (0, 1))


def _reach(first_rate, power):
    """Whether the mean loss after STEPS steps is below ENOUGH."""
    if not 0 < first_rate < 2:
        return False, "first_rate must be above 0 and below 2, the edge of the steep side."
    if power < 0:
        return False, "With a power below 0 the rate grows; it must be 0 or more."
    left, noise = _losses(first_rate, power)
    if left + noise < ENOUGH:
        return True, ""
    why = "the steps together are too short" if left > noise else "the last steps are too long"
    return False, (
        f"After {STEPS} steps the mean loss is {left + noise:.4f}, and {ENOUGH} is allowed: "
        f"{left:.4f} is left of the way, {noise:.4f} is noise ({why})."
    )


GOAL = Goal(
    name="03.goal",
    title="Just fast enough",
    asks="fall",
    points=2,
    results=("first_rate", "power"),
    reach=_reach,
    reached=f"the mean loss is below {ENOUGH} after {STEPS} steps",
    reference=(0.9, 0.5),
    mistakes=(
        Mistake(
            (1.0, 1.0),
            "1/t is made for curvature 1. The flat side starves under it: there the distance "
            "shrinks only like t to the power of -0.05.",
        ),
        Mistake(
            (0.1, 0.0),
            "A constant rate keeps its noise, however long it runs. Let it fall, and let it start "
            "higher.",
        ),
        Mistake(
            (0.5, 2.0),
            "All these steps together are 0.82 long: more of them would not help.",
        ),
        Mistake(
            (0.5, 0.5),
            "The power will do, the start will not: more than half of this loss is way that is "
            "left. Begin higher.",
        ),
        Mistake(
            (1.0, 0.3),
            "It falls, but too slowly: after 1000 steps the rate is still above 0.12.",
        ),
    ),
    hints=(
        "Two things are left after 1000 steps: some of the way, and noise. Which of them does a "
        "larger power make worse, and which a larger first rate?",
        "Power 0 keeps all its noise, power 1 starves the flat side. Begin between them, and then "
        "see which part is the larger one.",
        "Take the power 0.5: the last rate is then first_rate / 32, and a first rate of 0.5 is too "
        "small. Raise it.",
    ),
)

TASKS = (SCHEDULE, PLAN, FROZEN, GREEDY, PLATEAUS, GOAL)
