"""What the commands print: words as they are, tasks with their marks, and what comes next."""

import sys
import textwrap
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from course.learner.progress import DONE, OPEN, WRONG, count, first_unfinished, title

MARKS = {DONE: ("✓", "green"), WRONG: ("✗", "red"), OPEN: ("○", "dim")}


def show(what, **options):
    """Print words, or a table of Rich's."""
    Console(highlight=False).print(what, **options)


def plain(words, style=""):
    """Words as they are: no markup is read in them, and nothing in them steers the terminal."""
    return Text("".join(c for c in words if c.isprintable() or c == "\n"), style)


def say(words, err=False):
    """Print words, also names that others gave, so that nothing in them steers the terminal."""
    print(plain(words).plain, file=sys.stderr if err else sys.stdout)


def indented(line, style=""):
    """A line four columns further in, also where it is broken."""
    depth = 4 + len(line) - len(line.lstrip())
    return Padding(plain(line.strip(), style), (0, 0, 0, depth), expand=False)


def heading(name, found):
    """A chapter's title and its points."""
    return Text.assemble((title(name), "bold"), (f"  {count(found)}" if found else "", "dim"))


def task_line(standing):
    """A task in one line: its mark, name, title and points."""
    task, (mark, colour) = standing.task, MARKS[standing.state]
    worth = f"{task.points} points" if task.points else "no marks"
    return Text.assemble((f"{mark} {task.name}", colour), f"  {task.title}  ", (worth, "dim"))


def show_standing(standing):
    """Print a task with what its check says."""
    show(task_line(standing))
    # The title stands above already, and what comes next below.
    said = [
        line.removeprefix("✗ ")
        for line in standing.words.splitlines()
        if line.strip() and not line.lstrip().startswith(("✓", "Stuck?", "Next:", "That was"))
    ]
    for line in textwrap.dedent("\n".join(said)).splitlines():
        show(indented(line, "dim" if standing.state == OPEN else ""))


def show_next(following, unread=""):
    """Print what to do next: (sheet, task), or None where every task holds.

    unread: the file of its chapter, where that has not been read.
    """
    if following is None:
        show("Every exercise is done.")
        return
    sheet, task = following
    file = f"exercises/{sheet}.ipynb"
    if task is None:
        lines = [f"Next: mend {file}", f"or start it afresh: course reset {sheet[:2]}"]
    else:
        lines = [f"Next: {task.name}, {task.title[0].lower()}{task.title[1:]}"]
        lines += [f"in {file}"] + [f"its chapter is not read yet: {unread}"] * bool(unread)
        lines += [f"a hint: course hint {task.name}"]
        lines += [f"when it is saved: course check {task.name}"]
    show(plain(lines[0]))
    for line in lines[1:]:
        show(Padding(plain(line), (0, 0, 0, 6), expand=False))


def overview(chapters, readings):
    """A table with a line for each chapter: what was read, the points, the next task.

    chapters: name -> its standings, or the sentence that says why there are none.
    readings: name -> its `reading.Reading`.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for column in ("chapter", "read", "points", "next"):
        table.add_column(column, no_wrap=True, overflow="ellipsis")
    for name, found in chapters.items():
        points, following = "", ""
        if isinstance(found, str):
            points, following = "?", f"course progress {name[:2]} says why"
        elif found:
            task = first_unfinished(found)
            points, following = count(found).removesuffix(" points"), task.name if task else "done"
        table.add_row(plain(title(name)), read_so_far(readings[name]), plain(points), following)
    return table


def read_so_far(reading):
    """How much of a chapter was read: "yes", "3 of 8 cells" or, of one without cells, nothing."""
    if reading.done or not reading.cells:
        return "yes" if reading.done else ""
    return f"{reading.run} of {reading.cells} cells" if reading.run else "no"


def show_chapter(name, found, reading):
    """Print a chapter's title and points, how much of it was read, and its tasks."""
    if isinstance(found, str):
        show(plain(title(name), "bold"))
        show(indented(found, "red"))
        return
    show(heading(name, found))
    if read := read_so_far(reading):
        show(indented(f"read: {read}", "dim"))
    for standing in found:
        show(indented_text(task_line(standing)))


def indented_text(text):
    """A styled line four columns further in, also where it is broken."""
    return Padding(text, (0, 0, 0, 4), expand=False)


def findings(rows):
    """A table of rows (what, found, whether it is well)."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for what, found, well in rows:
        mark, colour = MARKS[DONE if well else WRONG]
        table.add_row(plain(mark, colour), plain(what), plain(found))
    return table


@contextmanager
def bar(what):
    """A bar on the terminal; gives a function (done, total, name) that moves it."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("· left"),
        TimeRemainingColumn(compact=True),
        TextColumn("· {task.fields[name]}", markup=False, style="dim"),
    )
    options = {"transient": True, "disable": not console.is_terminal}
    with Progress(*columns, console=console, **options) as progress:
        job = progress.add_task(what, total=None, name="")
        yield lambda done, total, name: progress.update(
            job, completed=done, total=total, name=plain(name).plain[:40]
        )
