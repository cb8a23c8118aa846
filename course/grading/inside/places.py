"""What answers may still read: Python's own library, and the packages that are loaded already."""

import os
import sys
import sysconfig

#: Where the rule that an answer should write stands ready, in packages that Keras sheets load.
ANSWERS = (
    "keras/src/optimizers",
    "tensorflow/python/keras",
    "tensorflow/python/training",
    "tensorflow/python/tpu",
)
#: Wanted by the C library, and harmless.
SYSTEM = ("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom")


def readable(packages):
    """The files and folders, each with all that is in it.

    packages: the folders that packages are installed in; none is readable as a whole.
    """
    library = sysconfig.get_path("stdlib")
    yield from (os.path.join(library, each) for each in os.listdir(library) if "-pack" not in each)
    yield from filter(os.path.exists, SYSTEM)
    yield from _shared_libraries(packages)
    for folder in packages:
        for name in _loaded(folder):
            yield from _without(os.path.join(folder, name), [f"{folder}/{x}" for x in ANSWERS])


def _loaded(folder):
    """The entries of a folder of packages that loaded packages lie in."""
    names = {name.partition(".")[0] for name in sys.modules}
    for entry in os.listdir(folder):
        name = entry.removesuffix(".libs").partition(".")[0]  # numpy.libs belongs to numpy
        if name in names and not entry.endswith((".pth", ".dist-info")):
            yield entry


def _without(place, left_out):
    """A place, or what is in it where something in it is left out."""
    inside = [each for each in left_out if each == place or each.startswith(f"{place}/")]
    if place in inside:
        return
    if not inside:
        yield place
        return
    for entry in os.listdir(place):
        yield from _without(f"{place}/{entry}", inside)


def _shared_libraries(packages):
    """The shared libraries beside those of the system's that this process has loaded."""
    with open("/proc/self/maps") as maps:
        files = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    prefixes = (*packages, sysconfig.get_path("stdlib"))
    for folder in {os.path.dirname(file) for file in files if not file.startswith(prefixes)}:
        yield from (entry.path for entry in os.scandir(folder) if ".so" in entry.name)
