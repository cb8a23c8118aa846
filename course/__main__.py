"""The `course` command: start, lab, check, hint, progress, reset, doctor, grade and so on."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

# What starts slowly is imported by the command that needs it: --help must come at once.
from course import __version__, paths
from course.commands import teacher
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
NAME = typer.Argument(metavar="NAME", help="A sheet or a task, such as 04 or 04.step.")
FOLDER = typer.Argument(metavar="DIR", help="Your copy of the course.", show_default=False)


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


def _your_copy():
    """The learner's copy; its place is said unless one is in it, or in the folder that holds it."""
    from course.commands.terminal import say
    from course.learner import workspace

    copy, here = workspace.locate(), Path.cwd()
    if workspace.around() is None:
        say(f"Your copy is {copy}, the one that was opened last.", err=True)
    elif not here.is_relative_to(copy) and copy.parent != here:
        say(f"Your copy is {copy}.", err=True)
    return copy


def _unread_chapter(copy, following):
    """The file of the chapter that comes before the task to do next, "" where it was read."""
    from course.learner.reading import reading

    if following is None or reading(copy, following[0]).done:
        return ""
    return f"notebooks/{following[0]}.ipynb"


def _say_if_open(copy, names):
    """Say how to see files that were written anew where JupyterLab may show them as they were."""
    from course.learner import servers

    if names and servers.address_of(copy, ""):
        print(
            "JupyterLab runs on this copy. If the notebook is open there, choose\n"
            "File > Reload Notebook from Disk; if it asks, Revert, not Overwrite.\n"
            "That drops what you had not saved there."
        )


@app.command()
def start(folder: Annotated[Path | None, FOLDER] = None):
    """Make your copy of the course, or bring it up to date, and keep what you changed."""
    from course.learner import last_copy, workspace

    folder = folder or workspace.around() or Path("my-course")
    folder = Path(os.path.relpath(folder)) if folder == Path.cwd() / folder.name else folder
    before = workspace.load(folder, "manifest")
    done = workspace.start(folder)
    last_copy.remember(folder)
    fresh = len(done.brought) + len(done.replaced)
    if not before:
        print(f"Your copy of the course is in {folder}; open it with: course lab {folder}")
    elif fresh:
        print(f"{folder}: {fresh} notebook{'s'[: fresh > 1]} brought up to date.")
    else:
        print(f"{folder} is up to date.")
    for name in done.kept:
        newer = f"; a newer one exists: course reset {name}" if name in done.outdated else ""
        print(f"  kept as you changed it: {name}{newer}")
    for name in done.left:
        print(f"  no longer part of the course, left where it is: {name}")
    _say_if_open(folder, done.replaced)


@app.command()
def lab(
    folder: Annotated[Path | None, FOLDER] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port; else 8888 or the next free.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser where there is one.")] = True,
):
    """Open your copy in JupyterLab and print its address."""
    from course.learner import last_copy
    from course.learner.lab import open_lab
    from course.learner.workspace import locate

    copy = locate(folder) if folder else _your_copy()
    last_copy.remember(copy)
    open_lab(copy, port, browser)


@app.command()
def check(
    name: Annotated[str | None, NAME] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Again at each save, until Ctrl-C.")
    ] = False,
):
    """Run one exercise, or the next unfinished one, and say what is still wrong."""
    from course.commands import terminal
    from course.learner import progress

    copy = _your_copy()
    if name is None:
        name, _ = progress.following(copy) or (None, None)
    if name is None:
        terminal.show_next(None)
        return
    sheet = progress.sheet_of(copy, name)
    only = progress.find_task(sheet, name)
    if watch:
        from course.commands.watch import follow

        follow(copy, sheet, only)
        return
    found = progress.standings(copy, sheet, fresh=True)
    shown = [each for each in found if only in (None, each.task)]
    terminal.show(terminal.heading(sheet, found))
    for standing in shown:
        terminal.show_standing(standing)
    said = " ".join(each.words for each in shown)
    for note in progress.read_answers(copy, sheet).notes:
        if note.sentence not in said:
            terminal.show(terminal.plain(note.sentence, "dim"))
    following = progress.following(copy, sheet)
    again = following and following[0] == sheet
    terminal.show_next(following, "" if again else _unread_chapter(copy, following))
    raise typer.Exit(any(each.state != progress.DONE for each in shown))


@app.command()
def hint(name: Annotated[str, NAME]):
    """Show the next hint for one task, or for a sheet's first unfinished one."""
    from course.checks import hint_text
    from course.commands import terminal
    from course.learner import progress, workspace

    copy = _your_copy()
    sheet = progress.sheet_of(copy, name)
    task = progress.find_task(sheet, name)
    task = task or progress.first_unfinished(progress.standings(copy, sheet))
    if task is None:
        terminal.show(f"Every task of {progress.title(sheet)} is done.")
        return
    given = workspace.load(copy, "hints")
    count = given.get(task.name, 0)
    terminal.show(terminal.plain(f"{task.name}  {task.title}", "bold"))
    terminal.show(terminal.indented(hint_text(task, count)))
    workspace.save(copy, "hints", given | {task.name: count + 1})


@app.command("progress")
def show_progress(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A chapter, such as 04: its tasks.")
    ] = None,
    all_tasks: Annotated[bool, typer.Option("--all", help="The tasks of every chapter.")] = False,
):
    """Show a line for each chapter: what you read, your points, and what comes next."""
    from course.commands import terminal
    from course.learner import progress
    from course.learner.reading import reading

    copy = _your_copy()
    chosen = [progress.chapter_of(name)] if name else progress.chapters()
    chapters = {each: progress.standing_of(copy, each) for each in chosen}
    readings = {each: reading(copy, each) for each in chosen}
    if name or all_tasks:
        for each, found in chapters.items():
            terminal.show_chapter(each, found, readings[each])
    else:
        terminal.show(terminal.overview(chapters, readings))
    together = [each for found in chapters.values() if isinstance(found, list) for each in found]
    if not name:
        terminal.show(f"Together {progress.count(together)}. The tasks of one: course progress 04")
    following = progress.following(copy, chosen[0] if name else None)
    terminal.show_next(following, _unread_chapter(copy, following))


@app.command()
def review(
    chapter: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Of one chapter only, such as 04.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="The most questions asked.")] = 10,
    anki: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask nothing; write cards for Anki.")
    ] = None,
    gift: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask nothing; write Moodle's GIFT.")
    ] = None,
):
    """Ask again what is due today: soon what you missed, later and later what you knew."""
    from course.commands import review
    from course.learner.workspace import locate
    from course.questions import exports

    asked = review.chosen(chapter)
    if anki:
        review.write(anki, exports.anki(asked), len(asked))
    if gift:
        review.write(gift, exports.gift(asked), len(asked))
    if not (anki or gift):
        review.ask_due(locate(), asked, count, new=chapter is not None)


@app.command()
def reset(name: Annotated[str, NAME]):
    """Put an exercise, or one task of it, back as it was, and keep yours beside it."""
    from course.learner import progress, workspace

    copy = _your_copy()
    file = workspace.find_file(copy, name)
    sheet = Path(file).stem
    task = progress.find_task(sheet, name) if file.startswith("exercises/") else None
    if task is None:
        backup = workspace.reset(copy, file)
        print(f"{file} is as it was delivered.")
    else:
        done, backup = workspace.reset_task(copy, file, task.name)
        print(f"{task.name} is as it was delivered, in {file}.")
        for what, cells in done.said() if done else ():
            print(f"  {what}: {', '.join(cells)}")
    if backup:
        mine = "The sheet as you had it" if task else "Yours"
        print(f"{mine} is now {backup.relative_to(copy)}.")
    elif task:
        print("It was so before; nothing was changed.")
    _say_if_open(copy, backup)


@app.command()
def doctor():
    """Examine versions and devices, and compare one step on each with Keras's."""
    from course.commands.terminal import findings, show
    from course.learner.doctor import examine

    rows = examine()
    show(findings(rows))
    raise typer.Exit(not all(well for _, _, well in rows))


teacher.add_to(app)


class Mode(StrEnum):
    """The ways in which TensorFlow can take a step."""

    eager = "eager"
    graph = "graph"
    xla = "xla"


bench = typer.Typer(invoke_without_command=True)
app.add_typer(bench, name="bench")


@bench.callback()
def bench_all(ctx: typer.Context):
    """Measure here and now: the step, by default; see `course bench step --help`."""
    if ctx.invoked_subcommand is None:
        bench_step()


@bench.command("step")
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


@bench.command("explorers")
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


@bench.command("grading")
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

    sheets = [paths.find_sheet(name) for name in names or ()]
    show(grading.table(sheets or grading.one_of_each_kind(), submissions, sample))


def main():
    """Run the command; the exit code is 0, 1 for what does not hold, 2 for bad input."""
    for stream in (sys.stdout, sys.stderr):  # an old terminal may not have the ticks
        stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
