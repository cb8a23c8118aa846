"""What each exercise asks, and what it answers: `check`, `hint` and `show` for the sheets.

    from course.checks import check, hint, join, show

`check("04.step")` prints a fixed text where your answer holds and raises where it does not;
`hint("04.step")` prints the next hint; `show("04.portrait")` draws what a question is about.
`check("04")` lists a sheet's tasks, `check()` is about the next that does not hold yet; in its
own sheet a task may be called "step", or by your function: `check(ball_step)`.
"""

import re
import sys

from course import attendance, paths
from course.attendance import join, leave
from course.checks import kernel
from course.checks.names import NoSuchTask, chapter_tasks, file_of, find, find_in, sheet_of, wrapped

__all__ = [
    "CheckFailed",
    "NoSuchTask",
    "check",
    "chapter_tasks",
    "find",
    "hint",
    "join",
    "leave",
    "show",
    "tell",
]

WHICH = 'Which task? Write check("04.step"), or check("04") for all tasks of a sheet.'
GONE = "Your answer holds, but it is not in the notebook as it was saved. {}"
_hints_given = {}
_asked_last = []

kernel.watch()


class CheckFailed(AssertionError):
    """An answer that does not hold yet; its text says what came, what was expected and why."""

    def _render_traceback_(self):
        # Jupyter prints these lines in place of a traceback: they are all a learner needs. It
        # would break long ones in the middle of a word.
        return [part for line in str(self).splitlines() for part in wrapped(line)]


def check(name=None):
    """Look at your answer to the task `name`; print what holds, or raise `CheckFailed`.

    name: "04.step"; "04" lists the tasks of a sheet; None means the next one of this sheet that
          does not hold yet; in its own sheet "step" or ball_step will do.
    The answer is found by its name in the notebook that calls.
    """
    answers = sys._getframe(1).f_globals  # the notebook's own names
    chapter = _chapter(answers)
    if name is None:
        if chapter is None:
            raise NoSuchTask(WHICH)
        name = _following(chapter, answers)
    if isinstance(name, str) and re.fullmatch(r"\s*\d{1,2}\s*", name):
        _print(_list(name.strip().zfill(2), answers))
        return
    task = find_in(name, answers, chapter)
    _asked_last[:] = [task.chapter]
    finding = _look(task, answers)
    tell(task, finding.passed, finding.because)
    if not finding.passed:
        raise CheckFailed(_with_hint("\n".join(finding.lines), task))
    lines = [part for line in finding.lines for part in wrapped(line)]
    _print("\n".join([f"✓ {task.title}", *lines, _what_is_next(task)]))
    gone = kernel.gone(task, file_of(answers))
    for remark in [*finding.remarks, *([GONE.format(gone)] if gone else [])]:
        # Apart from what holds, which is the same text for every right answer.
        print("\n".join(wrapped(remark)), file=sys.stderr)


def _look(task, answers):
    """The `Finding` on a task's answer among a notebook's names."""
    from course.checks import answer_text, calling
    from course.checks.base import no_answer

    kernel.watch()
    stopped = kernel.stopped(task, answers) or kernel.older(task, answers)
    if stopped:
        return no_answer([stopped], calling.Sentence(stopped, "raised"))
    if task.asks not in answers:
        sentence = calling.missing(task.asks)
        run = kernel.last_run(task)
        other = answer_text.other_name(task, run.source) if run else ""
        other = other or kernel.gone(task, file_of(answers))
        return no_answer([sentence, *([f"    {other}"] if other else [])], sentence)
    return task.look(answers[task.asks], kernel.source(task))


def tell(task, passed, because):
    """Tell the class that was joined, if there is one, how a check of a task ended.

    because: the sentence on the cause; only a known mistake's is told, by its position.
    """
    sentences = [mistake.because for mistake in task.mistakes]
    known = sentences.index(because) if not passed and because in sentences else None
    attendance.tell_check(task.name, passed, known)


def _list(chapter, answers):
    """A line for each task of a chapter: whether its answer holds; and what to do next."""
    lines, following = [], None
    for task in chapter_tasks(chapter):
        finding = _look(task, answers)
        open_ = finding.ended in ("missing", "unfilled")
        if not open_:
            tell(task, finding.passed, finding.because)
        mark = "✓" if finding.passed else "○" if open_ else "✗"
        lines.append(f"{mark} {task.name}  {task.title}{': not answered yet' * open_}")
        following = following or (None if finding.passed else task)
    lines.append(f'Next: check("{following.name}")' if following else "All of them hold.")
    return "\n".join(lines)


def _following(chapter, answers):
    """The next task of a chapter that does not hold yet, or else the chapter itself."""
    for task in chapter_tasks(chapter):
        if not _look(task, answers).passed:
            return task.name
    return chapter


def _chapter(answers):
    """The chapter of the sheet that calls: by its file's name, or by what was asked before."""
    return sheet_of(answers) or next(iter(_asked_last), None)


def _print(text):
    """Print a text, also where an answer has closed the notebook's `sys.stdout`."""
    try:
        print(text)
    except ValueError:
        from IPython.display import display

        display({"text/plain": text}, raw=True)


def hint(name):
    """Print the next hint for the task `name`; after the last one, that one again."""
    answers = sys._getframe(1).f_globals
    task = find_in(name, answers, _chapter(answers))
    given = _hints_given.get(task.name, 0)
    _print(hint_text(task, given))
    _hints_given[task.name] = given + 1


def hint_text(task, given):
    """The hint that follows after `given` hints, with its number."""
    number = min(given, len(task.hints) - 1)
    return f"Hint {number + 1} of {len(task.hints)}: {task.hints[number]}"


def show(name):
    """Draw the picture that the task `name` asks about."""
    import matplotlib.pyplot as plt

    from course.figures import use_course_style

    answers = sys._getframe(1).f_globals
    task = find_in(name, answers, _chapter(answers))
    if not getattr(task, "picture", None):
        raise NoSuchTask(f"{task.name} asks about no picture.")
    use_course_style()
    figure = plt.figure(figsize=(9, 2.6), layout="constrained")
    task.picture(figure)
    plt.show()


def _with_hint(text, task):
    return f'{text}\n    Stuck? hint("{task.name}")'


def _after_the_last(chapter):
    """What is said after a sheet's last task, where this chapter is the next."""
    if chapter in [sheet[:2] for sheet in paths.sheets()]:
        where = f"notebooks/{paths.chapter(chapter)}"
        return (
            "That was the last task of this sheet.\n"
            f"Next: chapter {chapter}, {paths.title(chapter)}, in {where}."
        )
    return (
        "That was the last task of the last sheet. `course progress` shows what is still open.\n"
        f"To keep beside you while you train: notebooks/{paths.chapter(chapter)}."
    )


def _what_is_next(task):
    tasks = chapter_tasks(task.chapter)
    later = tasks[[each.name for each in tasks].index(task.name) + 1 :]
    if not later:
        return _after_the_last(f"{int(task.chapter) + 1:02}")
    return f"Next: {later[0].name}, {later[0].title[0].lower()}{later[0].title[1:]}."
