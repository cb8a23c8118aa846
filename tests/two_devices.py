"""Runs in a process of its own, with two logical CPU devices: prints what the tests look at.

python -m tests.two_devices "loop plain" "fit plain"...   MirroredStrategy, so many cases
python -m tests.two_devices N                             worker N of two, all cases in a loop,
                                                          MultiWorkerMirroredStrategy (TF_CONFIG)
"""

import json
import sys

import numpy as np
import tensorflow as tf

CASES = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "nesterov and decay": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    "clipnorm": {"clipnorm": 0.5},
    "global_clipnorm": {"global_clipnorm": 0.5},
    "clipvalue": {"clipvalue": 0.3},
    "average": {"use_ema": True},
    "overwrite": {"use_ema": True, "ema_overwrite_frequency": 2},
    "accumulation": {"momentum": 0.9, "gradient_accumulation_steps": 2},
    "loss scale": {"loss_scale_factor": 8.0},
    "together": {
        "momentum": 0.9,
        "gradient_accumulation_steps": 2,
        "use_ema": True,
        "ema_overwrite_frequency": 2,
        "clipnorm": 0.5,
        "weight_decay": 0.1,
    },
}


def loop(cls, strategy, arguments, calls=6):
    """The weights on every replica after some calls, each replica with its own gradient."""
    from course.quietly import keras

    gradients = np.random.default_rng(0).normal(size=(calls, 2, 3)).astype("float32")
    with strategy.scope():
        weights = keras.Variable(np.ones(3, "float32"))
        optimizer = cls(0.1, **arguments)
        optimizer.build([weights])

    @tf.function
    def step(pair):
        def on_replica():
            context = tf.distribute.get_replica_context()
            if context.num_replicas_in_sync == 1:
                optimizer.apply([tf.reduce_sum(pair, 0)], [weights])
            else:
                optimizer.apply([pair[context.replica_id_in_sync_group]], [weights])

        strategy.run(on_replica)

    for pair in gradients:
        step(tf.constant(pair))
    copies = strategy.experimental_local_results(weights.value)
    return [copy.numpy().tolist() for copy in copies]


def fit(cls, strategy, arguments):
    """The weights after `fit` on the digits, and whether all replicas hold the same."""
    from course.digits import load_digits
    from course.quietly import keras

    images, labels = (part[:256] for part in load_digits())
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, "softmax")])
        model.compile(cls(0.1, **arguments), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(images, labels, batch_size=64, epochs=2, shuffle=False, verbose=0)
    kernel = strategy.experimental_local_results(model.layers[0].kernel.value)
    return [copy.numpy().ravel().tolist() for copy in kernel]


def attempt(function, *arguments):
    """What the function returns, or what it raises, in words."""
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def mirrored(*runs):
    """Cases in a loop or in `fit`, on two devices, on one, and with Keras's SGD on two."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
    import course
    from course.quietly import keras

    # On logical CPUs only this reduction works.
    pair = tf.distribute.MirroredStrategy(
        ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
    )
    one = tf.distribute.get_strategy()
    found = {}
    for run in runs:
        how, _, case = run.partition(" ")
        act, arguments = {"loop": loop, "fit": fit}[how], CASES[case]
        found[run] = {
            "two": attempt(act, course.SGD, pair, arguments),
            "one": attempt(act, course.SGD, one, arguments),
            "keras": attempt(act, keras.optimizers.SGD, pair, arguments),
        }
    return found


def worker():
    """One of two workers: a custom loop with each optimizer, and Keras's `fit`."""
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    import course
    from course.quietly import keras

    both = {
        name: {
            "ours": attempt(loop, course.SGD, strategy, arguments),
            "keras": attempt(loop, keras.optimizers.SGD, strategy, arguments),
        }
        for name, arguments in CASES.items()
    }
    return both | {"fit": attempt(fit, keras.optimizers.SGD, strategy, {"momentum": 0.9})}


if __name__ == "__main__":
    print(json.dumps(worker() if sys.argv[1:] in (["0"], ["1"]) else mirrored(*sys.argv[1:])))
