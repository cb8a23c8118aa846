"""What a gradient can be: dense, or sparse as an embedding's; and whether it fits its variable."""

from course.quietly import keras

ops = keras.ops
SPARSE = keras.backend.backend() == "tensorflow"  # the only backend with sparse gradients


def is_sparse(gradient):
    """Whether a gradient has rows for some of its variable only, as an embedding's has."""
    return SPARSE and hasattr(gradient, "indices")  # every tensor of PyTorch has them


def dense(gradient):
    """The gradient as a tensor, rows that occur twice added up."""
    return ops.convert_to_tensor(gradient, sparse=False) if is_sparse(gradient) else gradient


def shape_of(gradient, variable):
    """The gradient's shape; a sparse one has its variable's number of rows."""
    if is_sparse(gradient):
        return (*variable.shape[:1], *gradient.values.shape[1:])
    return tuple(gradient.shape)


def values_of(gradient):
    """The numbers of a gradient, without their places if it is sparse."""
    return gradient.values if is_sparse(gradient) else dense(gradient)


def on_values(function, gradient, *arguments):
    """The function on a gradient's numbers; of a sparse one the places stay, as in Keras."""
    values = function(values_of(gradient), *arguments)
    if not is_sparse(gradient):
        return values
    return type(gradient)(values, gradient.indices, gradient.dense_shape)


def refuse_what_does_not_fit(gradients, variables):
    """Raise where gradients differ from their variables in count, shape or kind.

    Errors: ValueError for a count or shape, TypeError for gradients that are no floats.
    """
    if len(gradients) != len(variables):
        raise ValueError(
            f"{len(variables)} variables need as many gradients; got {len(gradients)}. "
            "Give None for a variable that has none."
        )
    for i, (gradient, variable) in enumerate(zip(gradients, variables)):
        if gradient is None:
            continue
        wanted, came = tuple(variable.shape), shape_of(gradient, variable)
        if came != wanted:
            raise ValueError(f"Gradient {i} must have its variable's shape {wanted}; got {came}.")
        kind = keras.backend.standardize_dtype(gradient.dtype)
        if "float" not in kind:
            raise TypeError(
                f"Gradient {i} must be of a floating-point type, as its variable's "
                f"{keras.backend.standardize_dtype(variable.dtype)}; got {kind}. Cast it first."
            )
