"""Every argument of SGD on one page: formula, default, when to touch it, and its trap."""

from typing import NamedTuple

from course import paths
from course.arguments import ARGUMENTS


class Line(NamedTuple):
    """What the page says of an argument, beside what `course.arguments` has of it."""

    formula: str
    touch: str
    trap: str


LINES = {
    "learning_rate": Line(
        "w ← w − η·g; settles for η < 2/λ",
        "first, and again after every other change; sweep it by factors of 3",
        "a Python callable is read once, when `fit` compiles the step; a schedule counts calls, "
        "not epochs",
    ),
    "momentum": Line(
        "v ← β·v − η·g; w ← w + v",
        "after the learning rate: 0.9, with η divided by 10 to compare fairly",
        "it multiplies the effective rate by 1/(1 − β); changed after compiling, it is ignored",
    ),
    "nesterov": Line(
        "w ← w + β·v − η·g with the new v",
        "to begin with: ahead of the ball in chapter 12's race",
        "does nothing without momentum; diverges from ηλ = (2 + 2β)/(1 + 2β) on, far below "
        "momentum's 2(1 + β)",
    ),
    "weight_decay": Line(
        "w ← w − η·wd·w, before the step",
        "when training fits and validation does not; a decade either side of 1/(η·T)",
        "no L2 penalty: with momentum it acts as wd·(1 − β) of one; biases decay too",
    ),
    "clipnorm": Line(
        "g ← g·min(1, c/|g|), each variable",
        "when single layers explode",
        "turns the whole gradient; a finite 1e20 in float32 becomes zero",
    ),
    "clipvalue": Line(
        "g ← min(max(g, −c), c), each entry",
        "when single entries explode",
        "turns the gradient towards a corner; passes nan",
    ),
    "global_clipnorm": Line(
        "all g ← g·min(1, c/|all g|)",
        "the usual choice for recurrent networks; set c a little above the typical norm",
        "one inf or nan makes every gradient nan",
    ),
    "use_ema": Line(
        "a ← m·a + (1 − m)·w, after the step",
        "for a calmer end than the last step gives",
        "during `fit` validation sees the raw weights; after it they are gone",
    ),
    "ema_momentum": Line(
        "m; memory 1/(1 − m) steps, lag m/(1 − m)",
        "so that the memory is a small part of the run",
        "a long memory is still on its way when a short run ends",
    ),
    "ema_overwrite_frequency": Line(
        "w ← a, every k updates",
        "seldom",
        "the velocity is not reset; with accumulation it fires on each call of its turn",
    ),
    "loss_scale_factor": Line(
        "loss × s before, g ÷ s after",
        "float16 by hand; a power of two",
        "`compile` under mixed_float16 sets it to None and scales by itself",
    ),
    "gradient_accumulation_steps": Line(
        "g ← (g₁ + … + g_k)/k, then one step",
        "when the batch you want does not fit into memory",
        "schedules still count calls; BatchNorm still sees the small batch",
    ),
    "name": Line("–", "never", "None names itself sgd, sgd_1, …"),
}


class Companion(NamedTuple):
    """What is no argument of SGD and belongs to one: a method, a callback or a wrapper."""

    name: str
    does: str
    trap: str
    chapter: str


COMPANIONS = (
    Companion(
        "optimizer.exclude_from_weight_decay(var_names=[…])",
        "no decay for variables whose names match, such as biases",
        "before `build`; a name matches anywhere, as a regular expression; lost on reload",
        "06",
    ),
    Companion(
        "optimizer.finalize_variable_values(model.trainable_variables)",
        "puts the average in the weights' place, as `fit` does at its end",
        "before any step it sets the weights to zero",
        "08",
    ),
    Companion(
        "keras.callbacks.SwapEMAWeights()",
        "validation during `fit` sees the average instead of the raw weights",
        "needs `use_ema=True`",
        "08",
    ),
    Companion(
        "keras.optimizers.LossScaleOptimizer(optimizer)",
        "scales the loss, halves the scale after an overflow, doubles it after 2000 good steps",
        "a step that overflows is skipped; `compile` under mixed_float16 wraps by itself",
        "10",
    ),
)


def chapter_links(chapters):
    """ "01, 03" as links to these chapters' notebooks, which lie beside the page."""
    numbers = chapters.split(", ")
    return ", ".join(f"[{number}]({paths.chapter(number)})" for number in numbers)


def _table(*rows):
    escaped = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    head, *rest = (f"| {row} |" for row in escaped)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def markdown():
    """The page as a Markdown table, one row for each argument in the signature's order."""
    rows = [
        (f"`{row.name}`", f"`{row.default}`", *LINES[row.name], chapter_links(row.chapter))
        for row in ARGUMENTS
    ]
    return _table(("argument", "default", "formula", "touch it", "trap", "chapter"), *rows)


def companions():
    """The same for what stands beside the arguments."""
    rows = [(f"`{c.name}`", c.does, c.trap, chapter_links(c.chapter)) for c in COMPANIONS]
    return _table(("beside them", "does", "trap", "chapter"), *rows)
