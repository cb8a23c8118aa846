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
        Mistake(
            lambda g, h: 2 * g / (h @ g),
            "You divided entry by entry, which gives one number for each weight. The step has one "
            "rate: make numbers of it first, g @ g and g @ H @ g.",
        ),
        Mistake(
            lambda g, h: np.linalg.solve(h, g),
            "This is Newton's step, which goes another way. Here you go along −g, and only how far "
            "is asked.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.solve(h, g),
            "This is twice Newton's step, which goes another way. Here you go along −g, and only "
            "how far is asked.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / (h @ g),
            "Hg is an array still: one more g makes a number of it, g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 * np.outer(g, g) / (g @ h @ g),
            "g gᵀ is a matrix. Its length squared is gᵀg, one number: g @ g.",
        ),
        Mistake(
            lambda g, h: np.full(len(g), _one_step_edge(g, h)),
            "Your number is right, but you return it once for each weight: one number is asked.",
        ),
        Mistake(
            lambda g, h: 2 / np.trace(h),
            "You took the sum of all curvatures. A step meets only the one along its own gradient.",
        ),
        Mistake(
            lambda g, h: 2 / np.mean(np.linalg.eigvalsh(h)),
            "You took the mean of curvatures. A step meets only the one along its own gradient.",
        ),
        Mistake(
            lambda g, h: 2 / np.max(np.diag(h)),
            "You took the largest curvature along an axis. A step meets only the one along its own "
            "gradient.",
        ),
        Mistake(
            lambda g, h: 2 / np.linalg.norm(h),
            "You took a norm of the whole Hessian. A step meets only the curvature along its own "
            "gradient.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / np.sum(h @ g),
            "You summed Hg. The loss along −g is bent by gᵀHg: multiply by g once more.",
        ),
        Mistake(
            lambda g, h: 2 * np.sum(g) / np.sum(h @ g),
            "You summed the entries. Lengths and curvatures come from products: g @ g, g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 * np.sum(g) ** 2 / (g @ h @ g),
            "The square of a sum is no sum of squares: |g|² is g @ g.",
        ),
        Mistake(
            lambda g, h: 2 * np.abs(g).sum() / (g @ h @ g),
            "You summed the sizes of the entries. |g|² sums their squares: g @ g.",
        ),
        Mistake(
            lambda g, h: 2 * len(g) / (g @ h @ g),
            "len(g) counts the weights. The length of the gradient, squared, is g @ g.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ h @ g) / (g @ h @ h @ g),
            "There is one H too many, above and below: this rate brings the length of the "
            "gradient, not the loss, to where it was.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / np.sum(g * h * g),
            "g * h * g squares the entries of g, column by column. gᵀHg is written g @ h @ g.",
        ),
        Mistake(
            lambda g, h: np.sqrt(2 * (g @ g) / (g @ h @ g)),
            "Leave out the root: in −η gᵀg + ½η² gᵀHg = 0 one η cancels, and the other "
            "is not squared.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) * (g @ h @ g),
            "gᵀHg belongs below: the more the loss is bent along −g, the shorter the step.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / np.linalg.norm(h @ g),
            "You took the length of Hg. What bends the loss along −g is gᵀHg: g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / (h @ g @ h @ g),
            "You took |Hg|², which contains H twice. What bends the loss along −g is gᵀHg.",
        ),
        Mistake(
            lambda g, h: (g @ g) / (2 * g @ h @ g),
            "A quarter of it: the change of the loss is −η|g|² + ½η² gᵀHg. Solve it for η again.",
        ),
        Mistake(
            lambda g, h: 2 * g @ g / g @ h @ g,
            "Python goes from left to right, also with @: put all of g @ H @ g into brackets.",
        ),
        Mistake(
            lambda g, h: 2 / (np.linalg.eigvalsh(h)[-1] + np.linalg.eigvalsh(h)[0]),
            "This is 2/(L + μ), the best rate for many steps. A single step meets only the "
            "curvature along its own gradient.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / np.sum(h),
            "You summed all entries of the Hessian. The curvature along g is gᵀHg / gᵀg.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ np.linalg.solve(h, g)) / (g @ g),
            "You averaged 1/curvature over the directions. A step meets gᵀHg / gᵀg, and 2 is "
            "divided by that.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.norm(g, 1) ** 2 / (g @ h @ g),
            "norm(g, 1) sums the sizes of the entries. |g|² sums their squares: g @ g.",
        ),
        Mistake(
            lambda g, h: 2 * np.max(g) / np.max(h @ g),
            "You took the largest entries. Lengths and curvatures come from products: g @ g, "
            "g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 / np.max(h @ g),
            "You took the largest entry of Hg. The curvature along g is gᵀHg / gᵀg.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / (g @ h @ g) ** 2,
            "gᵀHg is squared in your rate: once is enough.",
        ),
    ),
    hints=(
        "Follow the loss along the line w − ηg only. It is a parabola in η: when is it back at "
        "its first height?",
        "One step changes the loss by −η gᵀg + ½η² gᵀHg. Set that to 0, and leave η = 0 aside.",
        "Then η = 2 gᵀg / gᵀHg. In NumPy, gᵀg is gradient @ gradient and gᵀHg is "
        "gradient @ hessian @ gradient.",
    ),
)
