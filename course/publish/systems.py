"""The systems and Pythons that a wheelhouse can be for, and the tags of their wheels."""

import platform as machine
import sys
from typing import NamedTuple

GLIBC = 28  # Linux with glibc 2.28 or newer, as of 2018


class Platform(NamedTuple):
    """A system: its name in words, what uv calls it, and the tags of its wheels, best first."""

    words: str
    uv: str
    tags: tuple


def _linux(name):
    tags = [f"manylinux_2_{minor}_{name}" for minor in range(GLIBC, 4, -1)]
    old = [f"{tag}_{name}" for tag in ("manylinux2014", "manylinux2010", "manylinux1")]
    return Platform(f"Linux ({name})", f"{name}-manylinux_2_{GLIBC}", (*tags, *old))


PLATFORMS = {
    "linux": _linux("x86_64"),
    "linux-arm": _linux("aarch64"),
    "macos": Platform(
        "macOS 12 or newer (Apple silicon)", "aarch64-apple-darwin", ("macosx_12_0_arm64",)
    ),
    "macos-intel": Platform(
        "macOS 12 or newer (Intel)", "x86_64-apple-darwin", ("macosx_12_0_x86_64",)
    ),
    "windows": Platform("Windows (x86-64)", "x86_64-pc-windows-msvc", ("win_amd64",)),
}
_HERE = {
    ("Linux", "x86_64"): "linux",
    ("Linux", "aarch64"): "linux-arm",
    ("Darwin", "arm64"): "macos",
    ("Darwin", "x86_64"): "macos-intel",
    ("Windows", "AMD64"): "windows",
}


class Target(NamedTuple):
    """Whom a wheelhouse is for: a Python such as "3.12", a name of PLATFORMS, and how much."""

    python: str
    platform: str
    light: bool = False

    @property
    def course(self):
        """What pip is asked for."""
        return "sgd-course" if self.light else '"sgd-course[keras]"'


def target(python=None, platform=None, light=False):
    """A `Target`; by default this Python and this system.

    Errors: ValueError for a Python that the course does not run on, and a system without a name.
    """
    python = python or f"{sys.version_info.major}.{sys.version_info.minor}"
    major, _, minor = python.partition(".")
    if major != "3" or not minor.isdigit() or int(minor) < 11:
        raise ValueError(f"python must be a version such as 3.12, and 3.11 or newer; got {python}.")
    platform = platform or _HERE.get((machine.system(), machine.machine()), machine.platform())
    if platform not in PLATFORMS:
        raise ValueError(f"platform must be one of {', '.join(PLATFORMS)}; got {platform}.")
    return Target(python, platform, light)
