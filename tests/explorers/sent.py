"""What an explorer sends to the browser, unpacked as there."""

import numpy as np


def sent(sweep, row, name):
    """One column of one row of a sweep."""
    block = np.frombuffer(sweep["data"], "<f4").reshape(sweep["shape"])
    return block[row, sweep["columns"].index(name)]
