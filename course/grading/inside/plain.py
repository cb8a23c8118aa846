"""Values as plain JSON data and back, and numbers as rounded text.

Used on both sides of the wall; NumPy is all it needs.
"""

import math
import re

import numpy as np

TINY = 1e-9  # as small as this is nothing: what remains where two numbers cancel
LARGEST = 1_000_000  # numbers in an array
DEEPEST = 8  # its dimensions
LAST = 5  # significant digits, where nobody asked for others


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


def rounded(value, digits=LAST):
    """A number with so many significant digits; no -0, and what is tiny is 0."""
    if not math.isfinite(value):
        return str(float(value))
    return "0" if abs(value) < TINY else f"{value:.{digits - 1}e}"
