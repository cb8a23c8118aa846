"""The learner's progress as a small widget: the tree of `course progress`, in a notebook.

from course.learner.progress_widget import Progress
Progress()
"""

import html
from pathlib import Path

import anywidget
import traitlets

from course import paths
from course.learner import progress, workspace

NO_COPY = "This is not your own copy of the course: make one with `course start`."


class Progress(anywidget.AnyWidget):
    """Chapters, tasks and points, and what comes next; a button looks again.

    What a learner's file answers is run where it has changed, which takes some seconds.
    Errors: none; what cannot be read is said in its place.
    """

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")

    chapters = traitlets.List().tag(
        sync=True
    )  # {title, count, part, tasks: [{name, ...}], problem}
    following = traitlets.Unicode().tag(sync=True)
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
            self.chapters, self.following = [], NO_COPY
        else:
            found = progress.everything(copy)
            self.chapters = [_chapter(name, each) for name, each in found.items() if each]
            self.following = _following(progress.following(copy))
        self.looking = False

    def __repr__(self):
        lines = [f"{chapter['title']}: {chapter['count']}" for chapter in self.chapters]
        return "\n".join([*lines, self.following])

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        lines = "<br>".join(html.escape(line) for line in repr(self).splitlines())
        data["text/html"] = f"<p>{lines}</p>"  # what is seen where no kernel runs
        return data, metadata


def _chapter(name, found):
    """What the browser draws of a chapter: its title, its points, its tasks."""
    if isinstance(found, str):
        return {
            "title": progress.title(name),
            "count": "",
            "part": 0,
            "tasks": [],
            "problem": found,
        }
    done = sum(each.task.points for each in found if each.state == progress.DONE)
    tasks = [
        {"name": each.task.name, "title": each.task.title, "state": each.state} for each in found
    ]
    return {
        "title": progress.title(name),
        "count": progress.count(found),
        "part": done / max(1, sum(each.task.points for each in found)),
        "tasks": tasks,
        "problem": "",
    }


def _following(following):
    if following is None:
        return "Every exercise is done." if paths.sheets() else ""
    sheet, task = following
    if task is None:
        return f"Next: mend exercises/{sheet}.ipynb."
    return f"Next: {task.name}, {task.title[0].lower()}{task.title[1:]}."
