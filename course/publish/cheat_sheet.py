"""Every argument of SGD on one page: formula, default, when to touch it, and its trap."""

from typing import NamedTuple

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
        "when momentum swings in stiff directions",
        "does nothing without momentum; diverges from ηλ = (2 + 2β)/(1 + 2β) on, far below "
        "momentum's 2(1 + β)",
    ),
    "weight_decay": Line(
        "w ← w − η·wd·w, before the step",
        "when training fits and validation does not; try 1e-4, tenfold up and down",
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


def markdown():
    """The page as a Markdown table, one row for each argument in the signature's order."""
    rows = ["| argument | default | formula | touch it | trap |", "|---|---|---|---|---|"]
    for row in ARGUMENTS:
        line = LINES[row.name]
        cells = (f"`{row.name}`", f"`{row.default}`", *line)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)
