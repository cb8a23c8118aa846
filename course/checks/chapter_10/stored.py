"""10.stored, repair a number format: A number in a few bits."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


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


def _observe(arguments, yours, expected):
    value, exponent_bits, fraction_bits = arguments
    bias = 2 ** (exponent_bits - 1) - 1
    largest = (2 - 2.0**-fraction_bits) * 2.0**bias
    spacing = 2.0 ** (max(np.floor(np.log2(value)), 1 - bias) - fraction_bits)
    if value > 2 * largest:
        return f"The largest number of this format is {largest:.6g}."
    return (
        f"The format's numbers are {spacing:.6g} apart here, so the value is {value / spacing:.6g} "
        f"and yours {float(yours[0]) / spacing:.6g} times that; its largest is {largest:.6g}."
    )


STORED = Observed(
    name="10.stored",
    title="A number in a few bits",
    work="repair",
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
        Case("65510 in float16, just above its largest", (65510.0, 5, 10)),
        Case("65520 in float16, a tie with what would come next", (65520.0, 5, 10)),
    ),
    draw=_stored_arguments,
    mistakes=(
        Mistake(
            _stored_with(_NO_END, np.floor, _anything),
            "Nothing is repaired yet: try a small value, a large one, and one just below the next "
            "number of the format.",
            untouched=True,
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
            _stored_with(0, np.round, lambda bias, bits: (2 - 2.0**-bits) * 2.0 ** (bias + 1)),
            "Your format is one exponent too large at both ends. Is your bias right, and do you "
            "begin at 1 - bias and end at bias?",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: np.nan if np.isinf(right) else right),
            "Above the largest number you return nan. A format has inf there, which is a size, "
            "and no failure of a calculation.",
        ),
        Mistake(
            _then(lambda value, right, smallest, largest: 0.0 if np.isinf(right) else right),
            "Above the largest number you return 0. A format has inf there.",
        ),
        Mistake(
            _stored_with(whole=np.ceil),
            "Your exponent is rounded up, so the spacing is twice too large: a number is at least "
            "2**exponent, so take np.floor.",
        ),
        Mistake(
            _stored_with(whole=np.round),
            "Your exponent is rounded to the nearest, so it is too large for a fraction above "
            "0.41: a number is at least 2**exponent, so take np.floor.",
        ),
        Mistake(
            lambda value, e, f: _stored(value, e, f + 1),
            "Your spacing is half of what it should be: with fraction_bits bits the fraction grows "
            "in steps of 1/2**fraction_bits.",
        ),
        Mistake(
            lambda value, e, f: _stored(value, e, f - 1),
            "Your spacing is twice what it should be: with fraction_bits bits the fraction grows "
            "in steps of 1/2**fraction_bits.",
        ),
        Mistake(
            lambda value, e, f: value,
            "The value comes back as it was: a format has only some numbers.",
        ),
        Mistake(
            _stored_with(1, np.round, lambda bias, bits: (2 - 2.0**-bits) * 2.0 ** (bias - 1)),
            "Your largest number is half of what it should be: the last exponent in use is bias "
            "itself.",
        ),
    ),
    observe=_observe,
    hints=(
        "Try `stored(0.1, 3, 2)` and go on halving the value; then double it. What should happen "
        "at either end, and what does?",
        "Three lines: the exponent may not fall below 1 - bias, the quotient goes to the nearest "
        "whole number, and what comes out may be too large for the format.",
        "max(..., 1 - bias) around the exponent; np.round for np.floor; and at the end inf where "
        "the result is above (2 - 2.0**-fraction_bits) * 2.0**bias.",
    ),
)
