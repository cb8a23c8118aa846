"""01.edge, repair: find the edge: The edge of a linear model."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def _edge(x):
    hessian = x.T @ x / len(x)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


def _curvatures(x):
    """The curvatures of the loss |Xw − y|² / 2n, from flat to steep."""
    return np.linalg.eigvalsh(x.T @ x / len(x))


_SQUARE_THE_SINGULAR = (
    "You took a singular value of X itself. A curvature is its square, divided by the number of "
    "rows."
)

CASES = (
    Case("one input, two examples", (np.array([[1.0], [3.0]]),)),
    Case("two inputs that are never on together", (np.array([[1.0, 0.0], [0.0, 2.0]]),)),
    Case("two inputs that go together", (np.array([[3.0, 2], [3, 0], [1, 2], [1, 0]]),)),
)

KNOWN = (
    Mistake(
        lambda x: 2 / np.diag(x.T @ x).max(),
        "Nothing is repaired yet: compare both lines with section *Many weights* of chapter 01.",
        untouched=True,
    ),
    Mistake(
        lambda x: 2 / np.diag(x.T @ x / len(x)).max(),
        "The Hessian is right now. But its largest entry, on the diagonal, knows one weight "
        "alone; where inputs go together, a direction between the axes is steeper.",
    ),
    Mistake(
        lambda x: 2 / np.linalg.eigvalsh(x.T @ x)[-1],
        "The eigenvalues are right now. But the loss is a mean over the examples: divide the "
        "Hessian by their number, len(X).",
    ),
    Mistake(
        lambda x: 2 / np.linalg.eigvalsh(x.T @ x / (2 * len(x)))[-1],
        "Twice too far. Is a 2n in your Hessian? The ½ of the loss is used up: differentiating "
        "the square brings a 2, which cancels it.",
    ),
    Mistake(
        lambda x: 2 / np.linalg.eigvalsh(x.T @ x / x.shape[1])[-1],
        "You divided by the number of inputs. The loss is a mean over the examples, which are "
        "the rows: len(X).",
    ),
    Mistake(
        lambda x: 2 / _curvatures(x)[0],
        "You took the flattest direction. It sets the time; the limit is set by the steepest, "
        "the largest eigenvalue.",
    ),
    Mistake(
        lambda x: 2 / np.linalg.eigvals(x.T @ x / len(x))[0],
        "You took the first eigenvalue. np.linalg.eig and eigvals do not sort them: take the "
        "largest, wherever it stands.",
    ),
    Mistake(
        lambda x: 1 / _curvatures(x)[-1],
        "This is 1/L, at which the steepest direction lands in one step. The edge is twice as far.",
    ),
    Mistake(
        lambda x: _curvatures(x)[-1],
        "This is the largest curvature itself. The edge is 2 divided by it.",
    ),
    Mistake(
        lambda x: 2 / (_curvatures(x)[0] + _curvatures(x)[-1]),
        "This is the best single rate, 2/(L + μ). It lies within the edge; the edge itself "
        "knows only the steepest direction.",
    ),
    Mistake(
        lambda x: 2 / np.sum(_curvatures(x)),
        "You took the sum of all curvatures. Directions do not add up: each goes its own way, "
        "and the steepest diverges first.",
    ),
    Mistake(
        lambda x: 2 / np.mean(_curvatures(x)),
        "You took the mean of the curvatures. On average is not enough: the steepest "
        "direction diverges first.",
    ),
    Mistake(
        lambda x: 2 / np.linalg.norm(x.T @ x / len(x)),
        "np.linalg.norm of a matrix is the root of its squares' sum. The largest eigenvalue "
        "is wanted: np.linalg.eigvalsh(hessian).max().",
    ),
    Mistake(lambda x: 2 / np.linalg.norm(x, 2), _SQUARE_THE_SINGULAR),
    Mistake(lambda x: 2 * len(x) / np.linalg.norm(x, 2), _SQUARE_THE_SINGULAR),
    Mistake(
        lambda x: _edge(x - x.mean(axis=0)),
        "You centred the data first. That changes the loss, and its edge with it: this is "
        "about X as it is.",
    ),
    Mistake(
        lambda x: 2 / _curvatures(x),
        "These are the edges of all directions: return one number, the edge of the direction "
        "that diverges first.",
    ),
    Mistake(
        lambda x: 2 / np.diag(x.T @ x / len(x)),
        "These are as many edges as there are weights, each as if it were alone. One number is "
        "asked, from the steepest of all directions.",
    ),
    Mistake(
        lambda x: 2 / np.abs(x.T @ x / len(x)).sum(axis=1).max(),
        "The sum of a row is an upper limit of the curvature, so your rate is on the safe "
        "side. The edge itself is made of the largest eigenvalue.",
    ),
    Mistake(
        lambda x: 2 / np.mean(x.T @ x / len(x)),
        "You took the mean of the Hessian's entries. A curvature is one of its eigenvalues.",
    ),
    Mistake(
        lambda x: 2 / np.median(_curvatures(x)),
        "You took the curvature in the middle. The steepest direction diverges first.",
    ),
    Mistake(
        lambda x: 2 / np.linalg.det(x.T @ x / len(x)),
        "The determinant is the product of all curvatures. The steepest alone is wanted.",
    ),
    Mistake(
        lambda x: 2 / np.sqrt(_curvatures(x)[-1]),
        "You took the root of the largest curvature. The edge is 2 divided by the curvature "
        "itself.",
    ),
    Mistake(
        lambda x: _curvatures(x)[-1] / 2,
        "Upside down: the steeper the loss, the lower the edge.",
    ),
    Mistake(
        lambda x: 2 * (len(x) - 1) / np.linalg.eigvalsh(x.T @ x)[-1],
        "You divided by n − 1, as for a sample's variance. The loss is a mean over all n examples.",
    ),
    Mistake(
        lambda x: 2 * len(x) ** 2 / np.linalg.eigvalsh(x.T @ x)[-1],
        "You divided by the number of examples twice: once is enough.",
    ),
    Mistake(
        lambda x: 2 * x.size / np.linalg.eigvalsh(x.T @ x)[-1],
        "You divided by the number of all entries of X. The loss is a mean over the examples, "
        "which are the rows: len(X).",
    ),
)


def _over(x, count):
    return x.T @ x / count


HESSIANS = {
    lambda x: _over(x, len(x)): "The Hessian is right.",
    lambda x: _over(x, 1): "The loss is a mean: divide the Hessian by the number of examples.",
    lambda x: _over(x, 2 * len(x)): "The ½ of the loss cancels: the Hessian is X.T @ X / len(X).",
    lambda x: _over(x, x.shape[1]): "You divided by the inputs: the examples are the rows, len(X).",
    lambda x: x @ x.T / len(x): (
        "X @ X.T has a row for each example. The Hessian has one for each weight: X.T @ X."
    ),
    lambda x: _over(x - x.mean(axis=0), len(x)): "You centred the data: this is about X as it is.",
    lambda x: _over(x / np.linalg.norm(x, axis=0), len(x)): (
        "You scaled the inputs to one length: this is about X as it is."
    ),
    lambda x: np.linalg.inv(_over(x, len(x)) + 1e-12 * np.eye(x.shape[1])): (
        "You inverted the Hessian: its own eigenvalues are the curvatures."
    ),
}

RATES = {
    lambda h: 2 / np.linalg.eigvalsh(h)[-1]: "",
    lambda h: 2 / np.diag(h).max(): "Its diagonal knows each weight alone: take the eigenvalues.",
    lambda h: 2 / np.linalg.eigvalsh(h)[0]: "The steepest direction counts, not the flattest.",
    lambda h: 1 / np.linalg.eigvalsh(h)[-1]: "The edge is 2 divided by the largest curvature.",
    lambda h: 2 / np.trace(h): "Curvatures do not add up: take the largest.",
    lambda h: 2 / np.mean(np.linalg.eigvalsh(h)): "The mean curvature counts for nothing.",
    lambda h: 2 / np.linalg.norm(h): "A matrix's norm is no curvature: take the eigenvalues.",
    lambda h: 2 / np.linalg.eigvalsh(h)[-1] ** 2: "The curvature is not squared.",
    lambda h: 2 / np.linalg.cond(h): "The condition number says how long it takes, not how far.",
    lambda h: 2 / np.linalg.eigh(h)[1].max(): (
        "Those are the eigenvectors. The curvatures are the eigenvalues: eigh's first result."
    ),
    lambda h: 4 / (np.linalg.eigvalsh(h)[-1] + np.linalg.eigvalsh(h)[0]): (
        "The steepest direction alone sets the edge, not a mean of it and the flattest."
    ),
}


def _with(hessian, rate):
    """An edge from this Hessian in this way."""
    return lambda x: rate(hessian(x))


EDGE = Rule(
    name="01.edge",
    title="The edge of a linear model",
    work="repair",
    asks="edge",
    points=2,
    results=("rate",),
    reference=_edge,
    shown=CASES,
    # Means away from zero, so that inputs go together as pixels do.
    draw=lambda random: (random.normal(random.uniform(0.5, 2), size=(6, 3)),),
    mistakes=distinct(
        _edge,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, HESSIANS, RATES),
    ),
    hints=(
        "Two questions: how many examples share the loss? And is the steepest direction always "
        "one of the axes?",
        "The loss is a mean, so its Hessian is one, too. And the curvatures of a loss are not the "
        "diagonal of its Hessian, but its eigenvalues.",
        "hessian = X.T @ X / len(X); np.linalg.eigvalsh(hessian) gives the curvatures of all "
        "directions, from flat to steep.",
    ),
)
