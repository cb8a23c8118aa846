"""The command for a room without a network: wheelhouse."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from course.learner.workspace import Refused
from course.publish.systems import PLATFORMS, target

System = StrEnum("System", [*PLATFORMS])


def wheelhouse(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
    python: Annotated[
        str | None, typer.Option(metavar="3.12", help="For which Python; else this one.")
    ] = None,
    platform: Annotated[
        System | None, typer.Option(help="For which system; else this one.")
    ] = None,
    light: Annotated[
        bool, typer.Option("--light", help="Without Keras and TensorFlow: chapters 00 to 10.")
    ] = False,
):
    """Load every wheel into one folder, from which the course installs without a network."""
    from course.commands.terminal import say
    from course.publish import wheelhouse

    try:
        aim = target(python, platform and platform.value, light)
        wheelhouse.refuse(folder)
        words = PLATFORMS[aim.platform].words
        say(f"Loading the wheels for Python {aim.python} on {words} (some minutes) ...")
        size = wheelhouse.make(folder, aim)
    except ValueError as problem:
        raise Refused(str(problem)) from None
    except OSError as problem:
        raise Refused(f"Cannot write to {folder}: {problem.strerror or problem}.") from None
    say(f"{folder} has them all, {size:.0f} MB; {folder / wheelhouse.README} has the two lines.")


def add_to(app):
    """Make this command part of the `course` command."""
    app.command()(wheelhouse)
