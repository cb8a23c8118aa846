import keras

EPOCHS: int
BATCH: int
HIDDEN: int
TOGETHER: float

def compare_on_digits(
    ours: keras.optimizers.Optimizer, theirs: keras.optimizers.Optimizer
) -> None: ...
