"""Which task a name means: "04.step", "4.step", "step", the learner's own function, or none."""

import difflib
import os
import re
import textwrap
from importlib import import_module

from course import paths


class NoSuchTask(KeyError):
    """A task's name that does not exist; its text lists those that do."""

    def _render_traceback_(self):
        return wrapped(str(self.args[0]))


def wrapped(line, width=90):
    """A line as a list of lines that end between words, each as far in as the first."""
    indent = line[: len(line) - len(line.lstrip())]
    whole = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(line, width, subsequent_indent=indent, **whole) or [line]


def chapter_tasks(chapter):
    """The tasks of a chapter, such as "04", in their order.

    Errors: NoSuchTask for a chapter without exercises.
    """
    name = f"course.checks.chapter_{chapter}"
    try:
        return import_module(name).TASKS
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        raise NoSuchTask(f"Chapter {chapter} has no exercises.") from None


def find(name):
    """The task called `name`, such as "04.step" or "4.step".

    Errors: NoSuchTask with the names that exist, and the nearest.
    """
    chapter, _, task = str(name).strip().partition(".")
    tasks = {each.name: each for each in chapter_tasks(chapter.zfill(2))}
    wanted = f"{chapter.zfill(2)}.{task.lower()}"
    if wanted not in tasks:
        near = difflib.get_close_matches(wanted, tasks, n=2, cutoff=0.7)
        did_you = f" Did you mean {' or '.join(near)}?" if near else ""
        raise NoSuchTask(
            f"No task is called {name!r}; chapter {chapter} has {', '.join(tasks)}.{did_you}"
        )
    return tasks[wanted]


def find_in(name, notebook, chapter):
    """The task that `name` means in a notebook.

    name:     what `find` takes, a task's name without its chapter, or the learner's own answer.
    notebook: the notebook's names.
    chapter:  the chapter of its sheet, None where that is not known.
    Errors:   NoSuchTask with what to write.
    """
    if not isinstance(name, str):
        wanted = _called(name, notebook)
        return _the_one(wanted, chapter, lambda task: task.asks in wanted)
    if re.match(r"\s*\d", name):
        return find(name)
    wanted = name.strip().lower()
    return _the_one([wanted], chapter, lambda task: task.name.partition(".")[2] == wanted)


def file_of(notebook):
    """The file of a notebook, "" where it is not known.

    notebook: its names. JupyterLab tells a kernel the file's name, and so does VS Code.
    """
    return str(os.environ.get("JPY_SESSION_NAME") or notebook.get("__vsc_ipynb_file__") or "")


def sheet_of(notebook):
    """The chapter whose sheet a notebook is, such as "04", by the name of its file; else None.

    notebook: its names.
    """
    number = re.search(r"(?<!\d)\d\d(?!\d)", re.split(r"[/\\]", file_of(notebook))[-1])
    return number[0] if number and number[0] in _chapters() else None


def _chapters():
    return [sheet[:2] for sheet in paths.sheets()]


def _called(answer, notebook):
    """The names under which a notebook holds an answer."""
    found = [name for name, value in notebook.items() if value is answer and name[0] != "_"]
    return [*found, *filter(None, [getattr(answer, "__name__", None)])]


def _the_one(wanted, chapter, is_meant):
    """The one task that is meant: of the notebook's own sheet, or else of all."""
    near = [chapter] if chapter else []
    for chapters in (near, _chapters()):
        found = [task for each in chapters for task in chapter_tasks(each) if is_meant(task)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f'"{task.name}"' for task in found)
            raise NoSuchTask(f"More than one task is called so; write one of {names}.")
    raise NoSuchTask(_nearest(wanted[0] if wanted else "that", chapter))


def _nearest(name, chapter):
    """What is said of a name that no task has, with the nearest, of the own sheet first."""
    near = [each for each in [chapter] if each]
    for chapters in (near, _chapters()):
        tasks = [task.name for each in chapters for task in chapter_tasks(each)]
        short = {each.partition(".")[2]: each for each in tasks}
        close = [short[each] for each in difflib.get_close_matches(name, short, n=2)]
        if close:
            return f"No task is called {name!r}. Did you mean {' or '.join(close)}?"
    return f'No task is called {name!r}. Write it as in "04.step".'
