"""What may be left out of an installation: Keras with TensorFlow, the extra `keras`.

Chapters 00 to 10, all sheets but 11, the explorers and the grader do without them. Where something
needs them, it says the one sentence that this file makes.
"""

import importlib.util
import sys

from course import paths

PACKAGES = {"keras": "Keras", "tensorflow": "TensorFlow"}


def without_keras():
    """What of Keras and TensorFlow is missing, and the line that installs it; "" if nothing is.

    One sentence. Nothing is imported for it.
    """
    absent = [name for package, name in PACKAGES.items() if not is_here(package)]
    if not absent:
        return ""
    are, them = ("are", "them") if len(absent) > 1 else ("is", "it")
    return f"{' and '.join(absent)} {are} not installed here; to have {them}, type: {line()}"


def line(extra="keras"):
    """The line to type for an extra of the course, into the Python that runs this.

    It is right in a clone, where the course is not on any index, for a wheel, of which pip asks
    only what is not there yet, and in an environment of uv's, which has no pip of its own.
    """
    python = quoted(sys.executable)
    pip = f"{python} -m pip install" if is_here("pip") else f"uv pip install --python {python}"
    return f"{pip} {requirement(extra)}"


def requirement(extra):
    """What is to be installed with an extra: the package, or the clone that this runs in.

    Of a clone, in the versions that it was tested with.
    """
    if not paths.is_clone():
        return f'"sgd-course[{extra}]"'
    return f'-c "{paths.constraints()}" -e "{paths.material()}[{extra}]"'


def quoted(path):
    """A path as it is typed: in quotation marks where it has a blank."""
    return f'"{path}"' if " " in str(path) else str(path)


def is_here(package):
    """Whether a package can be imported; a mere folder of its name is none."""
    found = importlib.util.find_spec(package)
    return found is not None and found.origin is not None
