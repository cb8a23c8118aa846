"""Values and calls as Python writes them, ready to paste; and where two numbers part."""

import numpy as np

#: Characters of a call that is shown whole.
LONGEST = 300
#: Significant digits by which two numbers of 64 bits can be told apart.
ALL_DIGITS = 17


def value_text(value):
    """A value as Python text that gives it back, with all its digits; arrays as np.array(…)."""
    if isinstance(value, np.ndarray):
        return f"np.array({_inner(value.tolist())})"
    if isinstance(value, list | tuple):
        parts = ", ".join(map(value_text, value))
        return f"[{parts}]" if isinstance(value, list) else f"({parts}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {value_text(each)}" for key, each in value.items()) + "}"
    return _inner(value.item() if isinstance(value, np.generic) else value)


def _inner(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_inner, value))}]"
    if isinstance(value, float) and not np.isfinite(value):
        return f"np.{value}" if value >= 0 or value != value else "-np.inf"
    return repr(value)


def call_text(function, arguments, task, number):
    """A call of the learner's function, ready to paste; where it is long, how to make it.

    task, number: the task's name and the number of its case.
    """
    text = f"{function}({', '.join(map(value_text, arguments))})"
    if len(text) <= LONGEST:
        return text
    return (
        f"{function}(*case.arguments), after: from course.checks import find; "
        f'case = find("{task}").cases()[{number}]'
    )


def where_they_part(name, expected, yours):
    """A sentence on two arrays of one shape that print alike; "" where they are the same.

    name: the result's.
    """
    apart = np.flatnonzero(~((expected == yours) | (np.isnan(expected) & np.isnan(yours))))
    if not apart.size:
        return ""
    place = np.unravel_index(apart[np.argmax(_gaps(expected, yours)[apart])], expected.shape)
    one, other, digits = _apart(float(expected[place]), float(yours[place]))
    which = f"{name}[{', '.join(map(str, place))}]" if expected.ndim else name
    says = f"{which} differs in the {_ordinal(digits)} digit: {one} is expected, {other} came."
    return says + (" Has something been rounded?" if digits > 4 else "")


def _gaps(expected, yours):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.abs(np.ravel(expected) - np.ravel(yours)), posinf=np.inf)


def _apart(one, other):
    """Two numbers with as many digits as it takes to tell them apart, and how many these are."""
    for digits in range(4, ALL_DIGITS + 1):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return *texts, digits


def _ordinal(number):
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"
