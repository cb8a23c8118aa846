"""The command by which a teacher sets points: override."""

import os
from pathlib import Path
from typing import Annotated

import typer

from course.commands.refusing import refusing

MARKS = typer.Argument(metavar="DIR", help="The folder that --out named.")


def override(
    out: Annotated[Path, MARKS],
    learner: Annotated[str, typer.Option(help="Whose points; as the table calls them.")],
    task: Annotated[str, typer.Option(metavar="NAME", help="Such as 04.step.")],
    reason: Annotated[str, typer.Option(help="Why; the report shows it.")],
    points: Annotated[
        float | None, typer.Option(help="From 0 to the task's; left out, the check's count again.")
    ] = None,
    file: Annotated[str, typer.Option(help="Which file, if there are several.")] = "",
    by: Annotated[str | None, typer.Option(help="Who decides; else whoever is logged in.")] = None,
):
    """Set the points of one task by hand, with a reason that the reports show."""
    import datetime

    from course.commands.terminal import say
    from course.grading import batch, gradebook

    with refusing(out):
        batch.override(
            out,
            learner=learner,
            task=task,
            points=int(points) if points is not None and points.is_integer() else points,
            reason=reason,
            by=by or _whoever(),
            on=datetime.date.today().isoformat(),
            file=file,
        )
    now = "the check's" if points is None else gradebook.in_words(points)
    say(f"{learner}, {task}: {now} points.")


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
