"""Keras and TensorFlow without their optimizers' rules: where the rule is the task, it must not
stand ready.

Models, layers and the base class `keras.optimizers.Optimizer` stay. The functions are taken out
of memory before any child is forked; their files lie outside what a child may read. What is left
is a fused kernel called by its name through TensorFlow's inner works.
"""

import keras
import tensorflow as tf
from tensorflow.python.keras.optimizer_v2.optimizer_v2 import OptimizerV2
from tensorflow.python.ops import gen_training_ops

REFUSAL = "Keras's own optimizers are not there where answers are marked: the rule is the task."
RULES = ("update_step", "_apply_dense", "_resource_apply_dense", "_apply_sparse")


def _refuse(*arguments, **options):
    raise RuntimeError(REFUSAL)


def _descendants(optimizer):
    for each in optimizer.__subclasses__():
        yield each
        yield from _descendants(each)


for base in (keras.optimizers.Optimizer, tf.compat.v1.train.Optimizer, OptimizerV2):
    for optimizer in _descendants(base):
        for name in {*RULES} & {*vars(optimizer)}:
            setattr(optimizer, name, _refuse)
for kernels in (gen_training_ops, tf.raw_ops):
    for name in dir(kernels):
        if "apply" in name.lower():
            setattr(kernels, name, _refuse)
