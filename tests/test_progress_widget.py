"""The progress widget where there is no copy: in a clone, on Binder, in Colab."""

import pytest

from course import paths
from course.learner import workspace
from course.learner.progress_widget import NO_COPY, Progress
from course.learner.workspace import Refused


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """The notebooks of a clone, that lie in no copy."""
    for folder in ("notebooks", "exercises"):
        (tmp_path / "clone" / folder).mkdir(parents=True)
        for path in (paths.material() / folder).glob("0*.ipynb"):
            (tmp_path / "clone" / folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(paths, "material", lambda: tmp_path / "clone")
    return tmp_path / "clone"


def test_in_a_clone_it_leads_to_every_sheet_and_counts_and_writes_nothing(clone, monkeypatch):
    monkeypatch.chdir(clone / "notebooks")
    before = sorted(clone.rglob("*"))
    shown = Progress()
    assert [row["title"][:2] for row in shown.chapters] == [f"{n:02}" for n in range(1, 10)]
    momentum = shown.chapters[3]
    assert (momentum["count"], momentum["read"], momentum["part"]) == ("7 points", "", 0)
    assert momentum["link"] == "04_momentum_as_friction.ipynb"
    goal = next(task for task in momentum["tasks"] if task["name"] == "04.goal")
    assert goal["link"] == "../exercises/04_momentum_as_friction.ipynb#cell-id=goal-task"
    assert {task["state"] for row in shown.chapters for task in row["tasks"]} == {"open"}
    assert shown.following == {"text": NO_COPY, "link": ""}
    assert sorted(clone.rglob("*")) == before


def test_elsewhere_it_shows_the_chapters_without_links_and_how_to_make_a_copy(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shown = Progress()
    assert "04 Momentum as friction, 7 points" in repr(shown)
    assert "course start" in repr(shown)
    assert not [row for row in shown.chapters if row["link"]]
    assert not [task for row in shown.chapters for task in row["tasks"] if task["link"]]
    assert not list(tmp_path.iterdir())


def test_once_there_is_a_copy_it_is_found_by_looking_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = Progress()
    with pytest.raises(Refused):
        workspace.locate()
    workspace.start(tmp_path / "my-course")
    shown.looking = True
    assert shown.looking is False
    assert shown.chapters[4]["count"] == "0 of 7 points"
    assert shown.following["text"].startswith("Next: 01.")
