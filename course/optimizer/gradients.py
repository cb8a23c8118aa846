"""What a gradient can be: dense, or sparse as an embedding's; and whether it fits its variable."""

import numpy as np

from course.optimizer.backend import TENSORFLOW
from course.quietly import keras

ops = keras.ops
NO_GRADIENTS = ("SparseTensor", "RaggedTensor")


def is_sparse(gradient):
    """Whether a gradient has rows for some of its variable only, as an embedding's has."""
    # No other backend has sparse gradients; and every tensor of PyTorch has `indices`.
    return TENSORFLOW and hasattr(gradient, "indices")


def dense(gradient):
    """The gradient as a tensor, rows that occur twice added up."""
    return ops.convert_to_tensor(gradient, sparse=False) if is_sparse(gradient) else gradient


def values_of(gradient):
    """The numbers of a gradient, without their places if it is sparse."""
    return gradient.values if is_sparse(gradient) else dense(gradient)


def on_values(function, gradient, *arguments):
    """The function on a gradient's numbers; of a sparse one the places stay, as in Keras."""
    values = function(values_of(gradient), *arguments)
    if not is_sparse(gradient):
        return values
    return type(gradient)(values, gradient.indices, gradient.dense_shape)


def shape_of(array):
    """The shape as a tuple, None for a dimension that is not known yet; None if nothing is."""
    shape = array.shape
    return None if getattr(shape, "rank", 0) is None else tuple(shape)


def may_be(came, wanted):
    """Whether two shapes can turn out to be one; what is not known yet can be anything."""
    if came is None or wanted is None:
        return True
    pairs = zip(came, wanted)
    return len(came) == len(wanted) and all(None in pair or pair[0] == pair[1] for pair in pairs)


def fitted(gradients, variables, key):
    """The gradients as tensors, each of which fits its variable; None stays None.

    key:    variable -> what is the same for two names of one variable.
    Errors: ValueError for a count, a shape or a variable that stands in the list twice,
            TypeError for what is no gradient.
    """
    if len(gradients) != len(variables):
        raise ValueError(
            f"{len(variables)} variables need as many gradients; got {len(gradients)}. "
            "Give None for a variable that has none."
        )
    refuse_twice(variables, key)
    pairs = enumerate(zip(gradients, variables))
    return [None if g is None else _fitted(i, g, variable) for i, (g, variable) in pairs]


def refuse_twice(variables, key):
    """Raise where a variable is listed twice.

    Errors: ValueError that says which, and what to do.
    """
    places = {}
    for i, variable in enumerate(variables):
        first = places.setdefault(key(variable), i)
        if first != i:
            raise ValueError(
                f"Variables {first} and {i} are the same, {variable.name}; list it once, with "
                "the sum of its gradients."
            )


def _fitted(i, gradient, variable):
    gradient, wanted = _as_tensor(i, gradient, variable), shape_of(variable)
    came = _shape_beside(gradient, wanted)
    if not may_be(came, wanted):
        raise ValueError(f"Gradient {i} must have its variable's shape {wanted}; got {came}.")
    kind, own = (keras.backend.standardize_dtype(each.dtype) for each in (gradient, variable))
    if "float" not in kind and kind != own and not ("complex" in kind and "complex" in own):
        raise TypeError(
            f"Gradient {i} must be of a floating-point type, as its variable's {own}; got {kind}. "
            "Cast it first."
        )
    return gradient


def _shape_beside(gradient, wanted):
    """A gradient's shape; a sparse one has its variable's number of rows."""
    if not is_sparse(gradient):
        return shape_of(gradient)
    rows = shape_of(gradient.values)
    return None if None in (rows, wanted) else (*wanted[:1], *rows[1:])


def _as_tensor(i, gradient, variable):
    """A tensor or a sparse gradient as it is; a list, number or array as a tensor."""
    others = isinstance(gradient, keras.KerasTensor) or type(gradient).__name__ in NO_GRADIENTS
    if not others and (is_sparse(gradient) or ops.is_tensor(gradient)):
        return gradient
    try:
        return _converted(gradient, variable)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(
            f"Gradient {i} must be a tensor, an array or a list of numbers of shape "
            f"{shape_of(variable)}; got {gradient!r:.80}."
        ) from error


def _converted(gradient, variable):
    """As Keras casts it: Python's numbers through float32, whole ones to the variable's type."""
    if hasattr(gradient, "assign") and hasattr(gradient, "dtype"):  # a variable
        return ops.convert_to_tensor(gradient)
    array = np.asarray(gradient)
    if array.dtype.kind not in "biufcV":  # V: bfloat16
        raise TypeError("no numbers")
    if array.dtype.kind in "biu":
        return ops.cast(ops.convert_to_tensor(array), variable.dtype)
    if not hasattr(gradient, "dtype") and array.dtype.kind == "f":
        return ops.convert_to_tensor(array, "float32")
    return ops.convert_to_tensor(array)
