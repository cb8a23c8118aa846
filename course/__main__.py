"""The `course` command: start, lab, check, hint, progress, reset, doctor, grade and so on."""

import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

# What starts slowly is imported by the command that needs it: --help must come at once.
from course import __version__, paths
from course.commands import bench, classroom, learner, teacher, wheelhouse
from course.learner.workspace import Refused


class _Sentences(TyperGroup):
    """Bad input ends in one sentence and exit code 2, whichever command meets it."""

    def invoke(self, ctx):
        """Run a command; print what it refuses."""
        try:
            return super().invoke(ctx)
        except (Refused, paths.Unknown) as refusal:
            from course.commands.terminal import say

            say(str(refusal), err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Sentences, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _print_version(wanted: bool):
    if wanted:
        print(f"course {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
):
    """Understand stochastic gradient descent by building it."""


learner.add_to(app)
teacher.add_to(app)
classroom.add_to(app)
wheelhouse.add_to(app)
bench.add_to(app)


def main():
    """Run the command; the exit code is 0, 1 for what does not hold, 2 for bad input."""
    for stream in (sys.stdout, sys.stderr):  # an old terminal may not have the ticks
        stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
