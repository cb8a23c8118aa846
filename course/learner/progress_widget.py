"""The learner's progress as a small widget: what `course progress` says, with links.

from course.learner.progress_widget import Progress
Progress()
"""

import html
import os
from pathlib import Path

import anywidget
import traitlets

from course import paths
from course.front_ends import COLOURS, with_still
from course.learner import progress, workspace
from course.learner.reading import reading

NO_COPY = (
    "Nothing is counted here, as this is not your own copy of the course. Make one with "
    "course start in a terminal, or !course start in a cell."
)


class Progress(anywidget.AnyWidget):
    """Chapters, what was read of them, tasks and points, and what comes next, each a link to it.

    A button looks again. Where there is no copy of the course, as in a clone, on Binder or in
    Colab, it shows the chapters and their points, counts nothing and writes nothing.

    What a learner's file answers is run where it has changed, which takes some seconds.
    Errors: none; what cannot be read is said in its place.
    """

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = COLOURS

    # {title, link, read, count, part, tasks: [{name, title, state, link}], problem}
    chapters = traitlets.List().tag(sync=True)
    following = traitlets.Dict().tag(sync=True)  # {text, link}
    looking = traitlets.Bool(False).tag(sync=True)

    def __init__(self):
        super().__init__()
        self.look()
        self.observe(lambda change: change.new and self.look(), "looking")

    def look(self):
        """Look at the learner's files again."""
        try:
            copy = workspace.locate()
        except workspace.Refused:
            self.chapters, self.following = _without_copy(), {"text": NO_COPY, "link": ""}
        else:
            found = progress.everything(copy)
            rows = [_chapter(copy, name, each) for name, each in found.items()]
            self.chapters = [row for row in rows if row["tasks"] or row["problem"] or row["read"]]
            self.following = _following(copy, progress.following(copy))
        self.looking = False

    def __repr__(self):
        lines = []
        for chapter in self.chapters:
            lines.append(
                ", ".join(filter(None, [chapter["title"], chapter["read"], chapter["count"]]))
            )
        return "\n".join([*lines, self.following["text"]])

    def _repr_mimebundle_(self, **kwargs):
        lines = "<br>".join(html.escape(line) for line in repr(self).splitlines())
        # What is seen where no kernel runs.
        return with_still(super()._repr_mimebundle_(**kwargs), "text/html", f"<p>{lines}</p>")


def _chapter(copy, name, found):
    """What the browser draws of a chapter: its title, how much was read, its points and tasks."""
    row = {
        "title": progress.title(name),
        "link": _link(copy / f"notebooks/{name}.ipynb"),
        "read": _read(reading(copy, name)),
        "count": "",
        "part": 0,
        "tasks": [],
        "problem": "",
    }
    if isinstance(found, str):
        return row | {"problem": found}
    if not found:
        return row
    done = sum(each.task.points for each in found if each.state == progress.DONE)
    tasks = [
        {
            "name": each.task.name,
            "title": each.task.title,
            "state": each.state,
            "link": _link_to_task(copy, name, each.task),
        }
        for each in found
    ]
    part = done / max(1, sum(each.task.points for each in found))
    return row | {"count": progress.count(found), "part": part, "tasks": tasks}


def _without_copy():
    """What can be said where there is no copy: the tasks and points of each chapter, all open.

    With links where the notebook that asks lies among the course's own, as in a clone.
    """
    material, rows = paths.material(), []
    for sheet in paths.sheets():
        tasks = [progress.Standing(task, progress.OPEN) for task in progress.tasks_of(sheet)]
        row = _chapter(material, sheet, tasks)
        points = sum(each.task.points for each in tasks)
        row |= {"read": "", "count": f"{points} points"}
        if not Path.cwd().is_relative_to(material):
            row |= {"link": "", "tasks": [task | {"link": ""} for task in row["tasks"]]}
        rows.append(row)
    return rows


def _read(reading):
    if not reading.cells:
        return ""
    if reading.done:
        return "read"
    return f"{reading.run} of {reading.cells} cells" if reading.run else "not read"


def _following(copy, following):
    if following is None:
        return {"text": "Every exercise is done." if paths.sheets() else "", "link": ""}
    sheet, task = following
    if task is None:
        return {"text": f"Next: mend exercises/{sheet}.ipynb.", "link": ""}
    title = f"Next: {task.name}, {task.title[0].lower()}{task.title[1:]}."
    return {"text": title, "link": _link_to_task(copy, sheet, task)}


def _link_to_task(copy, sheet, task):
    statement = f"{task.name.partition('.')[2]}-task"
    return _link(copy / f"exercises/{sheet}.ipynb") + f"#cell-id={statement}"


def _link(path):
    """The way to a file from the notebook that asks, as a link in it would say."""
    return Path(os.path.relpath(path)).as_posix()
