"""13.add, write sums in another order: The same numbers, another sum."""

import numpy as np

from course.checks.tasks import Case, Mistake, Observed


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


def _sums(numbers, replicas):
    return [_one_by_one(part) for part in _shares(numbers, replicas)]


def _in_64_bits_within(numbers, replicas):
    total = np.float32(0)
    for part in _shares(numbers, replicas):
        total = np.float32(float(total) + sum(part))
    return total


def _running_sums(numbers, replicas):
    """The replicas' sums, each going on from the one before."""
    sums, total = [], np.float32(0)
    for part in _shares(numbers, replicas):
        total = _one_by_one([total, *part])
        sums.append(total)
    return sums


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


def _observe(arguments, yours, expected):
    """What the replicas' sums are in this case, and how many numbers they are made of."""
    numbers, replicas = arguments
    sums = ", ".join(f"{part:.9g}" for part in _sums(numbers, replicas))
    share = len(numbers) // replicas
    return f"Here a share has {share} numbers, and the shares' sums, in float32, are {sums}."


ADD = Observed(
    name="13.add",
    title="The same numbers, another sum",
    work="write",
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
    observe=_observe,
    mistakes=(
        Mistake(
            lambda numbers, replicas: 0.0,
            "Nothing is added yet: put your lines in place of the dots.",
            untouched=True,
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
        Mistake(
            lambda numbers, replicas: _one_by_one(numbers[-len(numbers) // replicas :]),
            "That is the last replica's sum alone: is each share's sum added to the total?",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                _sums(numbers, replicas)[: len(numbers) // replicas]
            ),
            "Only len(numbers) // replicas of the shares are in your total: there are `replicas` "
            "of them.",
        ),
        Mistake(
            _in_64_bits_within,
            "The replicas' sums are joined in float32. But within a replica you added in 64 bits: "
            "round there after each addition, too.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(_sums(numbers, replicas)[1:]),
            "The first replica's sum is missing in your total.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(_sums(numbers, replicas)[:-1]),
            "The last replica's sum is missing in your total.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(part[:-1]) for part in _shares(numbers, replicas)]
            ),
            "The last number of each share is missing: a slice ends before its second number.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(part[1:]) for part in _shares(numbers, replicas)]
            ),
            "The first number of each share is missing.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(_running_sums(numbers, replicas)),
            "A replica's sum goes on from that of the replica before: begin each share at 0.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one([1.0, *part]) for part in _shares(numbers, replicas)]
            ),
            "Each share begins at 1. A sum begins at 0.",
        ),
        Mistake(
            lambda numbers, replicas: np.sum(np.array(numbers, "float32")),
            "np.sum adds all numbers, in an order of its own. Each replica adds its own share, one "
            "by one.",
        ),
        Mistake(
            lambda numbers, replicas: _one_by_one(
                [_one_by_one(numbers[i * replicas : (i + 1) * replicas]) for i in range(replicas)]
            ),
            "Your shares have `replicas` numbers each. There are so many shares; each has "
            "len(numbers) // replicas numbers.",
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
