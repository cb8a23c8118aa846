"""Other right ways to answer the tasks of sheet 01, gradient descent."""

import numpy as np


def _descend_by_powers(w, lam, eta, steps):
    return w * (1 - eta * np.asarray(lam)) ** steps


def _descend_in_place(w, lam, eta, steps):
    w = np.array(w)
    while steps:
        w -= eta * (lam * w)
        steps -= 1
    return w


def _descend_by_list(w, lam, eta, steps):
    pairs = zip(np.atleast_1d(w), np.atleast_1d(lam))
    ends = [_descend_by_powers(each, curvature, eta, steps) for each, curvature in pairs]
    return ends if np.ndim(w) else ends[0]


def _edge_by_singular_value(x):
    return 2 * x.shape[0] / np.linalg.svd(x)[1][0] ** 2


def _edge_by_norm(x):
    return float(2 / np.linalg.norm(np.einsum("ij,ik->jk", x, x) / len(x), ord=2))


def _edge_by_general_eigenvalues(x):
    return np.array([2.0]) @ [1 / max(np.linalg.eig(np.dot(x.T, x))[0].real)] * len(x)


def _one_step_by_terms(g, h):
    return 2 * sum(g**2) / sum(a * b * h[i, j] for i, a in enumerate(g) for j, b in enumerate(g))


def _one_step_by_direction(g, h):
    unit = g / np.linalg.norm(g)
    return 2 / np.dot(unit, np.matmul(h, unit))


ACCEPTED = {
    "01.descend": (_descend_by_powers, _descend_in_place, _descend_by_list),
    "01.edge": (_edge_by_singular_value, _edge_by_norm, _edge_by_general_eigenvalues),
    "01.units": (0.004, "4e-3", np.float32(0.004), 2 / (2 * 100 * 2.5)),
    "01.spectrum": (0.46, 0.488, [0.48], np.float32(0.47), (0.4521,)),
    "01.one_step": (_one_step_by_terms, _one_step_by_direction),
    "01.paths": ("BCA", "bca", "B C A"),
}
