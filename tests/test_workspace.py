"""The learner's copy: what a start brings, what it never touches, and how it is found."""

import errno
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from course import paths
from course.learner import last_copy, workspace
from course.learner.workspace import Refused
from course.questions import fold
from tests import waiting

CHAPTER, LATER = "notebooks/04_momentum.ipynb", "notebooks/05_nesterov.ipynb"
SHEET, SOLUTION = "exercises/04_momentum.ipynb", "solutions/04_momentum.ipynb"


def notebook(*sources, printed="out"):
    """A small notebook that was run: each source is a code cell that printed something."""
    output = {"output_type": "stream", "name": "stdout", "text": [printed]}
    cells = [
        {
            "cell_type": "code",
            "execution_count": number,
            "id": f"cell-{number}",
            "metadata": {"name": f"cell-{number}"},
            "outputs": [output],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def put(path, content):
    """Write a notebook as Jupyter does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")


def edit(path, source="mine = 1"):
    """What a learner does: write a cell, and save."""
    put(path, notebook(source))


def everything_in(folder):
    """Path -> bytes and time of change, of all files."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def material(tmp_path, monkeypatch):
    """A small course to be delivered, with text sources beside its notebooks."""
    folder = tmp_path / "material"
    put(folder / CHAPTER, notebook("print('chapter ✓')"))
    put(folder / SHEET, notebook("answer = ...", "check()", printed="✓ right"))
    put(folder / SOLUTION, notebook("answer = 1", "check()", printed="✓ right"))
    (folder / "notebooks/source").mkdir()
    (folder / "notebooks/source/04_momentum.py").write_text("# source")
    monkeypatch.setattr(paths, "material", lambda: folder)
    return folder


@pytest.fixture
def copy(tmp_path, material):
    """The learner's copy of that course."""
    workspace.start(tmp_path / "copy")
    return tmp_path / "copy"


# ---- a first start --------------------------------------------------------------------


def test_a_start_brings_chapters_exercises_and_solutions_but_no_sources(copy):
    found = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert found == {CHAPTER, SHEET, SOLUTION, ".course/manifest.json"}


def cells_of(path):
    """What a reader sees of each cell: its source and its outputs, not its number."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [("".join(cell["source"]), cell.get("outputs")) for cell in cells]


def test_a_chapter_is_delivered_with_its_outputs_and_no_cell_numbered(copy, material):
    assert cells_of(copy / CHAPTER) == cells_of(material / CHAPTER)
    cells = json.loads((copy / CHAPTER).read_text("utf-8"))["cells"]
    assert [cell["execution_count"] for cell in cells] == [None]


def test_the_real_chapters_are_delivered_as_they_are_but_for_links_and_folds(tmp_path):
    workspace.start(tmp_path / "copy")
    for name in workspace.names():
        if not name.startswith("exercises/"):
            mine, ours = (
                cells_of(folder / name) for folder in (tmp_path / "copy", paths.material())
            )
            assert [unfolded(*each) for each in mine] == [unfolded(*each) for each in ours], name


def unfolded(source, outputs):
    """A cell's words and outputs without what leads a link to a cell, or folds an answer."""
    source = source.replace("#cell-id=", "#")
    if source.startswith(fold.SUMMARY):
        source = source.removeprefix(fold.SUMMARY).replace("\n\n</details>", "", 1)
    return source.split(), [each for each in outputs or () if each != fold.FIRST]


def test_a_link_to_a_word_leads_to_the_cell_that_explains_it(tmp_path):
    """JupyterLab finds a cell at the first click; a heading only where the notebook is open."""
    workspace.start(tmp_path / "copy")
    texts = [
        source
        for path in sorted((tmp_path / "copy").glob("*/*.ipynb"))
        for source, _ in cells_of(path)
    ]
    words = [word for text in texts for word in re.findall(r"16_glossary\.ipynb#([^)]*)\)", text)]
    glossary = json.loads((tmp_path / "copy/notebooks/16_glossary.ipynb").read_text("utf-8"))
    ids = {f"cell-id={cell['id']}" for cell in glossary["cells"]}
    assert len(words) > 40
    assert {*words} <= ids


def test_a_notebook_bears_what_jupyterlab_would_write_into_it_at_its_opening(copy):
    """Else it asks whether to save what was only opened."""
    from ipykernel.ipkernel import IPythonKernel
    from jupyter_client.kernelspec import KernelSpecManager

    kernel = KernelSpecManager().get_kernel_spec("python3")
    for name in (CHAPTER, SHEET, SOLUTION):
        metadata = json.loads((copy / name).read_text("utf-8"))["metadata"]
        assert metadata["language_info"] == IPythonKernel.language_info
        assert metadata["kernelspec"] == {
            "display_name": kernel.display_name,
            "language": kernel.language,
            "name": "python3",
        }


def test_no_exercise_shows_what_its_checks_print_before_it_is_answered(copy, material):
    assert "✓ right" in (material / SHEET).read_text("utf-8")
    assert "✓ right" not in (copy / SHEET).read_text("utf-8")
    assert "✓ right" in (copy / SOLUTION).read_text("utf-8")


def test_a_start_in_an_empty_folder_takes_it(tmp_path, material):
    (tmp_path / "empty").mkdir()
    assert workspace.start(tmp_path / "empty").brought == [CHAPTER, SHEET, SOLUTION]


# ---- a later start --------------------------------------------------------------------


def test_a_second_start_writes_nothing(copy):
    before = everything_in(copy)
    assert workspace.start(copy) == ([], [], [], [], [])
    assert everything_in(copy) == before


def test_a_later_start_brings_what_is_new_and_replaces_what_was_not_changed(copy, material):
    put(material / LATER, notebook("later"))
    put(material / CHAPTER, notebook("newer"))
    done = workspace.start(copy)
    assert (done.brought, done.replaced, done.kept) == ([LATER], [CHAPTER], [])
    assert cells_of(copy / CHAPTER) == cells_of(material / CHAPTER)


def test_a_chapter_that_lies_there_as_in_the_repository_is_delivered_afresh(copy, material):
    """As a course of before delivered it: with numbers at its cells, as if they had been run."""
    shutil.copy(material / CHAPTER, copy / CHAPTER)
    assert workspace.start(copy).replaced == [CHAPTER]
    assert workspace.start(copy) == ([], [], [], [], [])


def test_what_the_learner_changed_is_kept_and_a_newer_version_is_announced(copy, material):
    edit(copy / CHAPTER)
    edit(copy / SHEET)
    put(material / SHEET, notebook("answer = ...", "check(again)"))
    before = everything_in(copy)
    done = workspace.start(copy)
    assert (done.kept, done.outdated, done.replaced) == ([CHAPTER, SHEET], [SHEET], [])
    assert everything_in(copy) == before


def test_running_and_saving_a_chapter_is_no_change(copy, material):
    ran = json.loads((copy / CHAPTER).read_text("utf-8"))
    ran["cells"][0] |= {"outputs": [], "execution_count": 7, "metadata": {"trusted": True}}
    ran["cells"][0]["source"] = "".join(ran["cells"][0]["source"])
    put(copy / CHAPTER, ran)
    assert workspace.start(copy).kept == []
    put(material / CHAPTER, notebook("newer"))
    assert workspace.start(copy).replaced == [CHAPTER]


def test_a_deleted_notebook_comes_back(copy):
    (copy / SHEET).unlink()
    assert workspace.start(copy).brought == [SHEET]
    assert (copy / SHEET).exists()


def test_a_notebook_of_the_learners_own_is_not_replaced_by_a_new_one_of_its_name(copy, material):
    edit(copy / LATER)
    put(material / LATER, notebook("later"))
    done = workspace.start(copy)
    assert (done.kept, done.outdated) == ([LATER], [LATER])
    assert "mine = 1" in (copy / LATER).read_text()


def test_a_notebook_that_left_the_course_stays_and_is_named(copy, material):
    (material / CHAPTER).unlink()
    assert workspace.start(copy).left == [CHAPTER]
    assert (copy / CHAPTER).exists()


def test_a_file_that_is_no_longer_a_notebook_is_kept(copy):
    (copy / SHEET).write_text("{broken")
    assert workspace.start(copy).kept == [SHEET]
    assert (copy / SHEET).read_text() == "{broken"


def test_a_lost_manifest_costs_no_work(copy):
    edit(copy / SHEET)
    (copy / ".course/manifest.json").write_text("{broken")
    assert workspace.start(copy).kept == [SHEET]
    assert "mine = 1" in (copy / SHEET).read_text()


# ---- what is refused ------------------------------------------------------------------


def test_a_folder_of_somebody_else_is_refused_and_not_touched(tmp_path, material):
    put(tmp_path / "theirs/notebooks/thesis.ipynb", notebook("years of work"))
    before = everything_in(tmp_path)
    with pytest.raises(Refused, match="holds files that are not the course's"):
        workspace.start(tmp_path / "theirs")
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("where", ["a-file", "a-file/copy"])
def test_a_file_in_place_of_a_folder_is_refused(tmp_path, material, where):
    (tmp_path / "a-file").write_text("text")
    with pytest.raises(Refused, match="not a directory"):
        workspace.start(tmp_path / where)
    assert (tmp_path / "a-file").read_text() == "text"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_place_where_nobody_can_write_is_refused(material):
    with pytest.raises(Refused, match=r"Cannot write /proc/.*Choose a folder where you can write"):
        workspace.start(Path("/proc/my-course"))


@pytest.mark.skipif(os.name != "posix", reason="there are no permission bits here")
@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read only", "closed"])
def test_a_folder_without_permission_is_refused_in_one_sentence(mode):
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(mode)
        done = _whom_permissions_stop("-m", "course", "start", str(place / "copy"))
        assert done.returncode == 2
        assert done.stderr.startswith("Cannot write")
        assert "permission denied" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        place.chmod(0o755)
        assert list(place.iterdir()) == []
    finally:
        shutil.rmtree(place)


def _whom_permissions_stop(*arguments):
    """Run Python as an ordinary user, or as root without root's right to pass permissions."""
    command = [sys.executable, *arguments]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("we are root, whom no permission stops, and there is no setpriv here")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    return waiting.run(command)


def test_an_interrupted_start_is_completed_by_the_next(tmp_path, material, monkeypatch):
    moves, replace = [], os.replace

    def until_the_disk_is_full(source, target):
        moves.append(target)
        if len(moves) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", until_the_disk_is_full)
    with pytest.raises(Refused, match="no space left on device"):
        workspace.start(tmp_path / "copy")
    monkeypatch.setattr(os, "replace", replace)
    assert workspace.start(tmp_path / "copy").brought == [SHEET, SOLUTION]
    assert workspace.start(tmp_path / "copy") == ([], [], [], [], [])


def test_a_write_that_fails_leaves_the_old_file_and_no_other(copy, monkeypatch):
    before = everything_in(copy)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("broken disk")))
    with pytest.raises(Refused, match="broken disk"):
        workspace.write(copy / CHAPTER, notebook("newer"))
    assert everything_in(copy) == before


# ---- finding --------------------------------------------------------------------------


@pytest.mark.parametrize("where", [".", "exercises", "..", "../notebooks", "../a/b"])
def test_the_copy_is_found_from_within_from_above_and_from_beside(copy, monkeypatch, where):
    copy = copy.rename(copy.with_name("my-course"))
    (copy / where).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(copy / where)
    assert workspace.locate().resolve() == copy


def test_of_two_copies_the_one_around_counts_and_elsewhere_the_one_opened_last(
    copy, tmp_path, tmp_path_factory, monkeypatch
):
    other = tmp_path / "other"
    workspace.start(other)
    last_copy.remember(other)
    monkeypatch.chdir(copy / "notebooks")
    assert workspace.locate() == copy
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert workspace.locate() == other
    shutil.rmtree(other)
    with pytest.raises(Refused, match="make one with: course start"):
        workspace.locate()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"relative\n"])
def test_a_damaged_record_of_the_last_copy_costs_nothing(tmp_path, monkeypatch, content):
    last_copy.record().parent.mkdir(parents=True, exist_ok=True)
    last_copy.record().write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="make one with: course start"):
        workspace.locate()


def test_without_a_copy_the_sentence_names_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="make one with: course start"):
        workspace.locate()


def test_a_folder_that_is_no_copy_is_refused(tmp_path):
    with pytest.raises(Refused, match="is no copy of the course; make one with: course start"):
        workspace.locate(tmp_path)


@pytest.mark.parametrize("name", ["4", "04", "04.step", "04_momentum", "04_momentum.ipynb", SHEET])
def test_an_exercise_has_many_names(copy, name, monkeypatch):
    monkeypatch.chdir(copy)
    assert workspace.find_file(copy, name) == SHEET


def test_a_file_name_means_the_file_that_lies_there(copy, monkeypatch):
    monkeypatch.chdir(copy / "notebooks")
    assert workspace.find_file(copy, "04_momentum.ipynb") == CHAPTER
    monkeypatch.chdir(copy / "exercises")
    assert workspace.find_file(copy, "04_momentum.ipynb") == SHEET


def test_an_unknown_exercise_is_refused_with_the_nearest_names(copy, material):
    put(material / "exercises/05_nesterov.ipynb", notebook("answer = ..."))
    with pytest.raises(paths.Unknown, match=r"called 'nestorov'; did you mean 05_nesterov\?"):
        workspace.find_file(copy, "nestorov")
    with pytest.raises(paths.Unknown, match=r"did you mean 04_momentum or 05_nesterov\?"):
        workspace.find_file(copy, "77")


def test_a_file_outside_the_copy_is_no_exercise(copy, tmp_path):
    edit(tmp_path / "04_momentum.ipynb")
    with pytest.raises(Refused, match="is no notebook of the course in"):
        workspace.find_file(copy, str(tmp_path / "04_momentum.ipynb"))


# ---- putting back ---------------------------------------------------------------------


def test_a_reset_puts_the_exercise_back_and_keeps_the_learners(copy):
    fresh = (copy / SHEET).read_bytes()
    for number in (1, 2):
        edit(copy / SHEET, f"mine = {number}")
        backup = workspace.reset(copy, SHEET)
        assert backup == copy / f"exercises/04_momentum.backup-{number}.ipynb"
        assert f"mine = {number}" in backup.read_text()
        assert (copy / SHEET).read_bytes() == fresh


def test_a_reset_of_what_was_not_changed_makes_no_backup(copy):
    before = everything_in(copy)
    assert workspace.reset(copy, SHEET) is None
    assert everything_in(copy) == before


def test_a_reset_mends_a_broken_or_missing_notebook(copy):
    fresh = (copy / SHEET).read_bytes()
    (copy / SHEET).write_text("{broken")
    assert workspace.reset(copy, SHEET).read_text() == "{broken"
    (copy / SHEET).unlink()
    assert workspace.reset(copy, SHEET) is None
    assert (copy / SHEET).read_bytes() == fresh


def test_a_reset_takes_the_newer_version_and_the_next_start_knows(copy, material):
    edit(copy / SHEET)
    put(material / SHEET, notebook("answer = ...", "check(again)"))
    assert workspace.start(copy).outdated == [SHEET]
    workspace.reset(copy, SHEET)
    assert "check(again)" in (copy / SHEET).read_text()
    assert workspace.start(copy) == ([], [], [], [], [])
