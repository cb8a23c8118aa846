"""What the commands of those who teach say on stderr, and how they refuse."""

from contextlib import contextmanager

import typer

from course.learner.workspace import Refused


def tell(sentence):
    """Say a sentence on stderr; "" says nothing."""
    from course.commands.terminal import say

    if sentence:
        say(sentence, err=True)


@contextmanager
def refusing(out):
    """What grading refuses, in one sentence; and what to do after Ctrl-C."""
    try:
        yield
    except ValueError as problem:
        raise Refused(str(problem)) from None
    except OSError as problem:
        why = problem.strerror
        raise Refused(f"Cannot write to {out}: {why}." if why else str(problem)) from None
    except KeyboardInterrupt:
        tell(f"Stopped. What is marked stands in {out}; go on with --resume.")
        raise typer.Exit(130) from None
