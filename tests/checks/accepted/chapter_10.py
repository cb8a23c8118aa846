"""Other right ways to answer the tasks of sheet 10, loss scaling."""

import math

import numpy as np


def _stored_by_frexp(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    _, exponent = math.frexp(value)
    steps = 2.0 ** min(fraction_bits - exponent + 1, fraction_bits + bias - 1)
    rounded = round(value * steps) / steps
    return rounded if rounded < 2.0 ** (bias + 1) else math.inf


def _stored_by_list(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    if value > 4 * 2.0**bias:
        return float("inf")
    normal = math.floor(math.log2(value)) > -bias
    below = 2.0 ** (math.floor(math.log2(value)) if normal else 1 - bias)
    fractions = np.arange(2**fraction_bits + 1)
    numbers = below * (normal + fractions / 2**fraction_bits)
    far = np.abs(numbers - value)
    nearest = min(numbers[far == far.min()], key=lambda x: x / below * 2**fraction_bits % 2)
    return np.where(nearest >= 2.0 ** (bias + 1), np.inf, nearest)


def _stored_by_remainder(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    spacing = 2.0 ** (max(int(np.floor(np.log2(value))), 1 - bias) - fraction_bits)
    rounded = value - math.remainder(value, spacing)
    return np.array([rounded, np.inf])[int(rounded > 2.0 ** (bias + 1) - spacing / 2)]


def _group_at_once(scaled, scales, clipnorm):
    mean = np.mean(np.array(scaled) / np.array(scales)[:, None], axis=0)
    length = np.linalg.norm(mean)
    return mean if length <= clipnorm else mean / length * clipnorm


def _group_by_running_mean(scaled, scales, clipnorm):
    mean = 0.0
    for count, (gradient, scale) in enumerate(zip(scaled, scales)):
        mean = (count * mean + gradient * (1 / scale)) / (count + 1)
    return list(mean * min(1, clipnorm / math.hypot(*mean)))


def _scales_by_float16(sizes, scale, growth_steps):
    seen, since = np.zeros(len(sizes)), 0
    skipped = 0
    for call, size in enumerate(sizes):
        seen[call] = scale
        since += 1
        if not np.isfinite(np.float16(size * scale)):
            skipped += 1
            scale *= 0.5
            since = 0
        elif since % growth_steps == 0:
            scale *= 2
            since = 0
    return seen, skipped


def _scales_by_exponents(sizes, scale, growth_steps):
    powers, waiting, skipped = [0], growth_steps, 0
    for size in sizes:
        fits = math.isfinite(size) and size * scale * 2.0 ** powers[-1] < 65504.5
        waiting -= 1
        skipped += not fits
        powers.append(powers[-1] + (-1 if not fits else waiting == 0))
        waiting = waiting if fits and waiting else growth_steps
    return [scale * 2.0 ** np.array(powers[:-1]), float(skipped)]


ACCEPTED = {
    "10.stored": (_stored_by_frexp, _stored_by_list, _stored_by_remainder),
    "10.loop": (0.975, "0.975", np.float32(0.975), 1 - 0.1 * 16 / 64),
    "10.group": (_group_at_once, _group_by_running_mean),
    "10.scales": (_scales_by_float16, _scales_by_exponents),
    "10.goal": ((2**15, 200), [1024, 120], np.array([8192.0, 170]), (2.0**18, 240)),
    "10.stops": ("CAB", "cab", "C A B"),
}

#: mutants of a reference that are as good as it: task -> {the mutant: the reason}
SURVIVORS = {
    "10.stored": {
        "2.0 becomes 3.0": "(2 - 3**-F) 2**bias lies between the same two multiples of the spacing",
        "rounded = np.round(value / spacing) * spacing after the next": "neither needs the other",
    },
}
