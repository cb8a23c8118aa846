"""The command that writes the exercises for other graders: export."""

from pathlib import Path
from typing import Annotated

import typer

from course import paths
from course.commands.refusing import refusing


def export_nbgrader(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
    sheet: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Such as 04; else all.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Of the hidden tests; else it is drawn.")
    ] = None,
):
    """Write an nbgrader course with the exercises, their solutions, and hidden tests."""
    from course.commands import terminal
    from course.grading.exports import nbgrader

    sheets = [paths.find_sheet(each) for each in sheet or ()]
    with refusing(folder):
        written = nbgrader.write(folder, sheets or None, seed)
    terminal.say(
        f"{len(written)} assignment{'s'[: len(written) != 1]} in {folder}; read README.md there."
    )


def export_gradescope(
    file: Annotated[Path, typer.Argument(metavar="ZIP", help="The autograder's zip, a new file.")],
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet, such as 04.")],
    confinement: Annotated[
        str, typer.Option(metavar="LEVEL", help="The least that must hold the answers there.")
    ] = "landlock",
):
    """Write an autograder for Gradescope, which marks one sheet as `course grade` does."""
    from course.commands import terminal
    from course.grading.exports import gradescope

    with refusing(file):
        gradescope.write(file, paths.find_sheet(sheet), confinement)
    terminal.say(f"{file}: upload it at Gradescope, Configure Autograder, base image Ubuntu 24.04.")


def add_to(app):
    """Make this command part of the `course` command."""
    export = typer.Typer(no_args_is_help=True, help="Write the exercises for another grader.")
    export.command("nbgrader")(export_nbgrader)
    export.command("gradescope")(export_gradescope)
    app.add_typer(export, name="export")
