"""Learning-rate schedules as plain functions: the count of steps so far -> the next one's rate.

Each takes `step`, a number or an array of any shape, and the learning rate that it starts from
(or warms up to), and returns as many learning rates. Keras has a class for each, named below.
"""

import numpy as np


def constant(step, learning_rate):
    """The same at every step, as a float in Keras. step: any shape."""
    return learning_rate * np.ones_like(step, float)


def step_drop(step, learning_rate, boundary=60, factor=0.1):
    """Up to and with the boundary the old rate, after it `factor` times as much.

    Source: `keras.optimizers.schedules.PiecewiseConstantDecay([boundary], [old, new])`.
    """
    return learning_rate * np.where(step <= boundary, 1.0, factor)


def exponential(step, learning_rate, decay_steps=60, decay_rate=0.1):
    """`decay_rate` times as much after every `decay_steps`, smoothly.

    Source: `keras.optimizers.schedules.ExponentialDecay`.
    """
    return learning_rate * decay_rate ** (step / decay_steps)


def cosine(step, learning_rate, decay_steps=120, alpha=0.0):
    """Half a wave of a cosine, at `decay_steps` down to `alpha` times the rate; then level.

    Source: `keras.optimizers.schedules.CosineDecay`; Loshchilov & Hutter 2017, arXiv:1608.03983.
    """
    part = np.minimum(step, decay_steps) / decay_steps
    return learning_rate * (alpha + (1 - alpha) * (1 + np.cos(np.pi * part)) / 2)


def warm_up(step, learning_rate, warmup_steps=20, decay_steps=100, alpha=0.0):
    """Straight up from 0 in `warmup_steps`, then a cosine in `decay_steps`, down to 0 or `alpha`.

    Source: `keras.optimizers.schedules.CosineDecay(0, decay_steps, alpha, warmup_steps=…,
            warmup_target=learning_rate)`; Goyal et al. 2017, arXiv:1706.02677.
    """
    falling = cosine(step - warmup_steps, learning_rate, decay_steps, alpha)
    return np.where(step < warmup_steps, learning_rate * step / warmup_steps, falling)


def warm_restarts(step, learning_rate, first_decay_steps=40, t_mul=2.0, m_mul=1.0, alpha=0.0):
    """A cosine to 0, then again from the top: each round `t_mul` times as long, `m_mul` as high.

    With `alpha` each round ends at `alpha` times the learning rate instead.

    Source: `keras.optimizers.schedules.CosineDecayRestarts`; Loshchilov & Hutter 2017 (SGDR),
            arXiv:1608.03983.
    """
    part = np.asarray(step) / first_decay_steps
    if t_mul == 1:
        turn = np.floor(part)
        part = part - turn
    else:
        turn = np.floor(np.log1p(part * (t_mul - 1)) / np.log(t_mul))
        part = (part - (t_mul**turn - 1) / (t_mul - 1)) / t_mul**turn
    return learning_rate * (alpha + cosine(part, (1 - alpha) * m_mul**turn, decay_steps=1))


def one_cycle(step, learning_rate, steps=120, rising=0.3, start=1 / 25, end=1 / 250_000):
    """Half a wave up from `start * learning_rate`, then half a wave down to `end * learning_rate`.

    The last of `steps` counts has the lowest rate; `rising` is the part of the way up.
    Source: Smith & Topin 2019, arXiv:1708.07120, as `torch.optim.lr_scheduler.OneCycleLR` has
            it; Keras has no class for it.
    """
    top = rising * steps - 1
    up = start + (1 - start) * (1 - np.cos(np.pi * np.minimum(step / top, 1))) / 2
    down = end + (1 - end) * cosine(step - top, 1.0, decay_steps=steps - 1 - top)
    return learning_rate * np.where(step <= top, up, down)


SCHEDULES = {
    "constant": constant,
    "step": step_drop,
    "exponential": exponential,
    "cosine": cosine,
    "warm-up": warm_up,
}
