"""Exercise 13, GPUs and many devices: six tasks, two to write and one to put in order."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule

# ---- 1, write the floor ----------------------------------------------------------------


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
_AVERAGED = {"momentum": 0.0, "use_ema": True, "clipnorm": None}

FLOOR = Rule(
    name="13.floor",
    title="The floor of a step",
    asks="floor",
    points=3,
    results=("bytes_a_weight", "milliseconds"),
    reference=_floor,
    shown=(
        Case("plain, float32", (1_000_000, {}, 4, 100.0)),
        Case("momentum, float32", (1_000_000, _MOMENTUM, 4, 100.0)),
        Case("momentum and decay, two bytes a number", (1_000_000, _DECAYED, 2, 100.0)),
        Case("Nesterov", (50_000_000, _LOOK_AHEAD, 4, 1000.0)),
        Case("an average; momentum and clipnorm are off", (50_000_000, _AVERAGED, 4, 1000.0)),
        Case("clipped by the norm", (50_000_000, {"global_clipnorm": 1.0}, 4, 1000.0)),
        Case("clipped by value", (50_000_000, {"clipvalue": 1.0}, 4, 1000.0)),
    ),
    draw=_floor_arguments,
    mistakes=(
        Mistake(
            lambda weights, arguments, size, bandwidth: (0.0, 0.0),
            "Nothing is counted yet: put your lines in place of the dots.",
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
            "Nesterov reads nothing new: w, v and g are at hand already. It costs what momentum "
            "costs.",
        ),
        Mistake(
            _counted(nesterov=2),
            "Nesterov reads nothing new: w, v and g are at hand already. It costs what momentum "
            "costs.",
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
            "The norm needs all gradients before the first weight may move: they are read once "
            "more.",
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
    ),
    hints=(
        "Go through the arrays that a step must touch. For each ask: read, written, or both?",
        "w is read and written, g is read: 3 numbers. Momentum and the average have an array each, "
        "read and written. A norm reads g once more.",
        "With n numbers of `size` bytes: return n * size and n * size * weights / (bandwidth * "
        "1e9) * 1e3. arguments.get(name) is None where the name is not there.",
    ),
)

# ---- 2, predict a number ---------------------------------------------------------------

CLIPPED = Number(
    name="13.clipped",
    title="Two replicas and a clip",
    asks="w_by_keras",
    points=0,
    reference=-0.15,
    mistakes=(
        Mistake(
            -0.2,
            "That is what one device does, and `course.SGD`: sum, then clip. Keras clips on each "
            "replica.",
        ),
        Mistake(-0.95, "Without a clip it would be that. Which of the two gradients is too long?"),
        Mistake(
            -0.075,
            "Keras adds the replicas' gradients; it does not average them.",
        ),
        Mistake(
            -0.4,
            "Each replica is clipped, but a gradient that is shorter than the threshold passes as "
            "it is, with its sign.",
        ),
        Mistake(
            0.0,
            "A clip shortens what is too long. It does not lengthen the other one.",
        ),
        Mistake(-0.25, "The gradient of the second replica is negative: it takes away."),
        Mistake(0.15, "The size is right. Descent goes against the gradient."),
        Mistake(1.5, "That is the joined gradient. Take the step."),
        Mistake(-1.5, "That is minus the joined gradient. Multiply by the learning rate."),
        Mistake(
            -0.1,
            "You clipped by 1.5, or the sum to 1: each replica's gradient alone is clipped to 2.",
        ),
    ),
    hints=(
        "In which order do the clip and the sum over replicas come in Keras?",
        "Each replica clips its own gradient to length 2, where it is longer. Then they are added.",
        "10 becomes 2, -0.5 stays. The weight moves by -0.1 times their sum.",
    ),
)

# ---- 3, put the stages in order --------------------------------------------------------


def _step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
    examples = np.concatenate(parts)
    gradient = np.sum(w - examples, axis=0) / len(examples)
    gradient = gradient * clipnorm / np.maximum(np.sqrt(np.sum(gradient**2)), clipnorm)
    v = momentum * v - learning_rate * gradient
    return w + v, v


def _shorten(gradient, clipnorm):
    return gradient * clipnorm / max(np.sqrt(np.sum(gradient**2)), clipnorm)


def _ordered(stages):
    """A known mistake: stages on each replica's sum of gradients, then momentum's step.

    stages: letters: c clips each, r sums over replicas, a divides by all examples, l each by its
    own examples, f each by the first one's, m by the number of replicas, z adds no more than the
    first replica's.
    """

    def step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
        gradients = [np.sum(w - part, axis=0) for part in parts]
        sizes = [len(part) for part in parts]
        for stage in stages:
            if stage == "r":
                gradients = [sum(gradients)] * len(parts)
            elif stage == "c":
                gradients = [_shorten(g, clipnorm) for g in gradients]
            else:
                by = {"a": sum(sizes), "f": sizes[0], "m": len(parts)}.get(stage)
                gradients = [g / (by or size) for g, size in zip(gradients, sizes)]
        v = momentum * v - learning_rate * gradients[0]
        return w + v, v

    return step_on_all


def _clips_the_velocity(w, v, parts, learning_rate, momentum, clipnorm):
    v = _ordered("ra")(w, v, parts, learning_rate, momentum, clipnorm)[1]
    return w + _shorten(v, clipnorm), _shorten(v, clipnorm)


def _parts_arguments(random):
    sizes = random.permutation([1, 2, 4])[: random.integers(2, 4)]
    centre = random.normal(size=2) * 4
    parts = [centre + 2 * random.normal(size=(int(size), 2)) for size in sizes]
    w, v = random.normal(size=(2, 2))
    rate, momentum, decades = random.uniform((0.05, 0.5, -0.3), (0.3, 0.9, 1.5))
    return w, 0.1 * v, parts, float(rate), float(momentum), float(10**decades)


_ONE = np.array([[3.0, 4.0]])
_FOUR = np.array([[3.0, 0.0], [3.0, 0.0], [0.0, 0.0], [-2.0, 8.0]])


def _from(v, parts, clipnorm):
    """Arguments at w = (0, 0); fresh arrays, so that none is two arguments at once."""
    return np.zeros(2), np.array(v), [part.copy() for part in parts], 0.1, 0.9, clipnorm


STAGES = Rule(
    name="13.stages",
    title="A step on all replicas",
    asks="step_on_all",
    points=2,
    results=("w", "v"),
    reference=_step_on_all,
    shown=(
        Case("one replica, one example", _from([0.0, 0.0], [_ONE], 1.0)),
        Case("the batch on one replica", _from([0.0, 0.0], [_FOUR], 1.0)),
        Case("the same batch on two", _from([0.0, 0.0], [_FOUR[:3], _FOUR[3:]], 1.0)),
        Case("rolling fast", _from([6.0, 8.0], [_FOUR[:3], _FOUR[3:]], 1.0)),
        Case("with a high threshold", _from([1.0, 1.0], [_FOUR[:3], _FOUR[3:]], 100.0)),
    ),
    draw=_parts_arguments,
    mistakes=(
        Mistake(
            _ordered("car"),
            "You clip each replica's sum of gradients, before anything else. One device clips what "
            "its optimizer gets, the joined batch's mean gradient.",
        ),
        Mistake(
            _ordered("acr"),
            "That is Keras's order: each replica clips alone, and the sum may be longer than the "
            "threshold. One device sums first.",
        ),
        Mistake(
            _ordered("rca"),
            "You clip after the sum: right. But a sum over examples is no mean yet: divide before "
            "you clip.",
        ),
        Mistake(
            _ordered("ra"),
            "The clip is missing: it belongs between the joined mean and the step.",
        ),
        Mistake(
            _ordered("rc"),
            "The division is missing: the optimizer must get the mean gradient, not the sum.",
        ),
        Mistake(
            _ordered("ac"),
            "The replicas never meet: without all_reduce each has its own examples' gradient.",
        ),
        Mistake(
            _ordered("lrc"),
            "Each replica divides by its own examples, and these means are then added: divide by "
            "the examples of all replicas together.",
        ),
        Mistake(
            _ordered("lrmc"),
            "You average the replicas' means. That is right for equal parts only: else one example "
            "on a small part counts more.",
        ),
        Mistake(
            _ordered("frc"),
            "You divide by the first replica's examples. Divide by those of all together.",
        ),
        Mistake(
            _ordered("rmc"),
            "You divide by the number of replicas. Divide by that of the examples on all of them.",
        ),
        Mistake(
            _ordered("rrac"),
            "You summed twice: after one all_reduce every replica holds the whole sum already.",
        ),
        Mistake(
            _ordered("raac"),
            "You divided twice by the number of examples.",
        ),
        Mistake(
            _clips_the_velocity,
            "You clipped the velocity. The clip is for the gradient, before it enters there.",
        ),
        Mistake(
            lambda *given: _step_on_all(*given)[::-1],
            "The two values are right, but swapped: return w first, then v.",
        ),
    ),
    hints=(
        "What does one device do with the whole batch? Its clip never sees a part of it.",
        "Three stages are to be ordered: the clip, the sum over replicas and the division. Two of "
        "them may be swapped; the third is the last.",
        "differentiate, average, all_reduce, clip, move.",
    ),
)

# ---- 4, write sums in another order ----------------------------------------------------


def _add(numbers, replicas):
    share = len(numbers) // replicas
    total = np.float32(0)
    for first in range(0, len(numbers), share):
        part = np.float32(0)
        for number in numbers[first : first + share]:
            part = np.float32(part + number)
        total = np.float32(total + part)
    return total


def _one_by_one(numbers):
    total = np.float32(0)
    for number in numbers:
        total = np.float32(total + np.float32(number))
    return total


def _shares(numbers, replicas):
    return np.array(numbers, float).reshape(replicas, -1)


def _in_pairs(parts):
    while len(parts) > 1:
        parts = [_one_by_one(parts[i : i + 2]) for i in range(0, len(parts), 2)]
    return parts[0]


def _numbers_arguments(random):
    """Small integers among large ones that cancel: what float32 loses depends on the order."""
    share = int(random.choice([3, 5, 6]))
    numbers = random.integers(1, 10, size=(4, share)).astype(float)
    # Pairs of replicas for which every other order of joining gives another sum.
    across, back = random.permutation([(0, 2), (1, 2), (2, 3)][random.integers(3)])
    within = random.choice([k for k in range(4) if k not in (across, back)])
    here, there = random.permutation(share)[:2]
    large = 2.0**27 * random.integers(1, 8, size=2)
    numbers[across, random.integers(share)] = large[0]
    numbers[back, random.integers(share)] = -large[0]
    numbers[within, [here, there]] = large[1], -large[1]
    return numbers.ravel().tolist(), 4


_BIG = 1e8

ADD = Rule(
    name="13.add",
    title="The same numbers, another sum",
    asks="add",
    points=3,
    results=("total",),
    reference=_add,
    shown=(
        Case("small numbers", ([1.0, 2.0, 3.0, 4.0], 2)),
        Case("1e8, 1, -1e8, 1 on one replica", ([_BIG, 1.0, -_BIG, 1.0], 1)),
        Case("the same on two", ([_BIG, 1.0, -_BIG, 1.0], 2)),
        Case("in another order, on two", ([_BIG, -_BIG, 1.0, 1.0], 2)),
        Case("on three", ([1.0, 1.0, _BIG, 0.0, -_BIG, 0.0], 3)),
    ),
    draw=_numbers_arguments,
    mistakes=(
        Mistake(
            lambda numbers, replicas: 0.0,
            "Nothing is added yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda numbers, replicas: sum(numbers),
            "That is the sum in Python's own 64 bits, rounded once if at all. Round to float32 "
            "after each addition, as the devices do.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(numbers),
            "You added all of them one by one, as a single replica would. Each replica adds its "
            "own share first.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(_shares(numbers, replicas).sum(axis=1)),
            "The replicas' sums are joined in float32. But within a replica you added in 64 bits: "
            "round there after each addition, too.",
        ),
        Mistake(
            lambda numbers, replicas: sum(
                float(_one_by_one(part)) for part in _shares(numbers, replicas)
            ),
            "Each replica adds in float32. But their sums are joined in 64 bits: round there after "
            "each addition, too.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(numbers[k::replicas]) for k in range(replicas)]
            ),
            "You dealt the numbers in turn, like cards. A share is a piece in a row: the first "
            "replica has the first ones.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(numbers[i : i + replicas]) for i in range(0, len(numbers), replicas)]
            ),
            "Your shares have `replicas` numbers each. There are so many shares; each has "
            "len(numbers) // replicas numbers.",
        ),
        Mistake(
            lambda numbers, replicas: _in_pairs(
                [_one_by_one(part) for part in _shares(numbers, replicas)]
            ),
            "You joined the replicas' sums in pairs. Here they are added one by one, in their "
            "order: another tree is another rounding.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(part[::-1]) for part in _shares(numbers, replicas)]
            ),
            "Each share is added from its end. Begin with its first number.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(part) for part in _shares(numbers, replicas)][::-1]
            ),
            "The replicas' sums are joined from the last one on. Begin with the first.",
        ),
        Mistake(
            lambda numbers, replicas: _add(numbers, replicas) / replicas,
            "The replicas' sums are added, not averaged.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(numbers[: len(numbers) // replicas]),
            "That is the first replica's sum alone. Go on with the other shares.",
        ),
    ),
    hints=(
        "Two loops: one over the replicas' shares, one over the numbers of a share. Both add.",
        "np.float32(a + b) is the sum of a and b, rounded to float32. Each loop begins with "
        "np.float32(0).",
        "share = len(numbers) // replicas; replica k has numbers[k * share : (k + 1) * share]. "
        "Within: part = np.float32(part + number). After it: total = np.float32(total + part).",
    ),
)

# ---- 5, read a picture -----------------------------------------------------------------

START = 10e-6  # seconds to start an operation
#: Variables, weights in each, operations for each variable, bytes moved for each weight.
SITUATIONS = ((1, 25_000_000, 4, 40), (1, 25_000_000, 1, 20), (1000, 100, 1, 20))


def milliseconds(variables, weights, operations, size, bandwidth):
    """A step's time as chapter 13 counts it: operations to start, and bytes to move.

    Units:  size in bytes a weight, bandwidth in GB/s; returns milliseconds.
    """
    return 1e3 * variables * (operations * START + weights * size / (bandwidth * 1e9))


def _bars(figure):
    """Three situations on two machines; which is which is unsaid."""
    axes = figure.subplots()
    for shift, bandwidth, colour, hatch in ((-0.2, 50, "0.35", ""), (0.2, 1000, "white", "//")):
        times = [milliseconds(*SITUATIONS[i], bandwidth) for i in (2, 0, 1)]
        label = f"{bandwidth} GB/s"
        look = {"color": colour, "edgecolor": "black", "hatch": hatch, "label": label}
        axes.bar_label(axes.bar(np.arange(3) + shift, times, 0.38, **look), fmt="%.1f")
    axes.set_xticks(range(3), "ABC")
    axes.set(ylabel="milliseconds a step", ylim=(0, 23))
    axes.legend()


BARS = Choice(
    name="13.bars",
    title="What faster memory buys",
    asks="bars",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_bars,
    mistakes=(
        Mistake(
            "CBA",
            "You found the thousand variables. Of the other two, one moves 40 bytes a weight and "
            "one 20: which bar is the longer?",
        ),
        Mistake(
            "BAC",
            "You found the separate operations. Of the other two, one moves half a gigabyte, and "
            "one next to nothing: which of them gains by faster memory?",
        ),
        Mistake(
            "ACB",
            "You found the fused operation on one variable. The longest bar is not the thousand "
            "small ones: it shrinks with the bandwidth, so it is made of bytes.",
        ),
        Mistake(
            "ABC",
            "Begin with A: faster memory does not help it. Which of the three hardly moves any "
            "bytes?",
        ),
        Mistake(
            "CAB",
            "Begin with A: faster memory does not help it. Which of the three hardly moves any "
            "bytes?",
        ),
    ),
    hints=(
        "Each step takes time for two things. Which of them does the bandwidth change?",
        "1000 operations of 10 µs are 10 ms, whatever the memory; 25 million weights times 20 "
        "bytes are 10 ms at 50 GB/s.",
        "A does not change, so it is made of starts: run 3. B moves twice the bytes of C.",
    ),
)

# ---- 6, choose numbers that reach a goal -----------------------------------------------

EXAMPLES, LARGEST, LONGEST, AT_LEAST = 100_000, 1024, 10.0, 0.65
EACH, GRADIENT, LINK, UPDATE = 0.4e-3, 100e6, 10e9, 0.5e-3  # seconds, bytes, bytes/s, seconds


def step_parts(devices, batch):
    """The three parts of a step: computing gradients, adding them up over devices, updating.

    Shapes: devices and batch are whole numbers, or arrays of them that broadcast.
    Units:  returns seconds; what an image, a byte and an update cost stands above.
    """
    computing = np.ceil(batch / devices) * EACH
    adding = 2 * (devices - 1) / devices * GRADIENT / LINK
    return computing, adding, UPDATE


def _reach(devices, batch):
    """Whether an epoch is short enough, and the devices spend their time on gradients."""
    if devices < 1 or batch < devices or devices % 1 or batch % 1:
        return False, "Both must be whole numbers, with at least one example for each device."
    if batch > LARGEST:
        return False, f"The batch may have at most {LARGEST} examples."
    parts = step_parts(devices, batch)
    epoch, share = np.ceil(EXAMPLES / batch) * sum(parts), parts[0] / sum(parts)
    if epoch <= LONGEST and share >= AT_LEAST:
        return True, ""
    computing, adding, _ = (1e3 * part for part in parts)
    return False, (
        f"A step computes for {computing:.1f} ms and adds up for {adding:.1f} ms: {share:.0%} of "
        f"the time goes into gradients, and an epoch takes {epoch:.1f} s."
    )


GOAL = Goal(
    name="13.goal",
    title="How many devices",
    asks="devices_and_batch",
    points=2,
    results=("devices", "batch"),
    reach=_reach,
    reached=f"an epoch takes at most {LONGEST:g} s, and the devices compute for at least "
    f"{AT_LEAST:.0%} of it",
    reference=(8, 1024),
    mistakes=(
        Mistake(
            (1, 32),
            "One device needs 40 s for the gradients of an epoch alone; and each of the many small "
            "steps updates, too.",
        ),
        Mistake(
            (8, 256),
            "Eight devices, but each step gives them little to compute, and the sum over devices "
            "costs the same whatever the batch.",
        ),
        Mistake(
            (16, 1024),
            "Fast enough. But more devices make each one's part smaller, and the sum no cheaper: "
            "more than a third of the time they wait.",
        ),
        Mistake((32, 1024), "Thirty-two devices spend most of their time on adding up."),
        Mistake((4, 1024), "They compute nearly all of the time. But four are too few for 10 s."),
    ),
    hints=(
        "Which part of a step gets shorter with more devices, and which one with none?",
        "The sum over devices costs up to 20 ms a step. Take few, long steps: the largest batch.",
        "With 1024 examples a step, try 6, 8 and 10 devices.",
    ),
)

TASKS = (FLOOR, CLIPPED, STAGES, ADD, BARS, GOAL)
