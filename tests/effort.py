"""How much of what is dear `make test` tries; `make test-all` tries the whole of it."""

import os

import pytest

ALL = os.environ.get("COURSE_TESTS") == "all"


def part(cases, keep):
    """The cases to parametrise with, of which `make test` runs the first `keep` only."""
    cases = list(cases)
    later = [case if isinstance(case, tuple) else (case,) for case in cases[keep:]]
    return [*cases[:keep], *(pytest.param(*case, marks=pytest.mark.long) for case in later)]


def only(cases, *kept):
    """The names to parametrise with, of which `make test` runs these only, wherever they stand."""
    cases = list(cases)
    assert {*kept} <= {*cases}, f"no such case: {sorted({*kept} - {*cases})}"
    long = pytest.mark.long
    return [case if case in kept else pytest.param(case, marks=long) for case in cases]


def selected(request, name):
    """The values of a parameter in the tests of a file that will be run, in their order.

    So that what a fixture computes for all of them at once is not computed for those left out.
    """
    tests = [test for test in request.session.items if test.path == request.path]
    given = [test.callspec.params for test in tests if hasattr(test, "callspec")]
    return list(dict.fromkeys(each[name] for each in given if name in each))


def examples(count):
    """How many examples of a property are drawn: all of them, or a fifth."""
    return count if ALL else max(10, count // 5)
