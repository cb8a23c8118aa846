"""The commands of those who teach: grade; `by_hand` and `export` have the others."""

import os
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from course import paths
from course.commands import by_hand, export
from course.commands.refusing import refusing, tell
from course.grading.counted import KEEP
from course.grading.limits import LEVELS, MEMORY, SECONDS
from course.learner.workspace import Refused

#: The levels of confinement in which answers can be marked.
Level = StrEnum("Level", LEVELS)
Keep = StrEnum("Keep", KEEP)
IMAGE = "sgd-course"


def grade(
    submissions: Annotated[
        list[Path], typer.Argument(metavar="SUBMISSIONS", help="Notebooks, folders, zips.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the reports go.", show_default=False)
    ] = None,
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
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="The class list, as Moodle or Canvas has it.")
    ] = None,
    keep: Annotated[
        Keep | None, typer.Option(help="Which of several files of one learner counts; last.")
    ] = None,
    due: Annotated[
        str | None, typer.Option(metavar="TIME", help="Later is marked, as 2026-12-01T18:00.")
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="FILE", help="One learner's result as JSON; - prints it.")
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
    from course.commands import one_result, outcome, terminal
    from course.grading import batch
    from course.grading.intake import roster as class_list
    from course.grading.told_besides import Besides

    sheet = sheet if sheet is None else paths.find_sheet(sheet)
    if task:
        paths.find_sheet(task)
    for path in submissions:
        if not os.path.exists(path):
            raise Refused(f"There is no file or folder {path}; name what is to be graded.")
    one_result.refuse_several(submissions, json)
    with (
        one_result.folder(out, json) as out,
        refusing(out),
        terminal.bar("grading") as move,
        _workers(scheduler, _image(container, image), jobs) as who,
    ):
        rows = batch.grade(
            submissions,
            out,
            resume=resume,
            again=batch.Again(tuple(again or ()), task),
            besides=Besides(keep and keep.value, due, roster and class_list.read(roster)),
            jobs=jobs,
            executor=who,
            progress=move,
            tell=tell,
            sheet=sheet,
            seed=seed,
            limit=limit,
            memory=memory,
            confinement=confinement and confinement.value,
            learner_from=learner_from,
        )
        aside = batch.aside(out)
        if json is not None:
            one_result.write(rows, aside, json)
    everything = (
        outcome.is_all(rows, aside) if json else outcome.say_all(rows, aside, submissions, out)
    )
    if not everything:
        raise typer.Exit(1)


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
        tell(sentence)
        with Containers(image, jobs) as workers:
            yield workers
    else:
        yield None


def add_to(app):
    """Make these commands part of the `course` command."""
    app.command()(grade)
    by_hand.add_to(app)
    export.add_to(app)
