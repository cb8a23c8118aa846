"""The command of those who measure: bench, with step, explorers, grading and install."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from course import extras, paths
from course.learner.workspace import Refused


class Mode(StrEnum):
    """The ways in which TensorFlow can take a step."""

    eager = "eager"
    graph = "graph"
    xla = "xla"


def bench_all(ctx: typer.Context):
    """Measure here and now: the step, by default; see `course bench step --help`."""
    if ctx.invoked_subcommand is None:
        bench_step()


def bench_step(
    workloads: Annotated[str, typer.Option(metavar="abcd", help="Which workloads.")] = "abcd",
    mode: Annotated[list[Mode], typer.Option(help="Which ways; may be given again.")] = tuple(Mode),
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds each.")] = 9,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there, too.")
    ] = None,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw them there (.png, .svg).")
    ] = None,
):
    """Time one step of Keras's SGD, ours and the memory's floor, side by side (minutes)."""
    import json

    if missing := extras.without_keras():
        raise Refused(missing)
    from course.bench import plot, step
    from course.commands.terminal import show

    unknown = set(workloads) - set(step.WORKLOADS)
    if unknown:
        raise Refused(
            f"There is no workload {unknown.pop()!r}; choose from {''.join(step.WORKLOADS)}."
        )
    show(f"Medians of {rounds} rounds; faster: Keras by ours; to the floor: ours by bare C loops.")
    kept = []
    for workload, way, found in step.figures(workloads, [each.value for each in mode], rounds):
        show("")
        show(step.table(workload, way, found))
        for name, each in found.items():
            kept.append({"workload": workload, "mode": way, "arguments": name, **each._asdict()})
    if json_file:
        told = {"machine": step.machine(), "rounds": rounds, "seconds": kept}
        json_file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if plot_file:
        plot.draw(kept, rounds).savefig(plot_file, dpi=150)


def bench_explorers(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Such as Valley; else all.")
    ] = None,
):
    """Time each explorer from a slider to pixels beside ipywidgets.interact (needs Chromium)."""
    from course.bench import explorers
    from course.commands.terminal import show
    from course.explorers import EXPLORERS

    for name in names or ():
        if name not in EXPLORERS:
            raise Refused(f"There is no explorer {name!r}; choose from {', '.join(EXPLORERS)}.")
    try:
        table = explorers.table(names or EXPLORERS)
    except (ImportError, FileNotFoundError) as missing:
        raise Refused(f'{missing} Install Chromium, and pip install ".[test]".') from None
    show("Milliseconds from a key to its pixels; in brackets and beside: interact with matplotlib.")
    show(table)


def bench_grading(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Such as 04; else one of each kind.")
    ] = None,
    submissions: Annotated[int, typer.Option(min=1, help="How many ours marks.")] = 100,
    sample: Annotated[int, typer.Option(min=1, help="How many of them the others mark.")] = 5,
):
    """Time the marking of a submission beside plain nbval and nbgrader's autograde (minutes)."""
    from course.bench import grading
    from course.commands.terminal import show
    from course.grading import sheets

    chosen = [paths.find_sheet(name) for name in names or ()] or grading.one_of_each_kind()
    if missing := next(filter(None, (sheets.load(name).missing for name in chosen)), ""):
        raise Refused(f"{missing}\nOr name a sheet that does without: course bench grading 04")
    show(grading.table(chosen, submissions, sample))


def bench_install(
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="KIND", help="light or full; else both.")
    ] = None,
):
    """Load and install the course into an empty environment, and time its first figure."""
    from course.bench import install
    from course.commands.terminal import show

    for kind in kinds or ():
        if kind not in install.KINDS:
            raise Refused(f"There is no kind {kind!r}; choose from {', '.join(install.KINDS)}.")
    try:
        show(install.table(kinds or install.KINDS))
    except (ValueError, RuntimeError) as problem:
        raise Refused(str(problem)) from None


def add_to(app):
    """Make these commands part of the `course` command."""
    bench = typer.Typer(invoke_without_command=True)
    bench.callback()(bench_all)
    bench.command("step")(bench_step)
    bench.command("explorers")(bench_explorers)
    bench.command("grading")(bench_grading)
    bench.command("install")(bench_install)
    app.add_typer(bench, name="bench")
