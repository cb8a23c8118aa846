"""How much of what is dear `make test` tries; `make test-all` tries the whole of it."""

import os

import pytest

ALL = os.environ.get("COURSE_TESTS") == "all"


def part(cases, keep):
    """The cases to parametrise with, of which `make test` runs the first `keep` only."""
    cases = list(cases)
    later = [case if isinstance(case, tuple) else (case,) for case in cases[keep:]]
    return [*cases[:keep], *(pytest.param(*case, marks=pytest.mark.long) for case in later)]


def examples(count):
    """How many examples of a property are drawn: all of them, or a third."""
    return count if ALL else max(10, count // 3)
