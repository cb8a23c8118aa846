"""05.edge, repair the edge: The edge of the bowl."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _edge(curvatures, momentum):
    stiffest = np.max(curvatures)
    return (2 + 2 * momentum) / (1 + 2 * momentum) / stiffest


def _edge_arguments(random):
    return random.uniform(0.2, 5.0, size=3), random.uniform(0.3, 0.95)


def _faster_than_the_ball(momentum):
    root = np.sqrt(momentum)
    return 1 + root / (1 + root + momentum)


EDGE = Rule(
    name="05.edge",
    title="The edge of the bowl",
    work="repair",
    asks="edge",
    points=2,
    results=("learning_rate",),
    reference=_edge,
    shown=(
        Case("one direction, momentum 0.9", (np.array([1.0]), 0.9)),
        Case("one direction, momentum 0", (np.array([1.0]), 0.0)),
        Case("curvatures 0.5, 1 and 4, momentum 0.5", (np.array([0.5, 1.0, 4.0]), 0.5)),
    ),
    draw=_edge_arguments,
    mistakes=(
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.mean(curvatures),
            "Nothing is repaired yet. With momentum 0 and one direction it happens to be right: "
            "so look at what momentum does, and at what several directions do.",
            untouched=True,
        ),
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.max(curvatures),
            "The stiffest direction is the right one. But 2 (1 + momentum) is the edge of momentum "
            "without look-ahead; Nesterov's is lower.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.mean(curvatures), beta),
            "The formula is Nesterov's now. But a mean curvature protects nobody: which direction "
            "diverges first?",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.min(curvatures), beta),
            "The formula is Nesterov's now. But you took the flattest direction, which allows the "
            "longest steps: by then the stiffest has flown away.",
        ),
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.min(curvatures),
            "This is the edge of momentum without look-ahead, and of the flattest direction: the "
            "stiffest diverges first.",
        ),
        Mistake(
            lambda curvatures, beta: 2 / np.max(curvatures),
            "This is plain descent's edge. Nesterov's depends on the momentum, and is lower.",
        ),
        Mistake(
            lambda curvatures, beta: _faster_than_the_ball(beta) / np.max(curvatures),
            "Up to there Nesterov is faster than momentum. It is slower a little longer, and only "
            "then diverges.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(curvatures, beta) * np.max(curvatures) ** 2,
            "The formula gives learning rate times curvature: divide it by the curvature, do not "
            "multiply.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.sum(curvatures), beta),
            "The formula is Nesterov's now. But curvatures do not add up: each direction goes its "
            "own way, and the stiffest diverges first.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(1.0, beta) / curvatures,
            "The formula is Nesterov's now. But these are the edges of all directions: return one "
            "number, the edge of the one that diverges first.",
        ),
        Mistake(
            lambda curvatures, beta: 4 / 3 / np.max(curvatures),
            "4/3 is where Nesterov stops being the calmer one at momentum 0.9. The edge lies a "
            "little further, and depends on the momentum.",
        ),
        Mistake(
            lambda curvatures, beta: 1 / np.max(curvatures),
            "There the steep direction is braked best of all. The edge lies further.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(1.0, beta),
            "This is learning rate times curvature at the edge. Divide it by the stiffest "
            "curvature.",
        ),
        Mistake(
            lambda curvatures, beta: 1 / (_edge(1.0, beta) * np.max(curvatures)),
            "The fraction stands on its head: 2 + 2β goes above, 1 + 2β below.",
        ),
        Mistake(
            lambda curvatures, beta: (2 + 2 * beta / (1 + 2 * beta)) / np.max(curvatures),
            "Python divides before it adds: put the whole of 2 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: 2 + 2 * beta / (1 + 2 * beta) / np.max(curvatures),
            "Python divides before it adds: put the whole of 2 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: (2 + 2 * beta) / 1 + 2 * beta / np.max(curvatures),
            "Python divides before it adds: put the whole of 1 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: ((2 + 2 * beta) / 1 + 2 * beta) / np.max(curvatures),
            "Python divides before it adds: put the whole of 1 + 2β into brackets.",
        ),
    ),
    hints=(
        "One line answers for the wrong direction, the other for the wrong method.",
        "The stiffest direction diverges first. For it, use chapter 05's edge, the box in "
        "“Oscillates less and converges faster”.",
        "learning rate × curvature is (2 + 2β)/(1 + 2β) at the edge; divide by np.max(curvatures).",
    ),
)
