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
