"""The course as a learner gets it: its files, and what differs from those of the repository.

In a learner's copy a notebook that was only opened needs no saving, a link to a word of the
glossary leads there at the first click, what answers a prediction is folded, and only what the
learner ran bears a number.
"""

import json
import platform
import re
import sys
from pathlib import Path

from course import paths
from course.learner.files import read
from course.questions.fold import fold_answers

FOLDERS = ("notebooks", "exercises", "solutions")
LINK = re.compile(r"\]\((\w+\.ipynb)#([\w-]+)\)")


def names():
    """The files of the course, such as "notebooks/00_start_here.ipynb", in reading order."""
    found = [sorted((paths.material() / folder).glob("*.ipynb")) for folder in FOLDERS]
    return [f"{path.parent.name}/{path.name}" for each in found for path in each]


def fresh_copy(name):
    """One file of the course as a learner gets it, as a dictionary in the notebook format."""
    path = paths.material() / name
    notebook = read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _with_cells_in_links("".join(cell["source"]), path.parent)
        elif cell["cell_type"] == "code" and not name.startswith("solutions/"):
            cell["execution_count"] = None  # a number says that the learner ran it
            if name.startswith("exercises/"):
                # There the checks carry what the right answer prints; nobody should see it before.
                cell["outputs"] = []
    notebook["metadata"] = {**notebook["metadata"], **kernel()}
    if name.startswith("notebooks/"):
        fold_answers(notebook, path.name[:2])
    return notebook


def is_as_in_the_repository(path, name):
    """Whether the file at `path` is one that an earlier course delivered just as it lay there."""
    return path.read_bytes() == (paths.material() / name).read_bytes()


def kernel():
    """What JupyterLab writes into a notebook's metadata as soon as its kernel runs.

    Where it stands there already, a notebook that was only opened can be closed without a question.
    Source: ipykernel's `language_info`, and the `kernel.json` that is installed here.
    """
    language = {
        "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": platform.python_version(),
    }
    specification = {"display_name": _kernel_title(), "language": "python", "name": "python3"}
    return {"kernelspec": specification, "language_info": language}


def _kernel_title():
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("kernels"):
        try:
            return json.loads(Path(folder, "python3/kernel.json").read_text("utf-8"))[
                "display_name"
            ]
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return "Python 3 (ipykernel)"


def _with_cells_in_links(text, folder):
    """A text whose links to a heading of another notebook lead to the cell of that name.

    JupyterLab finds a heading only in a notebook that is open already; a cell it always finds.
    """

    def lead(link):
        file, place = link.groups()
        path = folder / file
        cells = read(path)["cells"] if path.exists() else []
        found = any(cell.get("id") == place for cell in cells)
        return f"]({file}#cell-id={place})" if found else link[0]

    return LINK.sub(lead, text)
