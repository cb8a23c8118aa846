"""Values as plain JSON data and back, and numbers as rounded text.

Used on both sides of the wall; NumPy is all it needs.
"""

import math
import re
from itertools import zip_longest

import numpy as np

LARGEST = 1_000_000  # numbers in an array
DEEPEST = 8  # its dimensions


def encode(value):
    """A value as JSON data: numbers, strings, None, arrays; lists, tuples and dicts of them.

    Errors: TypeError for any other kind.
    """
    if isinstance(value, np.ndarray | np.generic):
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        flat = np.ravel(value).tolist()
        return {kind: flat, "dtype": value.dtype.str, "shape": list(np.shape(value))}
    if isinstance(value, list | tuple):
        parts = [encode(part) for part in value]
        return parts if isinstance(value, list) else {"tuple": parts}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(part)] for key, part in value.items()]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is no plain value.")


def decode(data):
    """The value that `encode` turned into `data`; each array is a new one.

    Errors: ValueError for an array of no numbers or of a huge shape, which a hostile hand wrote.
    """
    if isinstance(data, list):
        return [decode(part) for part in data]
    if not isinstance(data, dict):
        return data
    if "tuple" in data:
        return tuple(decode(part) for part in data["tuple"])
    if "dict" in data:
        return {decode(key): decode(part) for key, part in data["dict"]}
    shape, kind = data["shape"], data["dtype"]
    if len(shape) > DEEPEST or not re.fullmatch(r"[<>|=][biufc]\d{1,2}", kind):
        raise ValueError("This is no array of numbers.")
    if math.prod(max(int(length), 1) for length in shape) > LARGEST:
        raise ValueError("This is no array of numbers that fits.")
    flat = np.array(data.get("array", data.get("scalar")), dtype=data["dtype"])
    array = flat.reshape(data["shape"])
    return array if "array" in data else array[()]


def in_units(value, units):
    """An array as text: its shape, and each number as a whole number of steps.

    units: [place, halves]: a step is 10**place, and where a number's half is 1, its steps begin
           half a step further. A number for which there is no half has none. A shape may follow:
           then the number 0 stands for zeros of that shape.
    """
    place, halves, *shape = units
    if shape and value.ndim == 0 and value == 0:
        value = np.zeros(shape[0])
    flat = value.ravel().tolist()
    numbers = [steps(x, place, half or 0) for x, half in zip_longest(flat, halves[: len(flat)])]
    return f"{value.shape} {' '.join(numbers)}"


def steps(number, place, half=0):
    """The whole number of steps of 10**place that is nearest to a number, as text; no -0."""
    steps = number / 10.0**place + half / 2
    return str(math.floor(steps + 0.5)) if math.isfinite(steps) else str(steps)
