"""The quantities that come into a function, and how a wrong result differs by one of them.

A quantity is a number or an array, named as in the learner's own first line: "learning_rate",
"scales[0]", "learning_rate * gradient".
"""

from itertools import combinations, combinations_with_replacement

import numpy as np

from course.checks.calling import agree

FEW = 4  # entries of a list that are quantities of their own
DEEP = 3  # quantities in a product
MOST = 12  # quantities of which products are made
WHOLE = 10_000  # the largest factor that is told as a whole number


def parameter(parameters, position):
    """What an argument is called, by its position from 0."""
    return parameters[position] if position < len(parameters) else f"argument {position + 1}"


def _is_number(value):
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _is_array(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.size > 0


def came_in(arguments, parameters):
    """Name -> number or array, for all that came in as such, also as an entry of a short list."""
    found = {}
    for position, value in enumerate(arguments):
        name = parameter(parameters, position)
        if _is_number(value) or _is_array(value):
            found[name] = np.asarray(value, dtype=float)
        elif isinstance(value, list | tuple) and len(value) <= FEW:
            entries = [each for each in value if _is_number(each) or _is_array(each)]
            if len(entries) == len(value):
                found |= {f"{name}[{i}]": np.asarray(x, float) for i, x in enumerate(entries)}
    return found


def _table(seen, parameters):
    """Name -> its value in each case, for what comes in in every case."""
    each = [came_in(case.arguments, parameters) for case in seen]
    return {name: [one[name] for one in each] for name in each[0] if all(name in x for x in each)}


# ---- results that are, or differ by, what came in -------------------------------------


def as_it_came(seen, parameters, yours):
    """Which argument a result is, in all cases; "" for none."""
    for name, values in _table(seen, parameters).items():
        varies = any(not agree([value], [values[0]]) for value in values)
        if varies and all(agree([a], [b]) for a, b in zip(yours, values)):
            return name
    return ""


def by_a_number(yours, expected):
    """Whether a result is off by one factor in all cases: "is 2 times what it should be"."""
    pairs = [(a, b) for a, b in zip(yours, expected) if np.any(b != 0) and np.isfinite(b).all()]
    if len(pairs) < 2:
        return ""
    yours_first, first = pairs[0]
    place = np.argmax(np.abs(first))
    factor = float(np.ravel(yours_first)[place] / np.ravel(first)[place])
    if all(map(_is_close, _inverse(yours), expected)) and not np.isclose(abs(factor), 1):
        return "is upside down: 1 divided by it would be right"
    if not all(map(_is_close, yours, _times_each(expected, [factor] * len(expected)))):
        return ""
    return _times(factor) if np.isfinite(factor) else ""


def _inverse(values):
    with np.errstate(all="ignore"):
        return [1 / np.asarray(value) for value in values]


def _times(factor):
    if factor == 0:
        return "is 0 in every case"
    if np.isclose(factor, -1):
        return "has the right size and the wrong sign"
    size = abs(factor)
    sign = ", and has the wrong sign" if factor < 0 else ""
    larger = max(size, 1 / size)
    whole = round(min(larger, WHOLE))
    if size >= 1 and np.isclose(larger, whole):
        return f"is {whole} times what it should be{sign}"
    if size < 1 and np.isclose(larger, whole):
        part = "half of" if whole == 2 else f"1/{whole} of"
        return f"is {part} what it should be{sign}"
    return f"is {size:.4g} times what it should be{sign}"


def by_a_factor(seen, parameters, yours, expected):
    """Whether multiplying or dividing by one quantity would make a result right, in all cases."""
    table = _table(seen, parameters)
    if sum(not agree([a], [b]) for a, b in zip(yours, expected)) < 2:
        return ""
    candidates = {name: values for name, values in table.items() if _scalar(values)}
    candidates |= {f"(1 - {name})": [1 - x for x in values] for name, values in candidates.items()}
    candidates |= _lengths(seen, parameters)
    candidates |= {f"{name} squared": [x**2 for x in v] for name, v in candidates.items()}
    for name, values in candidates.items():
        if all(map(_is_close, _times_each(yours, values), expected)):
            return f"would be right if it were multiplied by {name}"
        if all(map(_is_close, yours, _times_each(expected, values))):
            return f"would be right if it were divided by {name}"
    return ""


def _scalar(values):
    return all(value.ndim == 0 for value in values)


def _lengths(seen, parameters):
    """Name -> the number of entries of what comes in as a list or an array, in each case."""
    found = {}
    for position in range(len(seen[0].arguments)):
        values = [case.arguments[position] for case in seen]
        if all(hasattr(value, "__len__") and not isinstance(value, str) for value in values):
            name = f"the number of entries of {parameter(parameters, position)}"
            found[name] = [np.asarray(float(len(value))) for value in values]
    return found


def by_a_term(seen, parameters, others, yours, expected):
    """Which product of quantities is missing in a result, or too much, in all cases.

    others: pairs of another result's name and what it should be in each case.
    """
    pairs = list(zip(yours, expected))
    wrong = [i for i, (a, b) in enumerate(pairs) if not agree([a], [b])]
    if len(wrong) < 2:
        return ""
    table = _table(seen, parameters)
    base = {name: table[name] for name in [*table][:MOST]}
    more = {f"(1 - {name})": [1 - x for x in v] for name, v in base.items() if _scalar(v)}
    new = {f"the new {name}" if name in base else name: values for name, values in others}
    base = base | more | new
    missing = pairs[wrong[-1]][1] - pairs[wrong[-1]][0]
    for names in _few_of(base):
        # One case first, as most products fail there at once.
        if not _is_multiple(missing, _product([base[name][wrong[-1]] for name in names])):
            continue
        values = [_product([base[name][i] for name in names]) for i in range(len(pairs))]
        for times, asks in ((1, ""), (2, ": has that part the wrong sign?")):
            term = f"{times} * " * (times > 1) + " * ".join(names)
            if all(_is_close(a + times * q, b) for (a, b), q in zip(pairs, values)):
                return f"would be right with {term} added{asks}"
            if all(_is_close(a - times * q, b) for (a, b), q in zip(pairs, values)):
                return f"would be right with {term} subtracted{asks}"
    return ""


def _few_of(names):
    """The names of one, two and three factors, a few first."""
    for deep in range(1, DEEP + 1):
        yield from combinations_with_replacement(names, deep)


def _is_multiple(missing, product):
    """Whether what is missing is about a product, or its double, with either sign."""
    if product is None or np.shape(product) != np.shape(missing):
        return False
    with np.errstate(all="ignore"):
        gaps = [np.max(np.abs(times * product - missing)) for times in (1, -1, 2, -2)]
        return bool(min(gaps) <= 1e-3 * np.max(np.abs(missing)))


def _product(values):
    """The product of some quantities; None where their shapes do not fit."""
    try:
        with np.errstate(all="ignore"):
            product = values[0]
            for value in values[1:]:
                product = product * value
            return product
    except ValueError:
        return None


def _is_close(a, b):
    return np.shape(a) == np.shape(b) and agree([np.asarray(a)], [np.asarray(b)])


def _times_each(values, factors):
    with np.errstate(all="ignore"):
        return [a * factor for a, factor in zip(values, factors)]


# ---- what else could have come in ------------------------------------------------------


def changes(arguments, parameters):
    """(words, arguments -> other ones): what may be other about what comes in, one by one.

    The words go on after "would be right if".
    """
    names = [parameter(parameters, position) for position in range(len(arguments))]
    for i, (name, value) in enumerate(zip(names, arguments)):
        yield from ((words, _put(i, change)) for words, change in _changes_of(name, value))
    for i, j in combinations(range(len(arguments)), 2):
        if type(arguments[i]) is type(arguments[j]) and not isinstance(arguments[i], str):
            yield f"{names[i]} and {names[j]} changed places", _swap(i, j)


def _changes_of(name, value):
    if isinstance(value, bool):
        yield f"{name} were the opposite", lambda x: not x
    elif isinstance(value, int):
        yield f"{name} were 1", lambda x: 1
        yield f"{name} were larger by 1", lambda x: x + 1
        yield f"{name} were smaller by 1", lambda x: _if(x > 0, x - 1)
    elif _is_number(value):
        yield f"{name} were 0", lambda x: 0 * x
        yield f"{name} were 1", lambda x: 0 * x + 1
        yield f"1 - {name} stood in place of {name}", lambda x: 1 - x
        yield f"{name} had the opposite sign", lambda x: -x
        yield f"{name} squared stood in place of {name}", lambda x: x**2
    elif _is_array(value) or _is_list_of_arrays(value):
        yield f"{name} were 0", lambda x: _each(x, lambda part: 0 * part)
        yield f"{name} had the opposite sign", lambda x: _each(x, lambda part: -part)
    if hasattr(value, "__len__") and not isinstance(value, str | dict):
        yield f"only the first entry of {name} were there", lambda x: _if(len(x) > 0, x[:1])
        yield f"only the last entry of {name} were there", lambda x: _if(len(x) > 0, x[-1:])
        yield f"the first entry of {name} were not there", lambda x: _if(len(x) > 1, x[1:])
        yield f"the last entry of {name} were not there", lambda x: _if(len(x) > 1, x[:-1])


def _is_list_of_arrays(value):
    return isinstance(value, list | tuple) and value and all(map(_is_array, value))


def _each(value, change):
    return change(value) if isinstance(value, np.ndarray) else [change(part) for part in value]


def _if(can_be, value):
    if not can_be:
        raise ValueError("There is no such value.")
    return value


def _put(i, change):
    return lambda arguments: (*arguments[:i], change(arguments[i]), *arguments[i + 1 :])


def _swap(i, j):
    def swapped(arguments):
        arguments = list(arguments)
        arguments[i], arguments[j] = arguments[j], arguments[i]
        return tuple(arguments)

    return swapped
