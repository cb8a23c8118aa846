"""05.edge, repair the edge: The edge of the bowl."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def _edge(curvatures, momentum):
    stiffest = np.max(curvatures)
    return (2 + 2 * momentum) / (1 + 2 * momentum) / stiffest


def _edge_arguments(random):
    return random.uniform(0.2, 5.0, size=3), random.uniform(0.3, 0.95)


def _faster_than_the_ball(momentum):
    root = np.sqrt(momentum)
    return 1 + root / (1 + root + momentum)


CASES = (
    Case("one direction, momentum 0.9", (np.array([1.0]), 0.9)),
    Case("one direction, momentum 0", (np.array([1.0]), 0.0)),
    Case("curvatures 0.6, 4 and 1.5, momentum 0.6", (np.array([0.6, 4.0, 1.5]), 0.6)),
)

KNOWN = (
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
        "The formula is Nesterov's now. But you took the mean curvature: which direction diverges "
        "first?",
    ),
    Mistake(
        lambda curvatures, beta: _edge(np.min(curvatures), beta),
        "The formula is Nesterov's now. But you took the flattest direction, which allows the "
        "longest steps: there the stiffest diverges.",
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
        "This is learning rate times curvature at the edge. Divide it by the stiffest curvature.",
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
    Mistake(
        lambda curvatures, beta: 2 / np.mean(curvatures),
        "This is plain descent's edge, of a mean curvature: the stiffest direction decides, "
        "and Nesterov's edge depends on the momentum.",
    ),
    Mistake(
        lambda curvatures, beta: 2 / np.min(curvatures),
        "This is plain descent's edge, of the flattest direction: the stiffest decides, and "
        "Nesterov's edge depends on the momentum.",
    ),
    Mistake(
        lambda curvatures, beta: 2 / (np.min(curvatures) + np.max(curvatures)),
        "This is plain descent's best rate, 2/(L + μ). An edge is another thing, and only the "
        "stiffest direction sets it.",
    ),
    Mistake(
        lambda curvatures, beta: _edge(np.median(curvatures), beta),
        "The formula is Nesterov's now. But you took the curvature in the middle: which "
        "direction diverges first?",
    ),
    Mistake(
        lambda curvatures, beta: _edge(np.linalg.norm(curvatures), beta),
        "The formula is Nesterov's now. But a norm adds up the directions: each goes its own "
        "way, and the stiffest diverges first.",
    ),
    Mistake(
        lambda curvatures, beta: _edge(len(curvatures), beta),
        "The formula is Nesterov's now. But you divided by the number of directions: it is the "
        "stiffest curvature that divides.",
    ),
    Mistake(
        lambda curvatures, beta: _edge(curvatures[0], beta),
        "The formula is Nesterov's now. But you took the first direction, wherever the "
        "stiffest may stand.",
    ),
    Mistake(
        lambda curvatures, beta: _edge(curvatures[-1], beta),
        "The formula is Nesterov's now. But you took the last direction, wherever the stiffest "
        "may stand.",
    ),
    Mistake(
        lambda curvatures, beta: _edge(np.max(curvatures) ** 0.5, beta),
        "The formula is Nesterov's now. But the curvature itself divides, not its root.",
    ),
    Mistake(
        lambda curvatures, beta: (2 - 2 * beta) / (1 - 2 * beta) / np.max(curvatures),
        "Both signs of β are turned: at the edge it is 2 + 2β above and 1 + 2β below.",
    ),
    Mistake(
        lambda curvatures, beta: (2 + 2 * beta) / (1 - 2 * beta) / np.max(curvatures),
        "One sign is turned: below the fraction stands 1 + 2β.",
    ),
    Mistake(
        lambda curvatures, beta: 2 * (1 - beta) / np.max(curvatures),
        "More momentum lowers Nesterov's edge, but not as far as that: learning rate × "
        "curvature may be above 1 at any momentum. Look at the fraction in chapter 05 again.",
    ),
    Mistake(
        lambda curvatures, beta: (1 + beta) / (1 + 2 * beta) / np.max(curvatures),
        "Half of it: the fraction is 2 + 2β above, 1 + 2β below.",
    ),
    Mistake(
        lambda curvatures, beta: (2 + beta) / (1 + 2 * beta) / np.max(curvatures),
        "Above the fraction β is there twice, too: 2 + 2β.",
    ),
    Mistake(
        lambda curvatures, beta: 4 / np.max(curvatures),
        "4 is momentum's edge at momentum 1, without look-ahead. Nesterov's is lower, and "
        "depends on the momentum.",
    ),
    Mistake(
        lambda curvatures, beta: 1.357 / np.max(curvatures),
        "You wrote the edge at momentum 0.9 as a number. Write it so that it follows momentum.",
    ),
    Mistake(
        lambda curvatures, beta: (2 + 2 * beta) / (1 + 2 * beta * np.max(curvatures)),
        "The curvature divides the whole fraction, not a part of what stands below: look at "
        "your brackets.",
    ),
    Mistake(
        lambda curvatures, beta: 2 + beta / (1 + 2 * beta) / np.max(curvatures),
        "Python divides before it adds: put the whole of 2 + 2β into brackets.",
    ),
)

#: Learning rate × curvature at the edge, of momentum.
FORMULAS = {
    lambda beta: (2 + 2 * beta) / (1 + 2 * beta): "The formula is Nesterov's now.",
    lambda beta: 2 * (1 + beta): "2 (1 + β) is the edge of momentum without look-ahead.",
    lambda beta: 2.0: "2 is plain descent's edge: Nesterov's depends on the momentum.",
    lambda beta: 4 / 3: "4/3 is where Nesterov stops being the calmer one at momentum 0.9.",
    lambda beta: 1.0: "At 1 a direction is braked best of all: the edge lies further.",
    lambda beta: (1 + 2 * beta) / (2 + 2 * beta): "The fraction stands on its head.",
    lambda beta: (1 + beta) / (1 + 2 * beta): "Half of it: the fraction has 2 + 2β above.",
    lambda beta: 2 + 2 * beta / (1 + 2 * beta): (
        "Python divides before it adds: put the whole of 2 + 2β into brackets."
    ),
    lambda beta: 1 + beta: "1 + β is half of the edge of momentum without look-ahead.",
    lambda beta: 2 / (1 + 2 * beta): "Above the fraction stands 2 + 2β.",
    lambda beta: (2 - 2 * beta) / (1 + 2 * beta): "One sign is turned: above stands 2 + 2β.",
    lambda beta: (2 + 2 * beta) / (1 + beta**2): "Below the fraction β is not squared: 1 + 2β.",
    lambda beta: (1 + beta) ** 2: "(1 + β)² is no edge: the box in chapter 05 has a fraction.",
    lambda beta: 2 * (2 + beta) / (1 + 2 * beta): "Above stands 2 (1 + β), not 2 (2 + β).",
    lambda beta: 2 * (1 - beta): "Nesterov's edge does not fall as far as 2 (1 - β).",
}

#: What stands for the curvature, of all of them.
CURVATURES = {
    np.max: "The stiffest direction is the right one.",
    np.mean: "But you took the mean curvature: which direction diverges first?",
    np.min: "But you took the flattest direction: the stiffest diverges first.",
    np.sum: "But curvatures do not add up: the stiffest direction diverges first.",
    lambda curvatures: 1 / np.max(curvatures): "But the curvature divides; you multiplied by it.",
    lambda curvatures: 1.0: "But the curvature is missing: divide by the stiffest.",
    lambda curvatures: 1 / np.min(curvatures): (
        "But the stiffest curvature divides; you multiplied by the flattest."
    ),
    lambda curvatures: np.max(curvatures) ** 2: "But the curvature divides once, not squared.",
    np.prod: "But curvatures do not multiply: the stiffest direction diverges first.",
    lambda curvatures: 1 / np.mean(1 / curvatures): (
        "But you averaged the edges of all directions: the lowest of them counts."
    ),
    np.median: "But you took the curvature in the middle: which direction diverges first?",
    lambda curvatures: np.max(curvatures) - np.min(curvatures): (
        "But it is the stiffest curvature that divides, not a difference."
    ),
}


def _with(formula, curvature):
    """An edge with this formula and this curvature."""
    return lambda curvatures, beta: formula(beta) / curvature(curvatures)


EDGE = Rule(
    name="05.edge",
    title="The edge of the bowl",
    work="repair",
    asks="edge",
    points=2,
    results=("learning_rate",),
    reference=_edge,
    shown=CASES,
    draw=_edge_arguments,
    mistakes=distinct(
        _edge,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, FORMULAS, CURVATURES, pairs=7),
    ),
    hints=(
        "One line answers for the wrong direction, the other for the wrong method.",
        "The stiffest direction diverges first. For it, use chapter 05's edge, the box in "
        "“Oscillates less and converges faster”.",
        "learning rate × curvature is (2 + 2β)/(1 + 2β) at the edge; divide by np.max(curvatures).",
    ),
)
