"""What answers may still read: Python's own library, and the packages that are loaded already."""

import os
import sys
import sysconfig

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
        yield from (os.path.join(folder, name) for name in _loaded(folder))


def _loaded(folder):
    """The entries of a folder of packages that loaded packages lie in."""
    names = {name.partition(".")[0] for name in sys.modules}
    for entry in os.listdir(folder):
        name = entry.removesuffix(".libs").partition(".")[0]  # numpy.libs belongs to numpy
        if name in names and not entry.endswith((".pth", ".dist-info")):
            yield entry


def _shared_libraries(packages):
    """The shared libraries beside those of the system's that this process has loaded."""
    with open("/proc/self/maps") as maps:
        files = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    prefixes = (*packages, sysconfig.get_path("stdlib"))
    for folder in {os.path.dirname(file) for file in files if not file.startswith(prefixes)}:
        yield from (entry.path for entry in os.scandir(folder) if ".so" in entry.name)
