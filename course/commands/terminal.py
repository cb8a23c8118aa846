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
from rich.tree import Tree

from course.learner.progress import DONE, OPEN, WRONG, count, title

MARKS = {DONE: ("✓", "green"), WRONG: ("✗", "red"), OPEN: ("○", "dim")}


def show(what, **options):
    """Print words, or a table or tree of Rich's."""
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


def show_next(following):
    """Print what to do next: (sheet, task), or None where every task holds."""
    if following is None:
        show("Every exercise is done.")
        return
    sheet, task = following
    file = f"exercises/{sheet}.ipynb"
    if task is None:
        said = f"Next: mend {file}, or start it afresh: course reset {sheet[:2]}"
    else:
        said = f"Next: {task.name}, {task.title[0].lower()}{task.title[1:]}, in {file}\n"
        said += f"For a hint: course hint {task.name}. When it is saved: course check {task.name}"
    show(plain(said), soft_wrap=True)


def tree(root, chapters):
    """A tree of chapters, tasks and points.

    chapters: name -> its standings, or the sentence that says why there are none.
    """
    trunk = Tree(plain(str(root)), guide_style="dim")
    for name, found in chapters.items():
        if isinstance(found, str):
            trunk.add(plain(title(name), "bold")).add(plain(found, "red"))
            continue
        branch = trunk.add(heading(name, found))
        for standing in found:
            branch.add(task_line(standing))
    return trunk


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
