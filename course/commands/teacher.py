"""The commands of those who teach: grade, override, export."""

import os
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from course import paths
from course.grading.limits import LEVELS, MEMORY, SECONDS
from course.learner.workspace import Refused

#: The levels of confinement in which answers can be marked.
Level = StrEnum("Level", LEVELS)
IMAGE = "sgd-course"
MARKS = typer.Argument(metavar="DIR", help="The folder that --out named.")


def grade(
    submissions: Annotated[
        list[Path], typer.Argument(metavar="SUBMISSIONS", help="Notebooks, or folders of them.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the reports go.")],
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="The sheet; else the files tell.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Of the hidden cases; else it is drawn.")
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help=f"The longest that one may run; {SECONDS:g}."),
    ] = None,
    memory: Annotated[
        int | None, typer.Option(metavar="MB", help=f"The most that one may take; {MEMORY}.")
    ] = None,
    confinement: Annotated[
        Level | None, typer.Option(help="The least that must hold the answers; landlock.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="How many at once; else one per processor.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers mark.")
    ] = None,
    container: Annotated[
        bool, typer.Option("--container", help="Mark in containers, by podman or docker.")
    ] = False,
    image: Annotated[
        str | None, typer.Option(metavar="NAME", help="The containers' image; sgd-course.")
    ] = None,
    learner_from: Annotated[
        str | None,
        typer.Option(metavar="HOW", help="folder, file, or a pattern such as '{learner}/*.ipynb'."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what DIR holds.")] = False,
    again: Annotated[
        list[str] | None, typer.Option(metavar="LEARNER", help="Mark this learner again.")
    ] = None,
    task: Annotated[
        str, typer.Option(metavar="NAME", help="Mark only this task again, such as 04.step.")
    ] = "",
):
    """Grade submissions, and write a table, a summary, and a feedback page for each learner."""
    from course.commands import outcome, terminal
    from course.grading import batch

    sheet = sheet if sheet is None else paths.find_sheet(sheet)
    if task:
        paths.find_sheet(task)
    for path in submissions:
        if not os.path.exists(path):
            raise Refused(f"There is no file or folder {path}; name what is to be graded.")
    with (
        _grading(out),
        terminal.bar("grading") as move,
        _workers(scheduler, _image(container, image), jobs) as who,
    ):
        rows = batch.grade(
            submissions,
            out,
            resume=resume,
            again=batch.Again(tuple(again or ()), task),
            jobs=jobs,
            executor=who,
            progress=move,
            tell=_tell,
            sheet=sheet,
            seed=seed,
            limit=limit,
            memory=memory,
            confinement=confinement and confinement.value,
            learner_from=learner_from,
        )
        aside = batch.aside(out)
    if not outcome.say_all(rows, aside, submissions, out):
        raise typer.Exit(1)


def _tell(sentence):
    from course.commands.terminal import say

    if sentence:
        say(sentence, err=True)


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

    with _grading(out):
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


@contextmanager
def _grading(out):
    """What grading refuses, in one sentence; and what to do after Ctrl-C."""
    try:
        yield
    except ValueError as problem:
        raise Refused(str(problem)) from None
    except OSError as problem:
        why = problem.strerror
        raise Refused(f"Cannot write to {out}: {why}." if why else str(problem)) from None
    except KeyboardInterrupt:
        _tell(f"Stopped. What is marked stands in {out}; go on with --resume.")
        raise typer.Exit(130) from None


def _image(container, image):
    """The image of the containers to mark in; None to mark without."""
    if image is not None and not container:
        raise ValueError("--image names the image of --container; name both, or neither.")
    if image is not None and not image.strip():
        raise ValueError(f"--image must name an image; got {image!r}.")
    return (image or IMAGE) if container else None


@contextmanager
def _workers(scheduler, image, jobs):
    """The executor that was asked for, or None for our own."""
    if scheduler and image:
        raise ValueError("Name --scheduler or --container, not both.")
    if scheduler:
        from course.grading.workers.dask import workers_of

        with workers_of(scheduler) as workers:
            yield workers
    elif image:
        from course.grading import machine
        from course.grading.workers.container import MEMORY, Containers

        jobs, sentence = machine.jobs_that_fit(jobs, MEMORY)
        _tell(sentence)
        with Containers(image, jobs) as workers:
            yield workers
    else:
        yield None


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
    with _grading(folder):
        written = nbgrader.write(folder, sheets or None, seed)
    terminal.say(
        f"{len(written)} assignment{'s'[: len(written) != 1]} in {folder}; read README.md there."
    )


def add_to(app):
    """Make these commands part of the `course` command."""
    app.command()(grade)
    app.command()(override)
    export = typer.Typer(no_args_is_help=True, help="Write the exercises for another grader.")
    export.command("nbgrader")(export_nbgrader)
    app.add_typer(export, name="export")
