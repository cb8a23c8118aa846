"""A learner's Keras optimizer, stopped in mid-run and made anew, as saving and loading does.

Brought along where answers are marked, so nothing here imports `course`, and no answer stands here.
"""

import copy
import json
import re
from collections import deque
from types import CellType, FunctionType, SimpleNamespace

import numpy as np

#: What IPython keeps among a notebook's names: its inputs and outputs, and what it was given.
_IPYTHONS = re.compile(r"_{1,3}|_(i+|ih|oh|dh|exit_code|\d+|i\d+)|__\w+__|In|Out|exit|quit|open")
#: What a notebook may hold that changes in place; whatever else it holds is shared.
_CHANGEABLE = (dict, list, set, bytearray, deque, SimpleNamespace, np.ndarray)


def until_stop(Optimizer, weights, calls, arguments):
    """Make so many calls; returns the weights after each, and what a file keeps of the optimizer.

    weights:   a list of arrays, one for each variable.
    calls:     pairs of a learning rate, None for the optimizer's own, and the list of gradients.
    arguments: of the optimizer's, by name.
    Errors:    TypeError for a config that no file can keep; whatever the optimizer raises.
    """
    variables = _variables(weights)
    optimizer = _built(Optimizer(**arguments), variables)
    rows = [_applied(optimizer, variables, *each) for each in calls]
    config = optimizer.get_config()
    if config is None:
        raise TypeError("get_config returned nothing (None); end it with: return config")
    try:
        config = json.loads(json.dumps(config, default=_plain))
    except TypeError as problem:
        raise TypeError(f"get_config must return plain numbers and words: {problem}") from None
    values = [_numbers(each) for each in optimizer.variables]
    return rows, {"config": config, "variables": values, "weights": list(map(_numbers, variables))}


def after_stop(Optimizer, kept, calls):
    """Make the optimizer anew from what was kept, and go on; the weights after each call."""
    variables = _variables(kept["weights"])
    optimizer = _built(Optimizer.from_config(kept["config"]), variables)
    for variable, value in zip(optimizer.variables, kept["variables"]):
        variable.assign(value)
    return [_applied(optimizer, variables, *each) for each in calls]


def interrupted(Optimizer):
    """A function (weights, calls, arguments, stop) that stops after `stop` calls and goes on.

    It goes on with another class object, as another process would: a copy of the notebook's
    classes and functions, made before the first call, so that nothing can be kept in one of them.
    """

    def run(weights, calls, arguments, stop):
        first, second = in_a_copy(Optimizer), in_a_copy(Optimizer)
        rows, kept = until_stop(first, weights, calls[:stop], arguments)
        return rows + after_stop(second, kept, calls[stop:])

    return run


def _variables(weights):
    import keras

    return [keras.Variable(each, dtype="float32") for each in weights]


def _built(optimizer, variables):
    optimizer.build(variables)
    if not optimizer.built:
        raise RuntimeError("Keras has not built it; begin build with super().build(variables)")
    return optimizer


def _applied(optimizer, variables, learning_rate, gradients):
    import keras

    if learning_rate is not None:
        optimizer.learning_rate = learning_rate
    optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in gradients], variables)
    return np.concatenate([np.ravel(_numbers(each)) for each in variables])


def _plain(number):
    """A number of NumPy's as Python's; errors: TypeError for what is none."""
    if isinstance(number, np.generic):
        return number.item()
    raise TypeError(f"{type(number).__name__} is no number and no word")


def _numbers(variable):
    import keras

    return keras.ops.convert_to_numpy(variable)


# ---- a copy of a notebook's names ------------------------------------------------------


def in_a_copy(made):
    """A class or a function of a notebook's, made anew with copies of all names that it can reach.

    What libraries define is shared; a class that no function of the notebook's defines is itself.
    """
    function = next((each for each in _functions(made)), None)
    return _Copy(function.__globals__).of(made) if function else made


def _functions(made):
    parts = vars(made).values() if isinstance(made, type) else [made]
    for part in parts:
        part = getattr(part, "__func__", part)  # of a classmethod or a staticmethod
        if isinstance(part, FunctionType):
            yield part


class _Copy:
    """One copy of a notebook's names: each thing is copied once, when it is first met."""

    def __init__(self, names):
        self.old, self.new, self.done = names, {}, {}
        for name, value in names.items():
            self.new[name] = value if _IPYTHONS.fullmatch(name) else self.of(value)

    def of(self, value):
        """The copy of a value; the value itself where it is a library's."""
        if id(value) not in self.done:
            # Kept beside its copy, so that no other value can get its number.
            self.done[id(value)] = value, self._make(value)
        return self.done[id(value)][1]

    def _make(self, value):
        try:
            return self._made(value)
        except Exception:  # such as a class that takes arguments when it is derived from
            return value

    def _made(self, value):
        if isinstance(value, FunctionType):
            return self._function(value) if value.__globals__ is self.old else value
        if isinstance(value, type):
            mine = any(each.__globals__ is self.old for each in _functions(value))
            return self._class(value) if mine else value
        if isinstance(value, classmethod | staticmethod):
            return type(value)(self.of(value.__func__))
        if isinstance(value, property):
            return property(*map(self.of, (value.fget, value.fset, value.fdel)))
        return copy.deepcopy(value) if isinstance(value, _CHANGEABLE) else value

    def _function(self, function, itself=None):
        """The function anew, with its own defaults and closure; `itself`: what __class__ means."""
        names, cells = function.__code__.co_freevars, function.__closure__ or ()
        cells = tuple(self._cell(*pair, itself) for pair in zip(names, cells))
        defaults = function.__defaults__ and tuple(map(self.of, function.__defaults__))
        made = FunctionType(function.__code__, self.new, function.__name__, defaults, cells)
        keywords = function.__kwdefaults__
        made.__kwdefaults__ = keywords and {name: self.of(keywords[name]) for name in keywords}
        return made

    def _cell(self, name, cell, itself):
        if name == "__class__" and itself is not None:
            return itself
        try:
            held = cell.cell_contents
        except ValueError:  # it is empty
            return cell
        mine = isinstance(held, FunctionType) and held.__globals__ is self.old
        return CellType(self._function(held, itself) if mine else self.of(held))

    def _class(self, old):
        """The class anew; its methods' super() and __class__ mean the new one."""
        itself, body = CellType(), {}
        for name, value in vars(old).items():
            if name in ("__dict__", "__weakref__"):
                continue
            body[name] = self._method(value, itself) if _is_function(value) else self.of(value)
        made = type(old)(old.__name__, tuple(map(self.of, old.__bases__)), body)
        itself.cell_contents = made
        return made

    def _method(self, value, itself):
        if isinstance(value, classmethod | staticmethod):
            return type(value)(self._method(value.__func__, itself))
        return self._function(value, itself) if value.__globals__ is self.old else value


def _is_function(value):
    return isinstance(getattr(value, "__func__", value), FunctionType)
