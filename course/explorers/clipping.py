"""What the three clips leave of the gradients of two variables, for many thresholds at once."""

from functools import partial

import numpy as np

from course.sgd import clip_by_global_norm, clip_by_norm, clip_by_value

KINDS = ("value", "norm", "global")


class Rows:
    """NumPy as the clips' `ops`, for many gradients in a call: sums go over the last axis alone."""

    sum = staticmethod(partial(np.sum, axis=-1, keepdims=True))
    stack = staticmethod(partial(np.concatenate, axis=-1))

    def __getattr__(self, name):
        return getattr(np, name)


def clip_each_way(gradient, other, thresholds):
    """Clip the gradients of A, two entries, and of B, one entry, in each of the three ways.

    gradient:   A's, shape (2,).
    other:      B's, shape (n,).
    thresholds: shape (m,).
    Returns {kind: (A's gradients, B's)}, shapes (n, m, 2) and (n, m, 1).
    """
    a, b = np.broadcast_to(gradient, (len(other), 1, 2)), other[:, None, None]
    c, rows = thresholds[None, :, None], Rows()
    with np.errstate(divide="ignore"):  # a zero gradient stays zero
        together = clip_by_global_norm([a, b], c, rows)
    return {
        "value": (clip_by_value(a, c), clip_by_value(b, c)),
        "norm": (clip_by_norm(a, c, rows), clip_by_norm(b, c, rows)),
        "global": tuple(together),
    }


def turned(before, after):
    """The angle in degrees between two arrays of vectors, shape (..., d); 0 where one is zero."""
    ends = [_unit(vectors) for vectors in (before, after)]
    # By the chord, since the cosine cannot tell small angles apart.
    return 2 * np.degrees(np.arcsin(np.linalg.norm(ends[0] - ends[1], axis=-1) / 2))


def _unit(vectors):
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)


def clipped(gradient, other, thresholds):
    """The columns {name: array (n, m)} for n gradients of B and m thresholds.

    x, y, b:     what a clip leaves of A's two entries and of B's one.
    A:           the length that it leaves of A.
    turned_A, turned: by how many degrees it turns A, and both together.
    cut:         how many entries, variables or whole gradients were larger than the threshold.
    """
    other = np.atleast_1d(other).astype(float)
    a, b = np.broadcast_to(gradient, (len(other), 1, 2)), other[:, None, None]
    whole = np.concatenate([a, b], axis=-1)
    lengths = np.linalg.norm(a, axis=-1, keepdims=True), b
    sizes = {
        "value": np.abs(whole),
        "norm": np.concatenate(lengths, axis=-1),
        "global": np.linalg.norm(whole, axis=-1, keepdims=True),
    }
    columns = {}
    for key, (of_a, of_b) in clip_each_way(gradient, other, thresholds).items():
        left = {
            "x": of_a[..., 0],
            "y": of_a[..., 1],
            "b": of_b[..., 0],
            "A": np.linalg.norm(of_a, axis=-1),
            "turned_A": turned(a, of_a),
            "turned": turned(whole, np.concatenate([of_a, of_b], axis=-1)),
            "cut": (sizes[key] > thresholds[None, :, None]).sum(axis=-1),
        }
        columns |= {f"{key}.{name}": column for name, column in left.items()}
    return columns
