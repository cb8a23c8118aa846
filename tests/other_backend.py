"""Runs under KERAS_BACKEND=jax or torch: prints how far each case of `fit` is from Keras's SGD."""

import json

import numpy as np

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


def main():
    """Print a JSON object: case -> the largest difference of a weight."""
    import course
    from course.quietly import keras

    apart = {}
    for name, arguments in CASES.items():
        twins = zip(fit(course.SGD, arguments), fit(keras.optimizers.SGD, arguments), strict=True)
        apart[name] = float(max(np.abs(ours - theirs).max() for ours, theirs in twins))
    print(json.dumps({"backend": keras.backend.backend(), "apart": apart}))


if __name__ == "__main__":
    main()
