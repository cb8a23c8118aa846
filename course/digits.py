"""The handwritten digits: 1,797 real images of 8 × 8 pixels, in the package, no download."""

from importlib.resources import files

import numpy as np


def load_digits():
    """The UCI digits; returns (images, labels).

    Shapes: images (1797, 64) float32 in [0, 1]; labels (1797,) int32 in 0..9.
    Source: Alpaydin & Kaynak 1998, doi:10.24432/C50P49, CC BY 4.0 (data/LICENSE-digits.txt).
    """
    with np.load(files("course") / "data" / "digits.npz") as stored:
        images = stored["images"].reshape(-1, 64).astype("float32") / 16
        return images, stored["labels"].astype("int32")
