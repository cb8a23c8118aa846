"""The commands of those who learn: start, lab, check, hint, progress, review, reset, doctor."""

import os
from pathlib import Path
from typing import Annotated

import typer

from course.commands.classroom import join_class, leave_class, tell_class

NAME = typer.Argument(metavar="NAME", help="A sheet or a task, such as 04 or 04.step.")
FOLDER = typer.Argument(metavar="DIR", help="Your copy of the course.", show_default=False)


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
            "File > Reload Notebook from Disk, and Reload; where it offers Overwrite, Revert.\n"
            "That drops what you had not saved there."
        )


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
    tell_class(copy, shown)
    said = " ".join(each.words for each in shown)
    for note in progress.read_answers(copy, sheet).notes:
        if note.sentence not in said:
            terminal.show(terminal.plain(note.sentence, "dim"))
    following = progress.following(copy, sheet)
    again = following and following[0] == sheet
    terminal.show_next(following, "" if again else _unread_chapter(copy, following))
    raise typer.Exit(any(each.state != progress.DONE for each in shown))


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


def doctor():
    """Examine versions and devices, and compare one step on each with Keras's."""
    from course.commands.terminal import findings, show
    from course.learner.doctor import examine

    rows = examine()
    show(findings(rows))
    raise typer.Exit(not all(well for _, _, well in rows))


def add_to(app):
    """Make these commands part of the `course` command."""
    app.command()(start)
    app.command()(lab)
    app.command()(check)
    app.command()(hint)
    app.command("progress")(show_progress)
    app.command()(review)
    app.command()(reset)
    app.command()(doctor)
    app.command("join")(join_class)
    app.command("leave")(leave_class)
