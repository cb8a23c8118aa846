"""`course review`: what is due today, asked again in the terminal; the table as a file."""

import sys
from datetime import date
from pathlib import Path

import typer
from rich.markdown import Markdown

from course import paths, questions
from course.commands import terminal
from course.learner import guesses, workspace
from course.questions import spacing
from course.questions.kinds import BadGuess

STOP = "q"
NOTHING = """Nothing to review yet: answer a prediction in a chapter first.
To be asked about one chapter all the same, name it: course review 04"""


def chosen(chapter):
    """The questions of one chapter, or of all.

    Errors: Refused for a chapter that asks nothing.
    """
    if chapter is None:
        return questions.everything()
    number = Path(chapter).name[:2].partition(".")[0].zfill(2)
    if number not in questions.CHAPTERS:
        known = ", ".join(questions.CHAPTERS)
        raise workspace.Refused(f"No chapter {chapter!r} asks anything; choose from {known}.")
    return questions.everything([number])


def ask_due(copy, asked, count, new=False):
    """Ask what is due today, one after the other, and say how it went.

    asked: the questions that may be asked; count: the most of them.
    new:   whether those are among them to which the learner has not come yet.
    Errors: Refused where the record cannot be read or written.
    """
    record, today = guesses.read(copy), date.today()
    if record.damaged:
        terminal.say(f"{guesses.FILE}: {record.damaged} damaged lines were passed over.")
    known = {each.name for each in asked}
    made = [each for each in record.made if each.name in known]
    cards = spacing.cards((each.name, each.passed, each.at.astimezone().date()) for each in made)
    names = [each.name for each in asked if new or _was_reached(each, cards)]
    due = spacing.due(cards, names, today, count)
    if not due:
        terminal.say(_nothing_due(cards))
        return
    passed = _ask_all(copy, due)
    if passed:
        back = "" if all(passed) else " What you missed comes back tomorrow."
        terminal.say(f"{sum(passed)} of {len(passed)} right.{back}")


def _was_reached(question, cards):
    """Whether a learner has come to a question: new ones would give away what a chapter shows.

    Predictions are reached up to the last that was answered; with a chapter's last prediction
    all of its questions are.
    """
    predictions = [each.name for each in questions.predictions(question.chapter)]
    answered = [place for place, name in enumerate(predictions) if name in cards]
    reached = predictions[: max(answered, default=-1) + 1]
    whole = bool(reached) and reached == predictions
    return whole or question.name in reached or question.name in cards


def _ask_all(copy, due):
    """Ask these questions until the learner stops; returns for each answered one if it passed."""
    passed = []
    for number, name in enumerate(due, 1):
        question = questions.find(name)
        terminal.show("")
        where = f"{name} · {paths.title(question.chapter)}"
        terminal.show(terminal.plain(f"{number} of {len(due)}  {where}", "dim"))
        terminal.show(Markdown(question.text))
        for key, label in enumerate(question.labels, 1):
            terminal.show(Markdown(f"**{key}** {label}"))
        verdict = _ask(question)
        if verdict is None:
            break
        guesses.add(copy, name, verdict)
        passed.append(verdict.passed)
        mark, colour = ("✓", "green") if verdict.passed else ("✗", "red")
        terminal.show(terminal.plain(f"{mark} {verdict.given}", colour))
        terminal.show(Markdown(verdict.sentence))
        if not verdict.passed and question.kind != "order":
            answer = question.answer
            terminal.show(Markdown(f"Right is **{answer.given}**: {answer.sentence}"))
    return passed


def _ask(question):
    """The Verdict on what the learner types, or None where they stop."""
    while True:
        typed = _typed(question)
        if typed is None or typed == STOP:
            return None
        try:
            return question.judge(_guess(question.kind, typed))
        except BadGuess as problem:
            terminal.say(str(problem))


def _guess(kind, typed):
    """What was typed, as the question's kind takes it; what makes no sense is handed on."""
    if kind == "choice":
        return int(typed) - 1 if typed.isdecimal() else typed
    if kind == "order":
        return [int(key) - 1 for key in typed if key.isdecimal()]
    return typed


def _typed(question):
    """One key for a choice, a line for the others; None at the end of the input."""
    prompt = {
        "choice": f"1 to {len(question.labels)}",
        "number": "a number",
        "order": "the order, such as 213",
    }[question.kind]
    print(f"{prompt}, or {STOP} to stop: ", end="", flush=True)
    if question.kind == "choice" and sys.stdin.isatty():
        try:
            key = _key()
        except (EOFError, KeyboardInterrupt):
            key = STOP
        print(key if key.isprintable() else "")
        return key
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()
    return line.strip() if line else None


def _key():
    """The first key that is pressed; Enter, which most press after it, is none."""
    while True:
        pressed = typer.getchar().strip()
        if pressed:
            return pressed[0]


def _nothing_due(cards):
    """What is said where nothing is to be asked today."""
    if not cards:
        return NOTHING
    return f"Nothing is due today; the next question is on {min(c.due for c in cards.values())}."


def write(path, text, count):
    """Write an export of so many questions, and say so.

    Errors: Refused where that is not possible.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise workspace.Refused(f"Cannot write {path}: {problem.strerror.lower()}.") from None
    terminal.say(f"{count} questions are in {path}.")
