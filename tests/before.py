"""The first line of `make test`: how long it takes, and whether the browser tests will run."""

import os

from course.paths import chromium

#: Measured on two quiet cores; the time falls with more.
MINUTES = {"test": 13, "test-all": 120}
WITHOUT = "no Chromium is here, so that browser tests are skipped (Debian: apt install chromium)"


def first_line(target):
    """What to expect of `make test` or `make test-all`, in one line."""
    found = chromium()
    browser = f"Chromium is {found}" if found else WITHOUT
    return (
        f"make {target} takes about {MINUTES[target]} minutes on two quiet cores "
        f"(here: {os.cpu_count()}); {browser}."
    )


if __name__ == "__main__":
    import sys

    print(first_line(sys.argv[1]), flush=True)
