"""The command by which a teacher sets points: override."""

import os
from pathlib import Path
from typing import Annotated

import typer

from course.commands.refusing import refusing
from course.learner.workspace import Refused

MARKS = typer.Argument(metavar="DIR", help="The folder that --out named.")


def override(
    out: Annotated[Path, MARKS],
    learner: Annotated[str, typer.Option(help="Whose points; as the table calls them.")] = "",
    task: Annotated[str, typer.Option(metavar="NAME", help="Such as 04.step.")] = "",
    reason: Annotated[str, typer.Option(help="Why; the report shows it.")] = "",
    points: Annotated[
        float | None, typer.Option(help="From 0 to the task's; left out, the check's count again.")
    ] = None,
    submission: Annotated[
        str, typer.Option(metavar="FILE", help="Which one, if there are several.")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Many: learner, task, points, reason."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who decides; else whoever is logged in.")] = None,
):
    """Set points by hand, of one task or of all in a table, with a reason that the reports show."""
    import datetime

    from course.commands.terminal import say
    from course.grading import batch, gradebook, marks_table

    who, today = by or _whoever(), datetime.date.today().isoformat()
    if file is not None:
        _refuse_both(learner, task, reason, points, submission)
        written = []

        def decisions(rows):
            written.extend(wanted(rows))
            return written

        with refusing(out):
            wanted = marks_table.decisions(file, who, today)
            batch.override(out, decisions=decisions)
        say(f"{len(written)} decision{'s'[: len(written) != 1]} from {file}.")
        return
    for name, text in (("learner", learner), ("task", task), ("reason", reason)):
        if not text:
            raise Refused(f"Add --{name}, or name a table of many decisions by --file.")
    with refusing(out):
        batch.override(
            out,
            learner=learner,
            task=task,
            points=int(points) if points is not None and points.is_integer() else points,
            reason=reason,
            by=who,
            on=today,
            file=submission,
        )
    now = "the check's" if points is None else gradebook.in_words(points)
    say(f"{learner}, {task}: {now} points.")


def _refuse_both(*one):
    if any(each not in ("", None) for each in one):
        raise Refused("--file has all that is decided; leave the other options out, but for --by.")


def _whoever():
    """Who is logged in: the name, or the number of a user who has none, as in a container."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"user {os.getuid() if hasattr(os, 'getuid') else 'unknown'}"


def add_to(app):
    """Make this command part of the `course` command."""
    app.command()(override)
