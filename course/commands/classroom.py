"""The commands of a class: class opens and deletes one, join and leave are the learner's."""

import contextlib
import functools
from pathlib import Path
from typing import Annotated

import typer

from course.learner.workspace import Refused

FILE = Path("class.jsonl")

UNENCRYPTED = """\
The link is not encrypted: others in the room's network can read the code and what is sent.
On a public network put a program that speaks TLS before it: see docs/instructors.md."""


def open_class(
    open_: Annotated[bool, typer.Option("--open", help="Open a class, or one again.")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Forget a class: its file.")] = False,
    names: Annotated[
        bool | None,
        typer.Option(
            "--names/--no-names", help="Take names, for your page only.", show_default=False
        ),
    ] = None,
    file: Annotated[Path, typer.Option(metavar="FILE", help="What holds it all.")] = FILE,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port; else 8600 or the next free.")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(metavar="URL", help="What learners write, where TLS is before it."),
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="IP", help="127.0.0.1: for this machine alone.")
    ] = "0.0.0.0",
):
    """See where a class stands: open it, show its page, and give its code to the room."""
    import asyncio

    from course.classroom import store
    from course.classroom.server import serve

    if open_ == delete:
        raise Refused("Write course class --open, or course class --delete.")
    if address is not None:
        _refuse_no_address(address)
    try:
        if delete:
            lines = store.delete(file)
            print(f"{file} is deleted, with all {lines} lines of it.")
        else:
            shown = functools.partial(_opened, file, host)
            asyncio.run(serve(file, names, host, port, shown, address))
            option = "" if file == FILE else f" --file {file}"
            print(f"\nThe class is closed; {file} holds it.")
            print(f"Open it again: course class --open{option}")
    except store.NotOpened as problem:
        raise Refused(str(problem)) from None
    except OSError as problem:
        raise Refused(f"Cannot serve on {host}: {problem.strerror or problem}.") from None
    except KeyboardInterrupt:
        print(f"\nThe class is closed; {file} holds it.")


def _refuse_no_address(address):
    """Refuse what learners could not join by."""
    from course.attendance import membership

    try:
        membership.site(address)
    except membership.NotJoined:
        raise Refused(
            f"--address is what learners write, such as https://class.example.org; got {address!r}."
        ) from None


def _opened(file, host, room, port):
    """Print what the room and the teacher need to know."""
    head, lesson = room.lesson.store.head, room.lesson
    code, here = head["code"], "127.0.0.1" if host == "0.0.0.0" else host
    learners = len(lesson.counts.learners)
    again = f"again, with {learners} learner{'s'[: learners != 1]} of before" if learners else ""
    print(f"The class is open{again and ' '}{again}. In a sheet or chapter, learners write\n")
    print(f'    join("{room.invitation}", "{code}")\n')
    if head["names"]:
        print(f'or join("{room.invitation}", "{code}", "their name"); names are on your page only.')
    print(f"In a terminal: course join {room.invitation} {code}\n")
    print(f"For the projector:  http://{here}:{port}/screen/{head['screen']}")
    print(f"For you alone:      http://{here}:{port}/teacher/{head['teacher']}\n")
    if lesson.damaged:
        print(f"{lesson.damaged} lines of {file} could not be read, and are passed over.")
    if host in ("127.0.0.1", "localhost"):
        print("Only this machine reaches it.")
    else:
        print(UNENCRYPTED)
    print(f"All of it is in {file}. Ctrl-C closes the class.", flush=True)


def join_class(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="As the teacher shows it.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="As the teacher shows it.")],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Yours, if you like.")] = "",
):
    """Join a class: it then hears which of your tasks hold, and which known mistakes they have."""
    from course import attendance

    with _in_your_copy():
        try:
            attendance.join(address, code, name)
        except attendance.NotJoined as problem:
            raise Refused(str(problem)) from None


def leave_class():
    """Leave the class that you have joined."""
    from course import attendance

    with _in_your_copy():
        attendance.leave()


def tell_class(copy, shown):
    """Tell the class that a copy has joined, if there is one, of the tasks that were answered.

    shown: a `Standing` of each task that was checked.
    """
    from course import attendance
    from course.checks import tell
    from course.learner.progress import DONE, OPEN

    with contextlib.chdir(copy):
        for task, state, words in shown:
            flat = " ".join(words.split())
            said = [m.because for m in task.mistakes if " ".join(m.because.split()) in flat]
            if state != OPEN:
                # One sentence may begin another, and then it was the longer one that was said.
                tell(task, state == DONE, max(said, key=len, default=""))
        attendance.flush()


def _in_your_copy():
    """Where a class is joined from a terminal: within the learner's copy, which keeps it."""
    from course.learner.workspace import locate

    return contextlib.chdir(locate())


def add_to(app):
    """Make the teacher's command part of the `course` command; the learner's stand with theirs."""
    app.command("class")(open_class)
