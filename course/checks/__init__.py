"""What each exercise asks, and what it answers: `check`, `hint` and `show` for the sheets.

    from course.checks import check, hint, show

`check("04.step")` prints a fixed text where your answer holds and raises where it does not;
`hint("04.step")` prints the next hint; `show("04.portrait")` draws what a question is about.
"""

import sys
import textwrap
from importlib import import_module

__all__ = ["CheckFailed", "check", "chapter_tasks", "find", "hint", "show"]

_hints_given = {}


class CheckFailed(AssertionError):
    """An answer that does not hold yet; its text says what came, what was expected and why."""

    def _render_traceback_(self):
        # Jupyter prints these lines in place of a traceback: they are all a learner needs. It
        # would break long ones in the middle of a word.
        return [part for line in str(self).splitlines() for part in _wrapped(line)]


class NoSuchTask(KeyError):
    """A task's name that does not exist; its text lists those that do."""

    def _render_traceback_(self):
        return _wrapped(str(self.args[0]))


def _wrapped(line, width=90):
    indent = line[: len(line) - len(line.lstrip())]
    whole = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(line, width, subsequent_indent=indent, **whole) or [line]


def chapter_tasks(chapter):
    """The tasks of a chapter, such as "04", in their order.

    Errors: NoSuchTask for a chapter without exercises.
    """
    name = f"course.checks.chapter_{chapter}"
    try:
        return import_module(name).TASKS
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        raise NoSuchTask(f"Chapter {chapter} has no exercises.") from None


def find(name):
    """The task called `name`, such as "04.step".

    Errors: NoSuchTask with the names that exist.
    """
    chapter, _, _ = str(name).partition(".")
    tasks = {task.name: task for task in chapter_tasks(chapter)}
    if name not in tasks:
        raise NoSuchTask(f"No task is called {name!r}; chapter {chapter} has {', '.join(tasks)}.")
    return tasks[name]


def check(name):
    """Look at your answer to the task `name`; print what holds, or raise `CheckFailed`.

    The answer is found by its name in the notebook that calls.
    """
    from course.checks import calling

    task = find(name)
    answers = sys._getframe(1).f_globals  # the notebook's own names
    if task.asks not in answers:
        raise CheckFailed(_with_hint(calling.missing(task.asks), task))
    finding = task.look(answers[task.asks])
    if not finding.passed:
        raise CheckFailed(_with_hint("\n".join([*finding.lines, *_stale(task.asks)]), task))
    lines = [part for line in finding.lines for part in _wrapped(line)]
    _print("\n".join([f"✓ {task.title}", *lines, _what_is_next(task)]))


def _print(text):
    """Print a text, also where an answer has closed the notebook's `sys.stdout`."""
    try:
        print(text)
    except ValueError:
        from IPython.display import display

        display({"text/plain": text}, raw=True)


def hint(name):
    """Print the next hint for the task `name`; after the last one, that one again."""
    task = find(name)
    given = _hints_given.get(name, 0)
    _print(hint_text(task, given))
    _hints_given[name] = given + 1


def hint_text(task, given):
    """The hint that follows after `given` hints, with its number."""
    number = min(given, len(task.hints) - 1)
    return f"Hint {number + 1} of {len(task.hints)}: {task.hints[number]}"


def show(name):
    """Draw the picture that the task `name` asks about."""
    import matplotlib.pyplot as plt

    from course.figures import use_course_style

    use_course_style()
    figure = plt.figure(figsize=(9, 2.6), layout="constrained")
    find(name).picture(figure)
    plt.show()


def _stale(asks):
    """A line that says so where the answer's cell has just stopped with an error."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    last = getattr(shell, "last_execution_result", None)
    error = last and (last.error_before_exec or last.error_in_exec)
    if not error or isinstance(error, CheckFailed) or asks not in (last.info.raw_cell or ""):
        return []
    kind = type(error).__name__
    return [f"    The cell before stopped with a {kind}: this is about your earlier answer."]


def _with_hint(text, task):
    return f'{text}\n    Stuck? hint("{task.name}")'


def _what_is_next(task):
    tasks = chapter_tasks(task.chapter)
    later = tasks[[each.name for each in tasks].index(task.name) + 1 :]
    if not later:
        return "That was the last task of this sheet."
    return f"Next: {later[0].name}, {later[0].title[0].lower()}{later[0].title[1:]}."
