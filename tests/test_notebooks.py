"""Every notebook: built from its source, and the same when it is run again."""

import platform
import re
import sys
from importlib.metadata import version

import nbformat
import pytest

from course.publish import notebooks, reading_time
from tests import waiting

SOURCES = notebooks.sources()
RUN = [path.parent.parent / f"{path.stem}.ipynb" for path in SOURCES]
EXERCISES = sorted((notebooks.ROOT / "exercises").glob("*.ipynb"))


def sheets(*always):
    """The exercises to parametrise with: these always, the others in `make test-all`.

    Each is cut from its solution (drift is tested), and each check's self-test is in tests/checks.
    """
    return [
        pytest.param(path, id=path.stem, marks=[] if path.stem[:2] in always else pytest.mark.long)
        for path in EXERCISES
    ]


#: The chapters that take longest; what 02, 11, 12 and 13 say of Keras is in tests/claims, what 11
#: and 13 measure in tests/test_bench.py, and the solution of 11 trains as they do.
LONG = ("notebooks/02", "notebooks/11", "notebooks/12", "notebooks/13")
#: The other chapters; of the solutions a NumPy sheet and the Keras sheet.
ALWAYS = ("solutions/04", "solutions/11", "notebooks/")


#: What does not run where Keras and TensorFlow are not installed; all else does.
KERAS = ("solutions/11", *(f"notebooks/{number}" for number in (11, 12, 13, 14)))


def executed(path):
    """A notebook to run from clean: always, or in `make test-all` only."""
    name = f"{path.parent.name}/{path.stem}"
    always = name.startswith(ALWAYS) and not name.startswith(LONG)
    return pytest.param(path, id=name, marks=[] if always else pytest.mark.long)


EXECUTED = [executed(path) for path in RUN if "_glossary" not in path.name]


def pinned():
    """Whether this is the system and these are the versions that the outputs were made with."""
    text = (notebooks.ROOT / "constraints.txt").read_text()
    pins = dict(re.findall(r"^([\w.-]+)==([\w.+]+)", text, flags=re.M))
    made_with = ("numpy", "matplotlib", "keras", "tensorflow", "ipykernel", "nbformat")
    same = all(version(name) == pins[name] for name in made_with)
    return same and sys.platform == "linux" and platform.machine() == "x86_64"


def label(path):
    return f"{path.parent.name}/{path.stem}" if path.suffix == ".ipynb" else path.stem


def nbval(path, *options, python=sys.executable):
    """Plain nbval on one notebook, as anyone would run it; returns the process."""
    return waiting.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
        + [*options, "-q", "--nbval-current-env"]
        + ["--rootdir", str(path.parent), "-c", "/dev/null", str(path)],
    )


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_stored_notebook_is_what_its_source_says(path):
    assert notebooks.drift(path) == []


@pytest.mark.parametrize("path", EXECUTED)
def test_a_stored_notebook_runs_from_clean_to_the_outputs_it_shows(path, without_keras):
    needs_keras = label(path).startswith(KERAS)
    python = sys.executable if needs_keras else without_keras
    done = nbval(path, "--nbval" if pinned() else "--nbval-lax", python=python)
    assert done.returncode == 0, done.stdout


@pytest.mark.long  # all notebooks once more; nbval above compares all but the pictures
@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_rebuilt_notebook_is_the_same_byte_for_byte(path, tmp_path):
    if not pinned():
        pytest.skip("outputs are compared byte for byte only under constraints.txt on Linux x86-64")
    target = path.parent.parent / f"{path.stem}.ipynb"
    notebook = notebooks.without_starters(notebooks.read_source(path))
    notebooks.write(notebooks.execute(notebook, target.parent), tmp_path / target.name)
    assert (tmp_path / target.name).read_bytes() == target.read_bytes()


@pytest.mark.parametrize("path", sheets("04"))
def test_plain_nbval_fails_every_check_of_an_untouched_exercise(path):
    done = nbval(path, "--nbval-lax")
    checks = re.findall(r'check\("(.+?)"\)', "\n".join(cell.source for cell in cells_of(path)))
    for name in checks:
        assert f'Stuck? hint("{name}")' in done.stdout
    assert checks
    assert re.search(rf"\b{len(checks)} failed", done.stdout), done.stdout[-500:]


@pytest.mark.parametrize("path", sheets("04", "11"))
def test_plain_nbval_passes_an_exercise_with_the_answers_of_its_solution(path, tmp_path):
    solution = path.parent.parent / "solutions" / path.name
    answers = {cell.id: cell.source for cell in cells_of(solution)}
    exercise = nbformat.read(path, as_version=4)
    for cell in exercise.cells:
        if "answer" in cell.metadata.get("tags", []):
            cell.source = answers[cell.id]
    nbformat.write(exercise, tmp_path / path.name)
    done = nbval(tmp_path / path.name, "--nbval-lax")
    assert done.returncode == 0, done.stdout


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("path", [*RUN, *EXERCISES], ids=label)
def test_a_notebook_shows_no_machine_clock_or_error(path):
    text = path.read_text(encoding="utf-8")
    assert '"stderr"' not in text, "a stored warning or log line"
    assert '"output_type": "error"' not in text
    assert "0x7f" not in text, "a memory address"
    assert "-0.0 " not in text
    assert str(notebooks.ROOT) not in text
    assert '"jupytext"' not in text


@pytest.mark.parametrize("path", RUN, ids=label)
def test_every_picture_has_an_alternative_text(path):
    for cell in cells_of(path):
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                words = output.metadata.get("image/png", {}).get("alt", "")
                assert len(words.split()) >= 8, cell.id


def links(path):
    """(file, anchor) of each link in a notebook's text to another file of the course."""
    text = "\n".join(cell.source for cell in cells_of(path) if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target:
            yield target.partition("#")[::2]


@pytest.mark.parametrize("path", [*RUN, *EXERCISES], ids=label)
def test_every_link_leads_to_a_file_and_a_heading(path):
    for file, anchor in links(path):
        target = (path.parent / file).resolve()
        assert target.is_file(), file
        headings = re.findall(r"^#+ (.+)$", "\n".join(c.source for c in cells_of(target)), re.M)
        assert not anchor or anchor in [heading.replace(" ", "-") for heading in headings], anchor


@pytest.mark.parametrize("path", EXERCISES, ids=label)
def test_a_sheet_leads_to_its_chapter_and_at_its_end_to_the_next(path):
    first, last = (cells_of(path)[at].source for at in (0, -1))
    assert f"(../notebooks/{path.name})" in first
    following = re.search(r"\(\.\./notebooks/(\d\d)_\w+\.ipynb\)", last)[1]
    assert int(following) == int(path.stem[:2]) + 1


def test_every_word_of_the_glossary_is_linked_from_a_chapter():
    glossary = notebooks.ROOT / "notebooks/16_glossary.ipynb"
    terms = re.findall(r"^#### (.+)$", "\n".join(c.source for c in cells_of(glossary)), re.M)
    linked = {anchor for path in RUN for file, anchor in links(path) if file == glossary.name}
    assert {term.replace(" ", "-") for term in terms} == linked - {""}


CHAPTERS = [path for path in SOURCES if path.parent.parent.name == "notebooks"]
PARTED = [p for p in CHAPTERS if "deeper" in [c.id for c in notebooks.read_source(p).cells]]


@pytest.mark.parametrize("path", PARTED, ids=label)
def test_a_chapter_has_a_core_of_a_quarter_of_an_hour_and_states_its_times_as_counted(path):
    cells = notebooks.read_source(path).cells
    core, deeper = (reading_time.size(part).minutes for part in reading_time.parts(cells))
    assert 14 <= core <= 21
    assert reading_time.stated(cells) == (5 * round(core / 5), 5 * round(deeper / 5))


def test_a_cell_without_a_name_is_refused(tmp_path):
    (tmp_path / "x.py").write_text("# %%\n1 + 1\n")
    with pytest.raises(ValueError, match="cell 0 has no name"):
        notebooks.read_source(tmp_path / "x.py")


def test_two_cells_of_one_name_are_refused(tmp_path):
    (tmp_path / "x.py").write_text('# %% name="a"\n1\n\n# %% name="a"\n2\n')
    with pytest.raises(ValueError, match="two cells are called 'a'"):
        notebooks.read_source(tmp_path / "x.py")


def test_a_tasks_heading_is_written_from_the_task(tmp_path):
    source = tmp_path / "x.py"
    source.write_text('# %% [markdown] name="a"\n# ## 04.physics\n#\n# Text.\n')
    expected = "## 3 · From mass and friction to Keras's arguments *(repair, 2 points)*\n\nText."
    assert notebooks.read_source(source).cells[0].source == expected
    source.write_text('# %% [markdown] name="a"\n# ## 04.phisics\n')
    with pytest.raises(KeyError, match="No task is called '04.phisics'; chapter 04 has 04.step"):
        notebooks.read_source(source)


def test_an_edited_notebook_is_drift(tmp_path):
    (tmp_path / "notebooks/source").mkdir(parents=True)
    source = tmp_path / "notebooks/source/01_x.py"
    source.write_text('# %% name="a"\nprint(1 + 1)\n')
    assert notebooks.drift(source) == ["01_x.ipynb is missing; run make build."]
    notebooks.build(source)
    assert notebooks.drift(source) == []
    target = tmp_path / "notebooks/01_x.ipynb"
    target.write_text(target.read_text().replace("1 + 1", "1 + 2"))
    assert "is not what 01_x.py says" in notebooks.drift(source)[0]
