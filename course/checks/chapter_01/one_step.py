"""01.one_step, write: how far one step may go: How far one step may go."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _one_step_edge(gradient, hessian):
    along = gradient @ hessian @ gradient / (gradient @ gradient)
    return 2 / along


def _one_step_arguments(random):
    root = random.normal(size=(3, 3))
    return random.normal(size=3), root.T @ root + 0.2 * np.eye(3)


_BOWL = np.diag([0.5, 2.0])
_ENTRY_BY_ENTRY = (
    "In NumPy * multiplies entry by entry. The products gᵀg and gᵀHg are written with @ and give "
    "one number each."
)

ONE_STEP = Rule(
    name="01.one_step",
    title="How far one step may go",
    asks="one_step_edge",
    points=3,
    results=("rate",),
    reference=_one_step_edge,
    shown=(
        Case("the gradient along a flat axis", (np.array([3.0, 0.0]), _BOWL)),
        Case("the gradient along a steep axis", (np.array([0.0, 3.0]), _BOWL)),
        Case("the gradient between them", (np.array([2.0, 1.0]), _BOWL)),
        Case("a bowl at a slant", (np.array([1.0, 2.0]), np.array([[2.0, 1.0], [1.0, 2.0]]))),
    ),
    draw=_one_step_arguments,
    mistakes=(
        Mistake(
            lambda g, h: 2 / np.linalg.eigvalsh(h)[-1],
            "This is 2/L, the edge for all steps. A single step meets only the curvature along "
            "its own gradient.",
        ),
        Mistake(
            lambda g, h: 2 / np.linalg.eigvalsh(h)[0],
            "You took the flattest direction of all. A step meets the curvature along its own "
            "gradient.",
        ),
        Mistake(
            lambda g, h: 1 / (g @ h @ g / (g @ g)),
            "Here the step lands lowest. From there the loss rises again; it is back where it was "
            "at twice this rate.",
        ),
        Mistake(
            lambda g, h: 4 / (g @ h @ g / (g @ g)),
            "Twice too far: one step changes the loss by −η|g|² + ½η² gᵀHg. Look for a second ½, "
            "or a 2 too many, in your lines.",
        ),
        Mistake(
            lambda g, h: g @ h @ g / (g @ g),
            "This is the curvature along the gradient, the right one. The rate is 2 divided by it.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ h @ g) / (g @ g),
            "Upside down: a rate is 1/curvature, so gᵀHg belongs below.",
        ),
        Mistake(
            lambda g, h: 2 / (g @ h @ g),
            "gᵀHg grows with the length of g, but the curvature along g does not: divide it by "
            "|g|² first.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.norm(g) / (g @ h @ g),
            "|g| is there, but its square is wanted: gᵀHg contains g twice.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.norm(g) / np.linalg.norm(h @ g),
            "You took the whole length of Hg. Only its part along g bends the loss on this line: "
            "g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 / (g @ np.diag(np.diag(h)) @ g / (g @ g)),
            "You used only the diagonal of the Hessian. Where the bowl is at a slant, the other "
            "entries bend the line, too.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / (g @ np.linalg.inv(h) @ g),
            "You used the inverse of the Hessian; the change of the loss contains the Hessian "
            "itself.",
        ),
        Mistake(lambda g, h: 2 * (g * g) / (g * h * g), _ENTRY_BY_ENTRY),
        Mistake(lambda g, h: 2 * (g @ g) / (g * h * g), _ENTRY_BY_ENTRY),
        Mistake(lambda g, h: 2 * (g * g) / (g @ h @ g), _ENTRY_BY_ENTRY),
    ),
    hints=(
        "Follow the loss along the line w − ηg only. It is a parabola in η: when is it back at "
        "its first height?",
        "One step changes the loss by −η gᵀg + ½η² gᵀHg. Set that to 0, and leave η = 0 aside.",
        "Then η = 2 gᵀg / gᵀHg. In NumPy, gᵀg is gradient @ gradient and gᵀHg is "
        "gradient @ hessian @ gradient.",
    ),
)
