"""The progress widget in a learner's own copy, in a real JupyterLab."""

import json

import pytest

from course.learner import workspace

pytestmark = pytest.mark.browser
SHEET = "exercises/04_momentum_as_friction.ipynb"


def test_it_shows_points_and_looks_again_when_asked(lab, server):
    copy = server.folder / "progress-copy"
    workspace.start(copy)
    notebook = lab.open(
        lab.write(
            ["from course.learner.progress_widget import Progress\nProgress()"],
            "progress-copy/p.ipynb",
        )
    )
    notebook.run_all()
    widget = notebook.output(0).locator(".course-progress")
    widget.get_by_text("0 of").first.wait_for()
    assert "Next: 0" in widget.inner_text()

    path = copy / SHEET
    text = path.read_text(encoding="utf-8")
    answer = workspace.read(copy / SHEET.replace("exercises", "solutions"))
    cell = next(c for c in answer["cells"] if c["id"] == "terminal-answer")
    sheet = workspace.read(path)
    for each in sheet["cells"]:
        if each["id"] == "terminal-answer":
            each["source"] = cell["source"]
    path.write_text(json.dumps(sheet), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text

    widget.get_by_role("button", name="Look again").click()
    widget.get_by_text("04 Momentum as friction").click()
    widget.locator("li.done").get_by_text("04.terminal").wait_for(timeout=60_000)
    assert widget.get_by_role("button", name="Look again").is_enabled()
