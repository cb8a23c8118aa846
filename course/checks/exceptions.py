"""What is said of an exception that a learner's function raised: what it means, and what to do."""

import difflib
import re

from course.checks import answer_text

LONGEST = 1000  # characters of its text that are looked at: it may be any text of any length
#: The exception's class, a pattern in its text, and what it means.
_MEANS = (
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "`{0}` is read before it has a value: its line comes later, or stands in an `if` or a loop "
        "that was not entered.",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "An array has no single truth value: use np.where, np.minimum or np.maximum, or ask for "
        ".any() or .all().",
    ),
    (
        "TypeError",
        r"only .*(?:length-1|size-1|0-dimensional) arrays can be converted",
        "An array came in where your line takes one number: use NumPy's function in place of "
        "math's or Python's.",
    ),
    (
        "TypeError",
        r"'ellipsis'|\bellipsis\b",
        "There is still `...` in your lines; put your answer in its place.",
    ),
    (
        "TypeError",
        r"operand type\(s\) for \^=?:|bitwise_xor",
        answer_text.NO_POWER,
    ),
    (
        "TypeError",
        r"'NoneType'",
        "Something in your lines is None: a function that ends without return gives None.",
    ),
    (
        "TypeError",
        r"unsupported operand type.*'list'|can't multiply sequence|'list' and|and 'list'",
        "A list cannot be computed with as a whole: go through it in a loop, or use np.array.",
    ),
    (
        "TypeError",
        r"'(\w+)' object is not callable",
        "Brackets after something that is no function call it: is there a `*` missing, or has a "
        "function's name been given another value?",
    ),
    (
        "TypeError",
        r"'(?:float|int|numpy\.float64)' object is not (?:subscriptable|iterable)",
        "A number came in where your line expects a list or an array.",
    ),
    (
        "AttributeError",
        r"'(?:float|int|numpy\.float64)' object has no attribute",
        "A number came in where your line expects an array.",
    ),
    (
        "IndexError",
        r"out of (?:range|bounds)",
        "Your index is beyond the end: the first is 0, the last one less than the length.",
    ),
    (
        "ValueError",
        r"could not be broadcast together with shapes",
        "Two arrays in one line have shapes that do not fit: print their .shape.",
    ),
    (
        "ValueError",
        r"matmul: .*\(size (\d+) is different from (\d+)\)",
        "What stands to the left of `@` ends with a length of {1}, what stands to the right begins "
        "with {0}: the two must be equal. Print both .shape: is a .T missing, or is one too many?",
    ),
    (
        "ValueError",
        r"shapes \(([^)]*)\) and \(([^)]*)\) not aligned",
        "The shapes ({0}) and ({1}) do not fit: the last length of the first must be the first "
        "length of the second. Is a .T missing, or is one too many?",
    ),
    (
        "ValueError",
        r"matmul: .*does not have enough dimensions",
        "One side of `@` is a number: `@` takes arrays, numbers are multiplied by `*`.",
    ),
    ("LinAlgError", r"Singular matrix", "This matrix has no inverse: its determinant is 0."),
    (
        "LinAlgError",
        r"(\d)-dimensional array given",
        "A matrix is wanted here, of shape (n, n); what came in is {0}-dimensional.",
    ),
    (
        "LinAlgError",
        r"must be square",
        "A square matrix is wanted here, of shape (n, n): print the .shape of what comes in.",
    ),
    (
        "AttributeError",
        r"Tensor' object has no attribute 'assign'",
        "A tensor never changes. What is to be remembered must be a variable, as "
        "self.add_optimizer_variables makes them.",
    ),
    (
        "TypeError",
        r"list indices must be integers or slices, not (\w+)",
        "A list is asked by a place, a whole number; what stands in the brackets is of type {0}.",
    ),
    (
        "TypeError",
        r"slice indices must be integers",
        "A slice goes from one whole number to another: is there a / in place of //?",
    ),
    (
        "ValueError",
        r"Argument\(s\) not recognized: \{'(\w+)'",
        "`{0}` is handed to an __init__ that does not take it: by get_config, or in super()?",
    ),
    (
        "TypeError",
        r"doesn't define __round__",
        "Python's round takes one number, and an array came in. Nothing needs to be rounded here.",
    ),
    (
        "AssertionError",
        r"",
        "An assert in your lines failed. It ends the call, so nothing is returned: return what is "
        "wanted in place of it.",
    ),
    ("ZeroDivisionError", r"", "A number that is 0 comes in here, and your line divides by it."),
    ("RecursionError", r"", "Your function calls itself without end."),
)


def cause(task, sentence):
    """A sentence on what an exception means; "" for one that is not known, and for none.

    sentence: a `calling.Sentence`, "ball_step raised NameError: name 'np' is not defined".
    """
    kind, text = sentence.error, sentence.partition(": ")[2][:LONGEST]
    if kind == "NameError":
        return of_name(task, *re.findall(r"name '(\w+)'", text)[:1])
    own = re.search(rf"'{task.asks}' object has no attribute '(\w+)'", text)
    if kind == "AttributeError" and own:
        return (
            f"Nothing has given `self.{own[1]}` a value when it is read: in __init__ or in build?"
        )
    if kind == "TypeError" and re.search(r"positional argument", text) and task.asks in text:
        return _of_arguments(task, text)
    for name, pattern, means in _MEANS:
        found = re.search(pattern, text) if kind == name else None
        if found:
            return means.format(*found.groups())
    return ""


def of_name(task, name=""):
    """A sentence on a name that is not defined: where it comes from, or what may be meant."""
    if not name:
        return ""
    cell = answer_text.given_in(task, name)
    if cell:
        return f"`{name}` comes from the cell “{cell}” of this sheet: run that one first."
    near = difflib.get_close_matches(name, answer_text.parameters(task), n=1)
    return f"Did you mean `{near[0]}`?" if near else f"No line gives `{name}` a value."


def _of_arguments(task, text):
    names = answer_text.parameters(task)
    if names:
        return f"Keep the sheet's first line: def {task.asks}({', '.join(names)})."
    if "__init__()" in text:
        first = answer_text.first_line(task)
        return f"Keep the first line of the sheet's __init__: {first}" if first else ""
    method = re.findall(r"\.(\w+)\(\) takes", text)
    return f"Is `self` missing in the first line of `{method[0]}`?" if method else ""
