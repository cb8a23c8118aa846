"""Where the notebooks lie, what the exercise sheets are called, and where a Chromium is."""

import difflib
import json
import shutil
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_HERE = Path(__file__).resolve().parent


class Unknown(LookupError):
    """A name that does not exist; its text has those that it may have meant.

    name: what was asked for; known: the names that exist; kind: what they are names of.
    """

    def __init__(self, name, known, kind):
        near = [each for each in known if name.lower() in each.lower()]
        near = near or difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
        super().__init__(f"No {kind} is called {name!r}; did you mean {' or '.join(near)}?")


def material():
    """The folder that holds notebooks/, exercises/ and solutions/.

    In a clone that is the repository; an installed copy carries them beside the code.
    """
    installed = _HERE / "_material"
    return installed if installed.is_dir() else _HERE.parent


def is_clone():
    """Whether this runs in a clone of the repository, and not from an installed copy."""
    return material() == _HERE.parent


def constraints():
    """The file of the versions that the course was tested with, for pip's and uv's -c."""
    return material() / "constraints.txt"


def sheets():
    """The names of all exercise sheets, such as "04_momentum_as_friction", in order."""
    return sorted(path.stem for path in (material() / "exercises").glob("[0-9][0-9]_*.ipynb"))


def chapter(number):
    """The notebook of a chapter, such as "12_tuning_sgd.ipynb" for "12".

    Errors: LookupError where there is none.
    """
    for path in (material() / "notebooks").glob(f"{number}_*.ipynb"):
        return path.name
    raise LookupError(f"There is no chapter {number!r}.")


def title(number):
    """What a chapter calls itself: "Nesterov look-ahead" for "05".

    Errors: LookupError where there is none.
    """
    path = material() / "notebooks" / chapter(number)
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
    heading = "".join(first).splitlines()[0].removeprefix("# ")
    return heading.rpartition("·")[2].strip()


def words(stem):
    """A chapter's or sheet's name in words: "12_tuning_sgd" is "Tuning SGD"."""
    text = stem.partition("_")[2].replace("_", " ").capitalize()
    return text.replace("sgd", "SGD").replace("Gpus", "GPUs")


def find_sheet(name):
    """The sheet that `name` means: "4", "04", "04.step", its whole name or a path to its file.

    Errors: Unknown, with the nearest names.
    """
    wanted = Path(str(name)).name.removesuffix(".ipynb").partition(".")[0]
    if wanted.isdigit():
        wanted = wanted.zfill(2)
    for sheet in sheets():
        if sheet == wanted or sheet[:2] == wanted:
            return sheet
    raise Unknown(name, sheets(), "exercise")


def chromium():
    """The path of the system's own Chromium, or None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
