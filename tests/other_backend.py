"""Runs under KERAS_BACKEND=jax or torch: prints how far cases of `fit` are from Keras's SGD.

python -m tests.other_backend CASE...

Also how far single calls are from Keras's and from `course.sgd.step`, for random arguments; and
under torch how many of these calls `course.optimizer.torch_kernels` served.
"""

import functools
import json
import sys
import warnings

import numpy as np

from tests.effort import ALL, examples

CASES = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "nesterov and decay": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    "clipnorm": {"clipnorm": 0.5},
    "global_clipnorm": {"momentum": 0.9, "global_clipnorm": 0.5},
    "clipvalue": {"clipvalue": 0.01},
    "average": {"use_ema": True},
    "overwrite": {"use_ema": True, "ema_overwrite_frequency": 3},
    "accumulation": {"momentum": 0.9, "gradient_accumulation_steps": 3},
    "loss scale": {"loss_scale_factor": 1024.0},
    "together": {
        "momentum": 0.9,
        "gradient_accumulation_steps": 2,
        "use_ema": True,
        "ema_overwrite_frequency": 2,
        "clipnorm": 0.5,
        "weight_decay": 0.01,
    },
}


def fit(cls, arguments):
    """A small network's weights after two epochs on the digits."""
    from course.digits import load_digits
    from course.quietly import keras

    images, labels = (part[:512] for part in load_digits())
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(10, "softmax")]
    )
    model.compile(cls(0.1, **arguments), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=2, shuffle=False, verbose=0)
    return model.get_weights()


def calls_of(cls, problem, served=None):
    """Weights, velocities or weights, and averages or weights, in a row after each call.

    problem: from `tests.strategies.problems`; the arrays are copied, as PyTorch's tensors on a
             CPU share memory with them.
    served:  a dictionary that counts the calls that the kernels served (True) and did not.
    """
    from course.quietly import keras

    dtype, arguments, values, calls, constrained = problem
    optimizer = cls(**arguments)
    weights = [keras.Variable(np.array(value), dtype=dtype) for value in values]
    for weight, is_constrained in zip(weights, constrained):
        weight.constraint = keras.constraints.NonNeg() if is_constrained else None
    optimizer.build(weights)
    for each in calls:
        tensors = [None if g is None else keras.ops.cast(np.array(g), dtype) for g in each]
        if served is not None:
            served[optimizer._kernels.slots_for(tensors, weights) is not None] += 1
        optimizer.apply(tensors, weights)
        kept = optimizer.momentums or weights
        averaged = optimizer._model_variables_moving_average if arguments["use_ema"] else weights
        yield [_numpy(each) for each in (*weights, *kept, *averaged)]


def _numpy(variable):
    from course.quietly import keras

    if keras.backend.backend() == "torch" and variable.dtype == "bfloat16":
        import ml_dtypes  # as NumPy does not know it

        return _numpy(keras.ops.cast(variable.value, "float32")).astype(ml_dtypes.bfloat16)
    return np.array(keras.ops.convert_to_numpy(getattr(variable, "value", variable)))


def random_calls(count):
    """Largest distances from Keras's SGD, by dtype, and from `sgd.step`, in float32.

    No float64: JAX has none by default, and under PyTorch Keras rounds some numbers to float32,
    whatever the variables are.
    """
    from hypothesis import given, settings

    from course.optimizer.keras_sgd import SGD
    from course.quietly import keras
    from tests.strategies import problems
    from tests.test_sgd import farthest, our_calls

    found = {"float32": 0.0, "float16": 0.0, "bfloat16": 0.0, "sgd.step": 0.0}
    served = {True: 0, False: 0} if keras.backend.backend() == "torch" else None

    @settings(max_examples=count, deadline=None, derandomize=True, database=None)
    @given(problems().filter(lambda problem: problem[0] != "float64"))
    def compare(problem):
        dtype, values = problem[0], problem[2]
        calls = functools.partial(calls_of, problem=problem)
        far = farthest(calls(SGD, served=served), calls(keras.optimizers.SGD), values)
        found[dtype] = max(found[dtype], float(far))
        if dtype == "float32":
            steps = (sum(parts, []) for parts in our_calls(*problem))
            far = farthest(calls(SGD), steps, values)
            found["sgd.step"] = max(found["sgd.step"], float(far))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compare()
    return {"ulps": found, "served": served and [served[True], served[False]]}


def written_between_calls(cls):
    """Weights and state after calls between which others wrote to the optimizer's variables.

    The gradients of every other call are laid out by columns.
    """
    from course.quietly import keras

    ops, random = keras.ops, np.random.default_rng(0)
    variables = [keras.Variable(random.normal(size=size), dtype="float32") for size in ((3, 5), 7)]
    optimizer = cls(0.1, momentum=0.9, gradient_accumulation_steps=2, use_ema=True)
    optimizer.build(variables)
    first = [each.numpy().copy() for each in optimizer.variables]
    for call in range(8):
        matrix, vector = (ops.cast(random.normal(size=size), "float32") for size in ((5, 3), 7))
        matrix = ops.transpose(matrix) if call % 2 else ops.reshape(matrix, (3, 5))
        if call == 3:
            optimizer.learning_rate = 0.03
        if call == 5:
            optimizer.set_weights(first)  # the count and the rate, too
        optimizer.apply([matrix, vector], variables)
    return [ops.convert_to_numpy(each.value) for each in [*variables, *optimizer.variables]]


def subclassed(make, base, arguments, calls=5):
    """Weights and state after some calls of a class derived from `base`."""
    from course.quietly import keras

    random = np.random.default_rng(0)
    sizes = {"kernel": (2, 3), "bias": (3,)}
    variables = [
        keras.Variable(random.normal(size=size), dtype="float32", name=name)
        for name, size in sizes.items()
    ]
    optimizer = make(base)(0.1, **arguments)
    optimizer.build(variables)
    for _ in range(calls):
        gradients = [random.normal(size=size) for size in sizes.values()]
        optimizer.apply([keras.ops.cast(g, "float32") for g in gradients], variables)
    return [keras.ops.convert_to_numpy(each.value) for each in [*variables, *optimizer.variables]]


def apart_of_subclasses():
    """How far each class of `tests.subclasses` under ours is from the same under Keras's SGD.

    Each is asked twice: with its own arguments, and with those that accumulate, too; in
    `make test` once, by turns with the ones and the others.
    """
    import course
    from course.quietly import keras
    from tests.subclasses import MAKERS

    found = {}
    both = {}, {"gradient_accumulation_steps": 2}
    for i, (make, arguments) in enumerate(MAKERS):
        for more in both if ALL else [both[i % 2]]:
            bases = course.SGD, keras.optimizers.SGD
            twins = zip(*(subclassed(make, base, arguments | more) for base in bases), strict=True)
            apart = max(float(np.abs(ours - theirs).max()) for ours, theirs in twins)
            found[f"{i} {make.__name__} {more}"] = apart
    make, given = MAKERS[0][0], {"momentum": 0.9, "gradient_accumulation_steps": 3}
    twins = zip(*(fit(make(base), given) for base in bases), strict=True)
    found["in fit"] = float(max(np.abs(ours - theirs).max() for ours, theirs in twins))
    return found


def written_past_keras(cls):
    """A weight after steps between which others wrote through PyTorch's `data`."""
    from course.quietly import keras

    variable, optimizer = keras.Variable([1.0]), cls(0.1, momentum=0.5)
    one = keras.ops.ones(1)
    optimizer.apply([one], [variable])
    optimizer._learning_rate.value.data.fill_(0.5)
    optimizer.apply([one], [variable])
    optimizer._iterations.value.data.fill_(7)
    optimizer.momentums[0].value.data = keras.ops.ones(1) * 3
    optimizer.apply([one], [variable])
    return [variable.value.detach().numpy().copy()]


def stages_of_pytorch_s_kernels():
    """The stages, as `course.sgd.STAGES` calls them, in the order in which a call runs them."""
    import torch

    import course
    from course.optimizer import torch_kernels
    from course.optimizer.torch_kernels import Kernels
    from course.quietly import keras

    seen = []
    parts = {(torch, "_foreach_add_"): "accumulate", (torch, "_foreach_mul_"): "decay"}
    parts |= {(Kernels, "_clip"): "clip", (torch_kernels, "_move"): "move"}
    parts |= {(Kernels, "_average"): "average", (torch, "_foreach_copy_"): "overwrite"}
    kept = {place: getattr(*place) for place in parts}
    for (module, name), stage in parts.items():
        function = kept[module, name]

        def noting(*given, function=function, stage=stage, **more):
            seen.append(stage)
            return function(*given, **more)

        setattr(module, name, noting)
    variable = keras.Variable([1.0])
    variable.constraint = lambda w: (seen.append("constrain"), w)[1]
    optimizer = course.SGD(
        0.1,
        momentum=0.9,
        weight_decay=0.1,
        clipnorm=1.0,
        use_ema=True,
        ema_overwrite_frequency=1,
        gradient_accumulation_steps=2,
    )
    optimizer.build([variable])
    for _ in range(2):  # the second call updates
        seen.clear()
        optimizer.apply([keras.ops.ones(1)], [variable])
    for (module, name), function in kept.items():
        setattr(module, name, function)
    return list(dict.fromkeys(seen))


def main(*cases):
    """Print a JSON object: case -> the largest difference of a weight; and the random calls."""
    import course
    from course.quietly import keras

    apart = {}
    for name in cases:
        twins = (fit(cls, CASES[name]) for cls in (course.SGD, keras.optimizers.SGD))
        twins = zip(*twins, strict=True)
        apart[name] = float(max(np.abs(ours - theirs).max() for ours, theirs in twins))
    twins = map(written_between_calls, (course.SGD, keras.optimizers.SGD))
    written = max(float(np.abs(ours - theirs).max()) for ours, theirs in zip(*twins, strict=True))
    found = {"backend": keras.backend.backend(), "apart": apart, "written": written}
    count = 150 if found["backend"] == "torch" else examples(60)  # JAX compiles for each shape
    found |= {"subclasses": apart_of_subclasses(), "random": random_calls(count)}
    if found["backend"] == "torch":
        ours, theirs = map(written_past_keras, (course.SGD, keras.optimizers.SGD))
        found["data"] = float(abs(ours[0] - theirs[0])[0])
        found["stages"] = stages_of_pytorch_s_kernels()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
