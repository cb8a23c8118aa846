"""01.edge, repair: find the edge: The edge of a linear model."""

import numpy as np

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

EDGE = Rule(
    name="01.edge",
    title="The edge of a linear model",
    work="repair",
    asks="edge",
    points=2,
    results=("rate",),
    reference=_edge,
    shown=(
        Case("one input, two examples", (np.array([[1.0], [3.0]]),)),
        Case("two inputs that are never on together", (np.array([[1.0, 0.0], [0.0, 2.0]]),)),
        Case("two inputs that go together", (np.array([[2.0, 1.0], [1.0, 2.0]]),)),
    ),
    # Means away from zero, so that inputs go together as pixels do.
    draw=lambda random: (random.normal(random.uniform(0.5, 2), size=(6, 3)),),
    mistakes=(
        Mistake(
            lambda x: 2 / np.diag(x.T @ x).max(),
            "Nothing is repaired yet: compare both lines with section *Many weights* of "
            "chapter 01.",
            untouched=True,
        ),
        Mistake(
            lambda x: 2 / np.diag(x.T @ x / len(x)).max(),
            "The Hessian is right now. But its diagonal knows each weight alone; where inputs go "
            "together, a direction between the axes is steeper. Take the eigenvalues.",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvalsh(x.T @ x)[-1],
            "The eigenvalues are right now. But the loss is a mean over the examples: divide the "
            "Hessian by their number, len(X).",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvalsh(x.T @ x / (2 * len(x)))[-1],
            "You divided by 2n. The ½ is used up: differentiating the square brings a 2, which "
            "cancels it. The Hessian is X.T @ X / len(X).",
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
            "This is 1/L, at which the steepest direction lands in one step. The edge is twice as "
            "far.",
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
            "and the steepest breaks first.",
        ),
        Mistake(
            lambda x: 2 / np.mean(_curvatures(x)),
            "You took the mean of the curvatures. On average is not enough: the steepest "
            "direction breaks first.",
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
