"""A stored picture is read on light and on dark pages: what is drawn stands out from both."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from course import explorers, figures
from course.explorers.shared.base import LOOKS
from course.inks import INK, LINES, for_both_themes, luminance, readable
from tests.effort import examples

WHITE, LAB, LAB_1, GITHUB = "#ffffff", "#111111", "#212121", "#0d1117"  # pages' own colours
parts = st.floats(0, 1)
colours = st.tuples(parts, parts, parts)


def contrast(a, b):
    """The contrast of two colours, 1 to 21 (Web Content Accessibility Guidelines 2.2)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def over(page, colour):
    """What a colour with alpha looks like on a page."""
    *rgb, alpha = colour
    from matplotlib.colors import to_rgb

    return tuple(alpha * np.array(rgb) + (1 - alpha) * np.array(to_rgb(page)))


def drawn(figure):
    """A figure as an RGBA picture."""
    kept = io.BytesIO()
    FigureCanvasAgg(figure).print_png(kept)
    return Image.open(kept).convert("RGBA")


def on(page, picture):
    """The picture on a page, as an array (height, width, 3) from 0 to 1."""
    ground = Image.new("RGBA", picture.size, page)
    ground.alpha_composite(picture)
    return np.asarray(ground)[..., :3] / 255


def best_contrast(page, picture):
    """The contrast of the pixel that stands out most from the page."""
    pixels = np.unique(on(page, picture).reshape(-1, 3), axis=0)
    return max(contrast(tuple(pixel), page) for pixel in pixels)


@pytest.mark.parametrize("name", ["plain", "momentum", "nesterov", "yours"])
def test_each_methods_line_stands_out_from_every_page(name):
    line = readable(LOOKS[name].colour)
    assert all(contrast(line[:3], page) >= 3 for page in (WHITE, LAB, LAB_1, GITHUB))


@settings(max_examples=examples(200), deadline=None)
@given(colours)
def test_any_line_but_white_and_faint_grey_stands_out_from_every_page(colour):
    if min(colour) == 1 or (luminance(colour) > LINES[1] and min(colour) == max(colour)):
        return
    line = readable(colour)
    assert all(contrast(line[:3], page) >= 2.99 for page in (WHITE, LAB, LAB_1, GITHUB))


@settings(max_examples=examples(200), deadline=None)
@given(colours)
def test_words_stand_out_from_every_page(colour):
    words = readable(colour, words=True)
    if min(colour) == 1:
        return
    assert contrast(words[:3], WHITE) >= 4.5
    assert contrast(words[:3], LAB) >= 4.1
    assert contrast(words[:3], GITHUB) >= 4.1


@settings(max_examples=examples(200), deadline=None)
@given(colours, st.booleans())
def test_what_is_readable_stays_as_it_is(colour, words):
    once = readable(colour, words)
    np.testing.assert_allclose(readable(once, words), once, atol=1e-6)


def test_the_methods_colours_stay_but_black():
    for colour in ("#D55E00", "#0072B2", "#009E73", "#CC79A7"):
        assert contrast(readable(colour)[:3], colour) < 1.02
    assert contrast(readable("black")[:3], WHITE) > 5


@settings(max_examples=examples(100), deadline=None)
@given(st.floats(0.59, 0.99))
def test_a_faint_grey_is_the_same_on_paper_and_faint_on_a_dark_page(grey):
    thin = readable((grey, grey, grey))
    np.testing.assert_allclose(over(WHITE, thin), (grey, grey, grey), atol=1e-9)
    assert contrast(over(LAB, thin), LAB) < contrast(INK, LAB)


def test_the_words_and_lines_of_a_drawn_figure_stand_out_by_their_pixels():
    for draw, least in ((_words, (4.5, 4.1)), (_line, (3, 3)), (_dots, (3, 3))):
        for colour in ("black", figures.MOMENTUM.colour, "#F0E442", "#56B4E9", "navy"):
            picture = drawn(for_both_themes(draw(colour)))
            assert best_contrast(WHITE, picture) >= least[0] - 0.05, (draw, colour)
            assert best_contrast(LAB, picture) >= least[1] - 0.05, (draw, colour)


def _bare():
    figure = Figure(figsize=(2, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    return figure, axes


def _words(colour):
    figure, axes = _bare()
    axes.text(0.1, 0.3, "Hl", fontsize=30, color=colour)
    return figure


def _line(colour):
    figure, axes = _bare()
    axes.plot([0, 1], [0, 1], color=colour, lw=3)
    return figure


def _dots(colour):
    figure, axes = _bare()
    axes.scatter([0.3, 0.6], [0.5, 0.5], s=200, color=colour)
    return figure


@pytest.mark.parametrize("name", explorers.EXPLORERS)
def test_a_still_has_no_paper_and_its_words_and_axes_stand_out_from_both_pages(name):
    still = Image.open(io.BytesIO(getattr(explorers, name)().still())).convert("RGBA")
    alpha = np.asarray(still)[..., 3]
    assert (alpha == 0).mean() > 0.5
    assert alpha[0, 0] == alpha[-1, -1] == 0
    caption = still.crop((0, still.height - 20, still.width, still.height))
    assert best_contrast(WHITE, caption) >= 4.4  # small letters have no pixel of pure ink
    assert best_contrast(LAB, caption) >= 4
    assert on(LAB, still).mean() < 0.25 < 0.8 < on(WHITE, still).mean()


def test_what_lies_on_a_colour_map_keeps_its_colours():
    def heat():
        figure = Figure(figsize=(4, 3), layout="constrained")
        axes = figure.subplots()
        grid = np.linspace(0, 2, 30)
        figures.draw_factor_map(axes, grid, grid, np.add.outer(grid, grid) / 4)
        axes.plot([0, 2], [0, 2], color="black", lw=4)
        return figure

    before, after = (np.asarray(drawn(figure)) for figure in (heat(), for_both_themes(heat())))
    middle = np.s_[60:180, 100:200]
    np.testing.assert_array_equal(before[middle], after[middle])
    assert (after[0, 0, 3], before[0, 0, 3]) == (0, 255)


def test_level_lines_stay_faint_but_are_seen_on_both_pages():
    figure = Figure(figsize=(3, 2))
    axes = figure.add_axes((0, 0, 1, 1))
    grid = np.linspace(-1, 1, 50)
    figures.draw_contours(axes, _Bowl, grid, grid)
    axes.axis("off")
    picture = drawn(for_both_themes(figure))
    assert 1.3 < best_contrast(WHITE, picture) < 3
    assert 1.3 < best_contrast(LAB, picture) < 3


class _Bowl:
    @staticmethod
    def loss(points):
        return (points**2).sum(axis=-1)


def test_a_figure_in_a_notebook_is_clear_and_asks_for_no_white_card():
    """JupyterLab lays a card under a picture with the metadata `needs_background`."""
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib_inline.backend_inline import _fetch_figure_metadata

    shell = InteractiveShell.instance()
    with plt.rc_context():
        figures.use_course_style()
        figure, axes = plt.subplots()
        axes.plot([1, 2])
        assert _fetch_figure_metadata(figure) is None
        data, _ = shell.display_formatter.format(figure)
    plt.close("all")
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0
    assert "Software" not in picture.info
