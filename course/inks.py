"""Colours that can be seen on a light and on a dark page: a stored picture has only one of each.

A figure is drawn as on paper; `for_both_themes` then takes the paper away and moves each colour
to a lightness that stands out from white and from the dark of JupyterLab and GitHub.

The contrast of two colours is (L₁ + 0.05) / (L₂ + 0.05), L their relative luminance, the lighter
above (Web Content Accessibility Guidelines 2.2). Lines have 3 or more against white and #212121.
Words have 4.5 against white and 4.1 against #111: no ink has more than 4.35 against both.
"""

import numpy as np

INK = "#767676"
LINES = (0.15, 0.30)  # between these luminances
WORDS = (0.18, 0.1833)


def luminance(colour):
    """The relative luminance of a colour, 0 to 1; its alpha is left out."""
    return float(_linear(_rgba(colour)[:3]) @ (0.2126, 0.7152, 0.0722))


def readable(colour, words=False):
    """A line's colour, or that of words, moved to where it is seen on both pages; (r, g, b, alpha).

    Dark colours are mixed with white, light ones with black. White stays white, and a line's
    grey that is faint on paper is the ink thinned to it, so that it is faint on a dark page, too.
    """
    *rgb, alpha = _rgba(colour)
    light, (lowest, highest) = luminance(rgb), WORDS if words else LINES
    if min(rgb) == 1 or not alpha:
        return (*rgb, alpha)
    if light > highest and max(rgb) - min(rgb) < 1e-9 and not words:
        ink = _rgba(INK)[0]
        return (ink, ink, ink, alpha * (1 - rgb[0]) / (1 - ink))
    linear = _linear(rgb)
    if light < lowest:
        linear = linear + (lowest - light) / (1 - light) * (1 - linear)
    elif light > highest:
        linear = linear * highest / light
    return (*_curved(linear).tolist(), alpha)


def for_both_themes(figure):
    """Make a matplotlib Figure readable on light and on dark pages; returns it, changed in place.

    What is drawn upon a picture or a colour map keeps its colours: it has its own ground.
    """
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    figure.patch.set_facecolor("none")
    own = [*figure.texts, *figure.patches, *(p for each in figure.legends for p in each.findobj())]
    for label in (figure._suptitle, figure._supxlabel, figure._supylabel):
        own += [label] if label and label not in own else []
    for artist in [*own, *(part for axes in figure.axes for part in _without_own_ground(axes))]:
        if isinstance(artist, Text):
            artist.set_color(readable(artist.get_color(), words=True))
            if box := artist.get_bbox_patch():
                _recolour(box, "facecolor", "edgecolor")
        elif isinstance(artist, Patch):
            _recolour(artist, "facecolor", "edgecolor")
        else:
            _recolour_lines(artist)
    for axes in figure.axes:
        axes.tick_params(which="both", colors=INK)
    return figure


def _recolour_lines(artist):
    from matplotlib.collections import Collection
    from matplotlib.contour import ContourSet
    from matplotlib.lines import Line2D

    if isinstance(artist, Line2D):
        _recolour(artist, "markerfacecolor", "markeredgecolor", "color")
    elif isinstance(artist, ContourSet):
        artist.update_scalarmappable()
        artist.set_array(None)  # or its colours are worked out again
        _recolour(artist, "edgecolor")
    elif isinstance(artist, Collection) and artist.get_array() is None:
        _recolour(artist, "facecolor", "edgecolor")


def _without_own_ground(axes):
    """The parts of axes that lie on the page; their paper is taken away.

    Not those on an image, a colour map or a coloured ground, and no ticks: these are made later.
    """
    from matplotlib.collections import QuadMesh

    titles = [axes.title, axes._left_title, axes._right_title]
    around = [*titles, axes.xaxis.label, axes.yaxis.label, *axes.spines.values()]
    mapped = any(isinstance(part, QuadMesh) for part in axes.collections) or axes.images
    if _rgba(axes.get_facecolor())[:3] != (1, 1, 1):
        return around
    axes.set_facecolor("none")
    if mapped:
        return around
    parts = [*around, *axes.lines, *axes.collections, *axes.texts, *axes.patches]
    if legend := axes.get_legend():
        parts += legend.findobj()
        legend.get_frame().set(facecolor="none", edgecolor="none")  # half-clear paper is a card
    parts += [text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None)]
    return parts


def _recolour(artist, *names):
    """Make the artist's colours that are called so readable; its alpha goes into them."""
    alpha = artist.get_alpha()
    found = {name: getattr(artist, f"get_{name}")() for name in names}
    artist.set_alpha(None)
    for name, colours in found.items():
        if isinstance(colours, np.ndarray) and colours.ndim == 2:  # one for each of a collection
            colours = [readable(_rgba(c, alpha)) for c in colours]
        else:
            colours = readable(_rgba(colours, alpha))
        getattr(artist, f"set_{name}")(colours)


def _rgba(colour, alpha=None):
    from matplotlib.colors import to_rgba

    red, green, blue, own = to_rgba(colour)
    return (red, green, blue, own if alpha is None or not own else alpha)


def _linear(rgb):
    rgb = np.asarray(rgb, float)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _curved(linear):
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
