"""Keras's hooks: the methods of its optimizer that a subclass, a mixin or an instance may replace.

`course.SGD` calls them where Keras's SGD calls them. The fused kernels call none, so they serve
only an optimizer whose hooks are all those of `course.SGD`.
"""

import inspect
from operator import attrgetter

#: What Keras calls before or after a step, but not within it.
AROUND = {
    "add_optimizer_variables",
    "add_variable",
    "add_variable_from_reference",
    "apply",
    "apply_gradients",
    "build",
    "finalize_variable_values",
    "from_config",
    "get_config",
    "load_own_variables",
    "save_own_variables",
    "scale_loss",
    "set_weights",
    "stateless_apply",
    "variables",
    "_obj_type",
    "_track_variable",
    "_untrack_variable",
}


class Hooks:
    """The hooks of an optimizer's class, as they are when this is made; they may change later.

    cls:   the class; base: Keras's class at its root, whose methods are the hooks.
    """

    def __init__(self, cls, base):
        above = [vars(each) for each in cls.__mro__ if issubclass(each, base)]
        found = {
            name
            for names in above
            for name, value in names.items()
            if inspect.isfunction(value) or isinstance(value, property)
        }
        found = {name for name in found - AROUND if not name.startswith("__")}
        self.names = found | {"__getattribute__"}
        self._get = attrgetter(*sorted(self.names))
        self._own = self._get(cls)

    def are_replaced(self, optimizer):
        """Whether a class in between, or somebody who wrote to either, has replaced a hook."""
        replaced = self._get(type(optimizer)) != self._own
        return replaced or not self.names.isdisjoint(vars(optimizer))


def refuse_a_sum_of_its_own(name):
    """Raise for the one hook that cannot be honoured.

    Errors: TypeError for `_all_reduce_sum_gradients`, which Keras calls after it has clipped.
    """
    if name == "_all_reduce_sum_gradients":
        raise TypeError(
            "course.SGD sums the gradients over all replicas before it clips them, so it cannot "
            "call an _all_reduce_sum_gradients of yours where Keras does. Override apply to "
            "change the gradients before the sum, or update_step to change them after it; or "
            "write a function of your own and give it to course.optimizer.with_rule."
        )


def is_foreign(optimizer, name, base):
    """Whether an attribute is none of the optimizer's: not there yet, nor known to its class.

    base: the class above which a subclass's own names begin.
    """
    cls = type(optimizer)
    if name.startswith("_") or name in vars(optimizer) or hasattr(cls, name):
        return False
    own = [vars(each) for each in cls.__mro__[: cls.__mro__.index(base)]]
    methods = [value for names in own for value in names.values() if inspect.isfunction(value)]
    return not any(name in method.__code__.co_names for method in methods)
