"""The grader's report pages under the same judge as the book: axe, in both themes, and a phone."""

import contextlib

import pytest

from course.grading import reports
from tests.book.axe import violations
from tests.book.page import Pages
from tests.grading.reports.test_reports import FAILED, PRACTICE, row

pytestmark = pytest.mark.browser

ANNA = [row(), PRACTICE, FAILED]
ROWS = [*ANNA, *(each._replace(learner="b<b>", notes=("One note.",)) for each in ANNA)]


@pytest.mark.parametrize("page", ["index.html", "summary.html", "feedback/anna.html"])
def test_axe_finds_no_serious_violation_on_a_report(chromium, tmp_path, page):
    reports.write(ROWS, reports.prepare(tmp_path / "out"))
    with contextlib.closing(Pages(chromium, (tmp_path / "out").as_uri())) as pages:
        opened = pages.open(page)
        for theme in ("light", "dark"):
            opened.emulate_media(color_scheme=theme)
            serious, passed = violations(opened)
            print(f"{page}, {theme}: {passed} rules passed, {len(serious)} serious violations")
            assert serious == [] and passed > 10
        opened.set_viewport_size({"width": 390, "height": 844})
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390
