"""03.plan, repair a plan: A schedule for a run."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


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
    work="repair",
    asks="plan",
    points=2,
    results=("warmup_steps", "decay_steps"),
    reference=_plan,
    shown=(
        Case("1000 examples in batches of 50, 10 epochs, one of warm-up", (1000, 50, 10, 1, 1)),
        Case("in batches of 64", (1000, 64, 10, 1, 1)),
        Case("two of warm-up, in batches of 64, an update every 3 batches", (1000, 64, 10, 2, 3)),
        Case("the same without warm-up", (1000, 64, 10, 0, 4)),
    ),
    draw=_plan_arguments,
    mistakes=(
        Mistake(
            _plan_with(_full, divide=True, whole=True),
            "Nothing is repaired yet: follow by hand how often `fit` calls the optimizer in an "
            "epoch, and where each of the two parts begins and ends.",
            untouched=True,
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
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size) - 1,
                (epochs - warm) * _batches(examples, size),
            ),
            "decay_steps is right. Counts start at 0, so the first call after the warm-up has the "
            "number of its calls as its count: nothing is subtracted.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size) + 1,
                (epochs - warm) * _batches(examples, size) - 1,
            ),
            "The run ends in time, but your warm-up is one call too long: counts start at 0.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs - warm) * _batches(examples, size) - warm,
            ),
            "warmup_steps is right. The warm-up is taken off already, with its epochs: do not take "
            "it off once more.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs + warm) * _batches(examples, size),
            ),
            "warmup_steps is right. The way down has the epochs that the warm-up leaves: subtract.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                (epochs - warm) * _batches(examples, size),
                warm * _batches(examples, size),
            ),
            "Both numbers are right, but swapped: return warmup_steps first.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * examples,
                (epochs - warm) * examples,
            ),
            "You counted examples. The optimizer is called once for each batch.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (warm * size, (epochs - warm) * size),
            "batch_size is how many examples are in a batch. How many batches are in an epoch?",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * (examples % size),
                (epochs - warm) * (examples % size),
            ),
            "% gives what the whole batches leave over. How many batches are there?",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * (_batches(examples, size) // parts),
                (epochs - warm) * (_batches(examples, size) // parts),
            ),
            _CALLS_NOT_UPDATES,
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size) / parts,
                (epochs - warm) * _batches(examples, size) / parts,
            ),
            _CALLS_NOT_UPDATES,
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                -(-warm * examples // size),
                -(-(epochs - warm) * examples // size),
            ),
            "You rounded over several epochs. Every epoch ends with its own short batch, so round "
            "up the batches of one epoch, then multiply.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * examples // size,
                (epochs - warm) * examples // size,
            ),
            "You rounded down over several epochs. Every epoch ends with its own short batch: "
            "round up the batches of one epoch, then multiply.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                (epochs - warm) * _full(examples, size),
            ),
            "warmup_steps is right. In decay_steps the last, short batch of an epoch is a call, "
            "too: round up.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _full(examples, size),
                (epochs - warm) * _batches(examples, size),
            ),
            "decay_steps is right. In warmup_steps the last, short batch of an epoch is a call, "
            "too: round up.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                _batches(examples, size),
                (epochs - 1) * _batches(examples, size),
            ),
            "You took one epoch of warm-up. How many there are says warmup_epochs.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (0, epochs * _batches(examples, size)),
            "There is no warm-up in your plan: warmup_epochs times the batches of an epoch.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm + _batches(examples, size),
                epochs - warm + _batches(examples, size),
            ),
            "You added epochs and batches. Each epoch has so many batches: multiply.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                _batches(examples, size),
            ),
            "warmup_steps is right. decay_steps is that of one epoch: how many are left after the "
            "warm-up?",
        ),
        Mistake(
            _plan_with(lambda examples, size: examples // size + examples % size),
            "% gives how many examples are left over, and they make one batch together: round up.",
        ),
        Mistake(
            _plan_with(lambda examples, size: _batches(examples, size) - 1),
            "One batch is missing in each epoch: the last, short one is a call, too.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm,
                (epochs - warm) * _batches(examples, size),
            ),
            "decay_steps is right. warmup_steps counts calls, too: so many for each epoch.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _batches(examples, size),
                epochs - warm * _batches(examples, size),
            ),
            "warmup_steps is right. In decay_steps you took calls away from epochs: all epochs' "
            "calls, less those of the warm-up.",
        ),
        Mistake(
            lambda examples, size, epochs, warm, parts: (
                warm * _full(examples, size),
                epochs * _full(examples, size) - warm,
            ),
            "Two faults are left: the last short batch is a call, too; and in decay_steps you took "
            "epochs away from calls.",
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
