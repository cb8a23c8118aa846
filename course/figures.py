"""Still pictures: data in, axes out. Nothing is trained, shown or saved in here.

Each method has one colour, one line style and one marker throughout the course, so that
no line is told apart by colour alone (colours: Okabe & Ito 2008).
"""

from typing import NamedTuple

import numpy as np


class Look(NamedTuple):
    """How one method is drawn, on a light and on a dark background."""

    label: str
    colour: str
    dark: str
    line: str
    marker: str


PLAIN = Look("plain SGD", "#000000", "#ffffff", "-", "o")
MOMENTUM = Look("momentum", "#D55E00", "#E69F00", "--", "s")
NESTEROV = Look("Nesterov", "#0072B2", "#56B4E9", ":", "^")
GRADIENT = "#009E73"
VELOCITY = "#CC79A7"


def use_course_style():
    """Set the course's look for all figures that follow: call once, at a notebook's start."""
    import matplotlib.pyplot as plt
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    plt.rcParams.update(
        {
            "figure.figsize": (8, 3.2),
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            # What is no method takes the colours that no method has.
            "axes.prop_cycle": plt.cycler(color=["#56B4E9", "#E69F00", "#7A6000", "0.45"]),
            "grid.alpha": 0.25,
            "lines.linewidth": 1.8,
            "font.size": 11,
        }
    )
    # A picture must not name the version that drew it: a rebuilt notebook is the same bytes.
    set_matplotlib_formats("png", metadata={"Software": None}, dpi=110)


def draw_path(axes, points, look, *, label=None):
    """Draw a trajectory, shape (steps + 1, 2), from its open start to its filled end."""
    points = np.asarray(points)
    axes.plot(
        *points.T, look.line, color=look.colour, label=label or look.label, marker=look.marker, ms=3
    )
    axes.plot(*points[0], look.marker, color=look.colour, mfc="white", ms=9)
    axes.plot(*points[-1], look.marker, color=look.colour, ms=9)
    return axes


def draw_contours(axes, surface, x, y, *, levels=12):
    """Draw a surface's level lines over the grid of the coordinates x and y."""
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    heights = np.sqrt(surface.loss(grid))  # evenly spaced lines on a bowl
    axes.contour(x, y, heights, levels=levels, colors="0.75", linewidths=0.8)
    axes.set(xlabel="$w_1$ (shallow)", ylabel="$w_2$ (steep)")
    return axes


def draw_factor_map(axes, steps, momenta, factors):
    """Colour the factor per step over step (learning rate × curvature) and momentum; grey if ≥ 1.

    Shapes: steps (n,), momenta (m,), factors (m, n).
    """
    stable = np.ma.masked_greater_equal(factors, 1.0)
    axes.set_facecolor("0.85")
    mesh = axes.pcolormesh(steps, momenta, stable, cmap="cividis", vmin=0, vmax=1, rasterized=True)
    axes.figure.colorbar(mesh, ax=axes, label="factor per step")
    # White on the dark end of the colours, black on the light one.
    levels = {0.5: "white", 0.7: "black", 0.8: "black", 0.9: "black", 0.95: "black"}
    lines = axes.contour(
        steps, momenta, factors, levels=[*levels], colors=[*levels.values()], linewidths=0.8
    )
    axes.clabel(lines, fmt="%.2g", fontsize=9)
    axes.set(xlabel="learning rate × curvature", ylabel="momentum")
    axes.grid(False)
    return axes


STAGES = (
    ("gradient", "compute the loss and its gradient", "", "01, 02"),
    ("unscale", "divide by the loss scale", "loss_scale_factor", "10"),
    ("accumulate", "average k gradients", "gradient_accumulation_steps", "09"),
    ("clip", "shorten what is too long", "clipvalue, clipnorm, global_clipnorm", "07"),
    ("decay", "shrink the weights", "weight_decay", "06"),
    ("velocity", "keep a part, subtract the slope", "momentum, learning_rate", "01, 03, 04"),
    ("weights", "move, or look ahead", "nesterov", "05"),
    ("average", "follow the weights", "use_ema, ema_momentum", "08"),
    ("overwrite", "put the average in their place", "ema_overwrite_frequency", "08"),
)


def draw_pipeline(axes, stages=STAGES):
    """Draw the way of a gradient through one step: name, what happens, arguments, chapter."""
    for row, (name, happens, arguments, chapter) in enumerate(stages):
        y = -row
        box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": NESTEROV.colour}
        axes.text(0.09, y, name, ha="center", va="center", weight="bold", bbox=box)
        axes.text(0.20, y, happens, va="center")
        axes.text(0.56, y, arguments, va="center", family="monospace", fontsize=9)
        axes.text(0.97, y, chapter, va="center", ha="right")
        if row:
            axes.annotate("", (0.09, y + 0.32), (0.09, y + 0.68), arrowprops={"arrowstyle": "->"})
    for x, head in ((0.20, "what happens"), (0.56, "arguments"), (0.97, "chapter")):
        axes.text(x, 0.85, head, color="0.4", fontsize=9, ha="right" if x > 0.9 else "left")
    axes.set(xlim=(0, 1), ylim=(-len(stages) + 0.4, 1.2))
    axes.axis("off")
    return axes
