"""13.floor, write the floor: The floor of a step."""

from itertools import product

import numpy as np

from course.checks.observed import Observed
from course.checks.slips import distinct
from course.checks.tasks import Case, Mistake


def _floor(weights, arguments, size, bandwidth):
    numbers = 3
    if arguments.get("momentum"):
        numbers += 2
    if arguments.get("use_ema"):
        numbers += 2
    if arguments.get("clipnorm") or arguments.get("global_clipnorm"):
        numbers += 1
    return size * numbers, size * numbers * weights * 1e-6 / bandwidth


def _counted(more=0, unit=1.0, bytes_each=None, **other):
    """A known mistake: other numbers moved for an argument, another unit or another size.

    more: what is added for nothing; other: argument's name -> numbers added where it is set.
    """
    counts = {"momentum": 2, "use_ema": 2, "clipnorm": 1, "global_clipnorm": 1} | other

    def floor(weights, arguments, size, bandwidth):
        numbers = 3 + more + sum(counts.get(n, 0) for n, value in arguments.items() if value)
        size = bytes_each or size
        return size * numbers, unit * size * numbers * weights / bandwidth / 1e6

    return floor


def _names_count(weights, arguments, size, bandwidth):
    """A known mistake: an argument counts as soon as its name is there."""
    return _floor(weights, dict.fromkeys(arguments, 1.0), size, bandwidth)


def _named(*names):
    """A known mistake: these arguments count as soon as their name is there."""

    def floor(weights, arguments, *others):
        named = {name: 1.0 for name in names if name in arguments}
        return _floor(weights, arguments | named, *others)

    return floor


def _either(first, *later):
    """A known mistake: of these arguments the later count only where those before are not used."""

    def floor(weights, arguments, *others):
        left, seen = dict(arguments), bool(arguments.get(first))
        for name in later:
            if seen:
                left[name] = None
            elif name == "use_ema":
                seen = bool(left.get(name))
        return _floor(weights, left, *others)

    return floor


def _says(arguments, yours, expected):
    """How many numbers a weight are counted, or by how much the time is off."""
    _, given, size, _ = arguments
    count, right = float(yours[0]) / size, float(expected[0]) / size
    if not np.isclose(count, right):
        used = ", ".join(name for name, value in given.items() if value) or "no argument in use"
        off = ", ".join(name for name, value in given.items() if not value)
        unused = f" ({off}: there, but not used.)" if off else ""
        which = "many" if count > right else "few"
        return f"With {used} you move {count:g} numbers for each weight: too {which}.{unused}"
    times = float(yours[1]) / float(expected[1])
    return (
        f"The time is {times:.4g} times what it should be. Bytes, divided by bytes a second, are "
        "seconds."
    )


def _some_arguments(random):
    """Arguments of SGD, some of them there with the value that stands for "not used"."""
    clip = random.choice(["clipnorm", "global_clipnorm", "clipvalue"])
    values = {
        "momentum": (0.9, 0.0),
        "nesterov": (True, False),
        "use_ema": (True, False),
        "weight_decay": (0.01, None),
        str(clip): (1.0, None),
    }
    chosen = {name: pair[int(random.random() < 0.25)] for name, pair in values.items()}
    if not chosen["momentum"]:
        chosen["nesterov"] = False
    return {name: value for name, value in chosen.items() if value or random.random() < 0.5}


def _floor_arguments(random):
    weights = int(random.integers(1, 400)) * 100_000
    size = int(random.choice([2, 4, 8]))
    return weights, _some_arguments(random), size, float(random.integers(20, 3000))


_MOMENTUM = {"momentum": 0.9}
_LOOK_AHEAD = {"momentum": 0.9, "nesterov": True}
_DECAYED = {"momentum": 0.9, "weight_decay": 0.01}
_ALL = {"momentum": 0.9, "use_ema": True, "clipnorm": 1.0}
_NONE = {"use_ema": False, "momentum": 0.0, "global_clipnorm": None}
_AVERAGED = {"momentum": 0.0, "use_ema": True, "clipnorm": None}

CASES = (
    Case("plain, float32", (1_000_000, {}, 4, 100.0)),
    Case("momentum, float32", (1_000_000, _MOMENTUM, 4, 100.0)),
    Case("momentum and decay, two bytes a number", (1_000_000, _DECAYED, 2, 100.0)),
    Case("Nesterov", (50_000_000, _LOOK_AHEAD, 4, 1000.0)),
    Case("an average; momentum and clipnorm are off", (50_000_000, _AVERAGED, 4, 1000.0)),
    Case("clipped by the norm", (50_000_000, {"global_clipnorm": 1.0}, 4, 1000.0)),
    Case("clipped by value", (50_000_000, {"clipvalue": 1.0}, 4, 1000.0)),
    Case("momentum, an average and a clip", (1_000_000, _ALL, 4, 100.0)),
    Case("three names, none of them used", (1_000_000, _NONE, 4, 100.0)),
)

KNOWN = (
    Mistake(
        lambda weights, arguments, size, bandwidth: (0.0, 0.0),
        "Nothing is counted yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        lambda weights, arguments, size, bandwidth: _floor(weights, {}, size, bandwidth),
        "Plain descent is right. The arguments are not looked at yet: some of them bring in "
        "an array of their own.",
    ),
    Mistake(
        _counted(-1),
        "One number a weight is missing: w and g are read, and the new w is written.",
    ),
    Mistake(
        _counted(momentum=1),
        "The velocity is read and written: momentum moves two more numbers, not one.",
    ),
    Mistake(
        _counted(nesterov=1),
        "Nesterov reads nothing new: w, v and g are at hand already. It costs what momentum costs.",
    ),
    Mistake(
        _counted(nesterov=2),
        "Nesterov reads nothing new: w, v and g are at hand already. It costs what momentum costs.",
    ),
    Mistake(
        _counted(weight_decay=1),
        "Weight decay needs w alone, and w is at hand already: it moves nothing more.",
    ),
    Mistake(
        _counted(weight_decay=2),
        "Weight decay needs w alone, and w is at hand already: it moves nothing more.",
    ),
    Mistake(
        _counted(use_ema=1),
        "The average is read and written: two more numbers, not one.",
    ),
    Mistake(
        _counted(use_ema=3),
        "The average is read and written. The new w is at hand: it need not be read again.",
    ),
    Mistake(_counted(use_ema=0), "The average is an array of its own: read it and write it."),
    Mistake(
        _counted(clipnorm=0, global_clipnorm=0),
        "The norm needs all gradients before the first weight may move: they are read once more.",
    ),
    Mistake(
        _counted(global_clipnorm=0),
        "global_clipnorm is a clip by norm, too: all gradients are read once more.",
    ),
    Mistake(
        _counted(clipnorm=2, global_clipnorm=2),
        "A clip by norm reads the gradients once more. The shortened ones need not be written: "
        "the factor is applied on the way into the step.",
    ),
    Mistake(
        _counted(clipvalue=1),
        "clipvalue looks at each entry alone, as it passes: it moves nothing more.",
    ),
    Mistake(
        _names_count,
        "You ask whether a name is there. It may be there with 0.0, False or None, which mean "
        "“not used”: look at its value.",
    ),
    Mistake(
        _counted(bytes_each=4),
        "You took 4 bytes for every number. `size` says how many there are.",
    ),
    Mistake(
        _counted(unit=1e-3),
        "The bytes are right; the time is in seconds. A second has 1000 milliseconds.",
    ),
    Mistake(
        _counted(unit=1e3),
        "The bytes are right; the time is in microseconds. 1 GB/s is 10⁹ bytes in 1000 ms.",
    ),
    Mistake(
        _counted(unit=8.0),
        "The bytes are right. You turned them into bits: bandwidth counts bytes, too.",
    ),
    Mistake(
        _counted(unit=1e9 / 2**30),
        "The bytes are right. A gigabyte per second is 10⁹ bytes here, not 2³⁰.",
    ),
    Mistake(
        lambda *given: (_floor(*given)[0], _floor(*given)[0] * 1e-6 / given[3]),
        "The bytes are right. The time is that of one weight: multiply by `weights`.",
    ),
    Mistake(
        lambda weights, arguments, size, bandwidth: (
            _floor(weights, arguments, 1, bandwidth)[0],
            _floor(weights, arguments, size, bandwidth)[1],
        ),
        "The time is right. The first result counts numbers; bytes are wanted: times `size`.",
    ),
    Mistake(
        lambda *given: _floor(*given)[::-1],
        "The two values are right, but swapped: return the bytes first.",
    ),
    Mistake(
        _counted(clipnorm=0),
        "clipnorm is a clip by norm, too: all gradients are read once more.",
    ),
    Mistake(_named("use_ema"), "use_ema may be there and be False: look at its value."),
    Mistake(_named("momentum"), "momentum may be there and be 0.0: look at its value."),
    Mistake(
        _named("clipnorm", "global_clipnorm"),
        "A clip's name may be there with None, which means “not used”: look at its value.",
    ),
    Mistake(
        _either("momentum", "use_ema"),
        "The average is counted only where there is no momentum. Each has an array of its own: "
        "if, not elif.",
    ),
    Mistake(
        _either("use_ema", "clipnorm", "global_clipnorm"),
        "The clip is counted only where there is no average. Each moves numbers of its own: "
        "if, not elif.",
    ),
    Mistake(
        _either("momentum", "use_ema", "clipnorm", "global_clipnorm"),
        "Only the first argument that is used is counted. Each moves numbers of its own: if, "
        "not elif.",
    ),
    Mistake(
        lambda *given: (_floor(*given)[0], 1 / _floor(*given)[1]),
        "The bytes are right. The time is upside down: bytes divided by bytes a second.",
    ),
    Mistake(
        lambda *given: (_floor(*given)[0], int(_floor(*given)[1])),
        "The bytes are right. // cuts the milliseconds to whole ones: use /.",
    ),
    Mistake(
        lambda weights, *others: (
            _floor(weights, *others)[0] * weights,
            _floor(weights, *others)[1],
        ),
        "The time is right. The first result is for one weight; yours is for all.",
    ),
    Mistake(
        _counted(weight_decay=1, nesterov=1),
        "Neither Nesterov nor weight decay reads anything new: w, v and g are at hand already.",
    ),
)

#: Numbers that are moved -> its sentence, for each argument; the right number first.
PLAIN = {
    3: "",
    2: "A plain step reads w and g, and writes w.",
    4: "A plain step reads w and g, and writes w: no fourth number.",
    1: "A plain step reads w and g, and writes w.",
}
MOMENTUM = {
    2: "",
    1: "The velocity is read and written.",
    3: "Momentum moves the velocity alone besides, read and written.",
    0: "Momentum's velocity is an array of its own.",
}
AVERAGE = {
    2: "",
    1: "The average is read and written.",
    3: "The average is read and written; the new w is at hand.",
    0: "The average is an array of its own.",
}
NORM = {
    1: "",
    2: "A norm reads g once more, and writes nothing.",
    0: "A norm must have read all of g before the first weight moves.",
    3: "A norm reads g once more, no more than that.",
}


def _slips():
    """Mistakes in how much one argument moves, then in two of them."""
    tables = [[*table.items()] for table in (PLAIN, MOMENTUM, AVERAGE, NORM)]
    lines = [*product(*tables), *product(*(table[:3] for table in tables))]
    for wanted, some in ((1, lines), (2, lines[-81:])):
        yield from (_slip(each) for each in some if sum(bool(w) for _, w in each) == wanted)


def _slip(lines):
    (plain, momentum, average, norm), words = zip(*lines)
    counts = {"use_ema": average, "clipnorm": norm, "global_clipnorm": norm}
    because = " ".join(filter(None, words))
    return Mistake(_counted(plain - 3, momentum=momentum, **counts), because)


FLOOR = Observed(
    name="13.floor",
    title="The floor of a step",
    asks="floor",
    points=3,
    results=("bytes_a_weight", "milliseconds"),
    reference=_floor,
    shown=CASES,
    draw=_floor_arguments,
    observe=_says,
    mistakes=distinct(_floor, [case.arguments for case in CASES], KNOWN, _slips()),
    hints=(
        "Go through the arrays that a step must touch. For each ask: read, written, or both?",
        "w is read and written, g is read: 3 numbers. Momentum and the average have an array each, "
        "read and written. A norm reads g once more.",
        "With n numbers of `size` bytes: return n * size and n * size * weights / (bandwidth * "
        "1e9) * 1e3. arguments.get(name) is None where the name is not there.",
    ),
)
