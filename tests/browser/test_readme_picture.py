"""README's picture is the explorer of today, as a real JupyterLab shows it."""

import io

import numpy as np
import pytest
from PIL import Image

from course.bench import picture

pytestmark = pytest.mark.browser
CELLS = picture.CELLS


def small(png):
    """A picture as a grid of 40 by 30 greys from 0 to 1, so that fonts and edges do not count."""
    image = Image.open(io.BytesIO(png)).convert("L").resize((40, 30), Image.Resampling.BOX)
    return np.asarray(image) / 255


def test_the_picture_is_the_valley_of_today(notebook):
    stored, today = picture.PATH.read_bytes(), picture.photograph(notebook)
    sizes = [Image.open(io.BytesIO(png)).size for png in (stored, today)]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.05)
    assert np.abs(small(stored) - small(today)).max() < 0.2
