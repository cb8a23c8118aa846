"""08.overwriting, put the lines in order: Six lines in order."""

from types import SimpleNamespace

from course.checks.tasks import Case, Mistake, Order


def _velocity(s):
    s.v = s.momentum * s.v - s.learning_rate * s.gradient


def _weights(s):
    s.w = s.w + s.v


def _copy_at_first(s):
    s.m = 0 if s.updates == 0 else s.m


def _pull(s):
    s.a = s.m * s.a + (1 - s.m) * s.w


def _count(s):
    s.updates = s.updates + 1


def _overwrite(s):
    s.w = s.a if s.updates % s.every == 0 else s.w


#: Asked after the pull or after the count, the question comes to the same.
FIRST_TOO_LATE = (
    "Ask whether `updates` is 0 before you pull, and before you count: else m is not 0 at the "
    "first pull, and the first average is no copy of the weights."
)
#: Which line must come before which, and what a learner is told who has it otherwise.
BEFORE = (
    (
        _velocity,
        _weights,
        "Update the velocity before the weights move by it, as in chapter 04.",
    ),
    (
        _copy_at_first,
        _pull,
        FIRST_TOO_LATE,
    ),
    (_copy_at_first, _count, FIRST_TOO_LATE),
    (
        _weights,
        _pull,
        "Move the weights before you pull the average: it follows the weights *after* each step.",
    ),
    (
        _count,
        _overwrite,
        "Count before you ask whether to overwrite: else it happens one call late, and at the very "
        "first call, too.",
    ),
    (
        _pull,
        _overwrite,
        "Pull the average before you overwrite: else the weights get that of the call before.",
    ),
    (
        _weights,
        _overwrite,
        "Move the weights before you overwrite: else they step away from the average at once.",
    ),
)
LINES = (_velocity, _weights, _copy_at_first, _pull, _count, _overwrite)


def _in_order(lines):
    """A call that runs these lines in this order."""

    def call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
        s = SimpleNamespace(**{name: value for name, value in locals().items() if name != "lines"})
        for line in lines:
            line(s)
        return s.w, s.v, s.a, s.updates

    return call


def _whole_call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    v = momentum * v - learning_rate * gradient
    w = w + v
    if updates == 0:
        m = 0
    a = m * a + (1 - m) * w
    updates = updates + 1
    if updates % every == 0:
        w = a
    return w, v, a, updates


def _also_stops_the_ball(*arguments):
    w, v, a, updates = _whole_call(*arguments)
    return w, v * (updates % arguments[-1] != 0), a, updates


def _pulls_only_once(w, v, a, updates, *others):
    right = _whole_call(w, v, a, updates, *others)
    moved, average = right[0], right[2] if updates == 0 else a
    if right[3] % others[-1] == 0:
        moved = average
    return moved, right[1], average, right[3]


def _pulls_only_when_it_overwrites(w, v, a, updates, *others):
    moved, velocity, average, calls = _whole_call(w, v, a, updates, *others)
    return moved, velocity, average if calls % others[-1] == 0 else a, calls


def _copies_the_weights(w, v, a, updates, *others):
    _, velocity, average, calls = _whole_call(w, v, a, updates, *others)
    moved = w + velocity
    return moved, velocity, moved if calls % others[-1] == 0 else average, calls


#: updates, every: the first call, one that overwrites, one just after, the first of each call's.
TURNS = ((0, 3), (2, 3), (3, 3), (0, 1), (4, 7), (5, 2), (8, 3))


def _call_arguments(random):
    updates, every = TURNS[random.integers(len(TURNS))]
    w, v, a, gradient = random.normal(size=(4, 2))
    rate, momentum, m = random.uniform((0.1, 0.3, 0.3), (0.5, 0.9, 0.9))
    return w, v, a * (updates > 0), updates, gradient, rate, momentum, m, every


UNTOUCHED = Mistake(
    _in_order(LINES[::-1]),
    "Nothing is in order yet. Begin with the line that everything else waits for: which one needs "
    "only the gradient?",
    untouched=True,
)


OVERWRITING = Order(
    name="08.overwriting",
    title="Six lines in order",
    work="put in order",
    asks="overwriting_call",
    points=2,
    results=("w", "v", "a", "updates"),
    reference=_whole_call,
    shown=(
        Case("the first call", (4.0, 0.0, 0.0, 0, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the second call", (3.0, -1.0, 3.0, 1, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the third call, with an overwrite", (1.5, -1.5, 2.625, 2, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the fourth call", (1.90625, -1.75, 1.90625, 3, 2.0, 0.5, 0.5, 0.75, 3)),
    ),
    draw=_call_arguments,
    right=LINES,
    arranged=_in_order,
    needs=BEFORE,
    mistakes=(
        Mistake(
            _also_stops_the_ball,
            "The order is right, but you stopped the ball, too. An overwrite is not told to the "
            "velocity.",
        ),
        Mistake(
            _pulls_only_once,
            "After the first call your average stands still. Only m = 0 belongs to that `if`: the "
            "line a = … must stand as far left as the `if` itself.",
        ),
        Mistake(
            _pulls_only_when_it_overwrites,
            "Your average is pulled only where it is put over the weights. The line a = … belongs "
            "to no `if`: every call pulls.",
        ),
        Mistake(
            _copies_the_weights,
            "You put the weights in the average's place. To overwrite is the other way: w = a.",
        ),
        UNTOUCHED,
    ),
    hints=(
        "Three things happen, one after the other: a step, a pull of the average, an overwrite. "
        "Which lines belong to which?",
        "The step is chapter 04's: velocity, then weights. `updates` counts the calls *before* "
        "this one: with which line does that end, and which line still needs the old count?",
        "v, then w; then m = 0 at the first update; then a; then count; and the overwrite last.",
    ),
)
