"""Reading submissions: whatever a file holds, answers come out of it, or one sentence."""

import json
import os
import time
from copy import deepcopy

import psutil
import pytest

from course.grading.answers import (
    Note,
    Unreadable,
    added,
    assemble,
    changed,
    read_answers,
    readable,
)
from course.grading.notebook_file import conflict_in
from tests.grading.sheet import GOAL, PHYSICS, PRISTINE, RIGHT, STEP, cell, submission, write


def answers(tmp_path, notebook):
    return read_answers(write(tmp_path / "anna.ipynb", notebook), PRISTINE)


def without(notebook, *names):
    kept = [each for each in notebook["cells"] if each["metadata"].get("name") not in names]
    return notebook | {"cells": kept}


# ---- what can be read -----------------------------------------------------------------


def test_answers_are_the_sources_of_the_answer_cells(tmp_path):
    assert answers(tmp_path, submission()) == (RIGHT, [])


def test_a_source_may_be_a_list_of_lines(tmp_path):
    notebook = submission()
    for each in notebook["cells"]:
        each["source"] = "".join(each["source"]).splitlines(keepends=True)
    assert answers(tmp_path, notebook) == (RIGHT, [])


def test_a_cell_without_a_name_is_known_by_its_id(tmp_path):
    notebook = submission()
    for each in notebook["cells"]:
        each["metadata"] = {}
    assert answers(tmp_path, notebook) == (RIGHT, [])


def test_a_notebook_of_format_3_is_read(tmp_path):
    cells = [
        {"cell_type": "code", "input": source, "metadata": {"name": name}, "language": "python"}
        for name, source in RIGHT.items()
    ]
    notebook = {"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}
    assert answers(tmp_path, notebook) == (RIGHT, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_json_are_read(tmp_path, encoding):
    path = tmp_path / "anna.ipynb"
    path.write_bytes(json.dumps(submission(), ensure_ascii=False).encode(encoding))
    assert read_answers(path, PRISTINE) == (RIGHT, [])


def test_copies_of_an_answer_cell_are_kept_in_order_and_noted(tmp_path):
    notebook = submission()
    at = notebook["cells"].index(cell(notebook, STEP))
    second = deepcopy(notebook["cells"][at]) | {"source": "more = 1", "id": "new"}
    notebook["cells"].insert(at + 1, second)
    sources, notes = answers(tmp_path, notebook)
    assert sources[STEP] == [RIGHT[STEP], "more = 1"]
    words = "The answer cell step-answer is there 2 times; all were run, and the last one counts."
    assert notes == [Note(words, STEP)]


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("missing", "The answer cell step-answer is missing."),
        (
            "markdown",
            "The answer cell step-answer is no longer a code cell, so it was not run.",
        ),
        ("empty", "The answer cell step-answer is empty."),
    ],
)
def test_a_lost_answer_costs_only_itself(tmp_path, what, note):
    notebook = submission()
    if what == "missing":
        notebook = without(notebook, STEP)
    elif what == "markdown":
        cell(notebook, STEP)["cell_type"] = "markdown"
    else:
        cell(notebook, STEP)["source"] = " \n"
    sources, notes = answers(tmp_path, notebook)
    assert notes == [Note(note, STEP)]
    assert {n: s for n, s in sources.items() if s.strip()} == {
        n: s for n, s in RIGHT.items() if n != STEP
    }


def test_a_renamed_answer_cell_is_missing_and_run_where_it_stands(tmp_path):
    notebook = submission()
    cell(notebook, STEP).update(id="mine", metadata={"name": "mine"})
    sources, notes = answers(tmp_path, notebook)
    assert notes == [Note("The answer cell step-answer is missing.", STEP)]
    assert sources[added("step-task")] == [RIGHT[STEP]] and STEP not in sources


def test_an_answer_of_three_million_characters_is_not_looked_into(tmp_path):
    """To parse this one would take gigabytes, in the grader's own process."""
    before = psutil.Process().memory_info().rss
    assert answers(tmp_path, submission({STEP: "a;" * 1_500_000 + "\n!ls"})).notes == []
    assert psutil.Process().memory_info().rss - before < 500_000_000


def test_ten_thousand_cells_of_a_learners_own_are_not_run(tmp_path):
    notebook = submission()
    notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": "1"}] * 10_000
    sources, notes = answers(tmp_path, notebook)
    assert sources == RIGHT
    assert notes == [Note("The learner added 10000 cells, of which none was run.")]


def test_what_was_added_to_a_cell_of_the_sheets_is_kept_and_the_rest_of_it_is_ours(tmp_path):
    notebook = submission()
    cell(notebook, "given")["source"] = (
        "%load_ext x\nimport math\nimport numpy as np\nprint(1)\ndef half(x):\n    return x / 2"
    )
    tools = "from course.checks import check, hint, join, show"
    cell(notebook, "tools")["source"] = f"{tools}\nimport json"
    sources, notes = answers(tmp_path, notebook)
    assert notes == []
    assert sources[changed("given")] == ["import math\ndef half(x):\n    return x / 2"]
    assert sources[changed("tools")] == ["import json"]


def test_bizarre_cells_are_passed_over(tmp_path):
    notebook = submission()
    strange = [None, 7, "cell", [], {}, {"cell_type": "code", "source": {"a": 1}}]
    strange += [{"metadata": "none", "source": 3, "cell_type": "code", "id": ["x"]}]
    notebook["cells"] = strange + notebook["cells"]
    assert answers(tmp_path, notebook) == (RIGHT, [])


def test_half_a_character_becomes_a_question_mark(tmp_path):
    assert answers(tmp_path, submission({STEP: "x = '\ud800'"})).sources[STEP] == "x = '?'"


# ---- what cannot ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "anna.ipynb is empty."),
        ("{", "anna.ipynb is not a notebook: its text is not valid JSON."),
        ("[" * 100_000, "anna.ipynb is not a notebook: its text is not valid JSON."),
        ("1" * 5000, "anna.ipynb is not a notebook: its text is not valid JSON."),
        ("[1, 2]", "anna.ipynb is not a notebook: it has no list of cells."),
        ('{"cells": 3}', "anna.ipynb is not a notebook: it has no list of cells."),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_in_one_sentence(tmp_path, text, reason):
    with pytest.raises(Unreadable) as refusal:
        answers(tmp_path, text)
    assert str(refusal.value) == reason


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, reason in [
        ("gone", "There is no file gone.ipynb."),
        ("folder", "folder.ipynb is a folder, not a notebook."),
        ("pipe", "pipe.ipynb is not an ordinary file."),
    ]:
        with pytest.raises(Unreadable, match=f"^{reason}$"):
            read_answers(tmp_path / f"{name}.ipynb", PRISTINE)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "anna.ipynb"
    with path.open("wb") as file:
        file.truncate(201_000_000)  # takes no space on the disk
    with pytest.raises(Unreadable, match=r"^anna.ipynb is larger than 200 MB, the most that is"):
        read_answers(path, PRISTINE)


def large(path, outputs):
    """A right submission, one of whose cells put out what `outputs` is, as JSON."""
    text = json.dumps(submission(metadata={}))
    start, _, rest = text.partition('"outputs": []')
    path.write_text(f'{start}"outputs": {outputs}{rest}', encoding="utf-8")
    return path


#: Made when they are needed, so that not all of them lie in memory.
OUTPUTS = {
    "a picture of 21 MB": lambda: [{"data": {"image/png": "iVBORw0K" * 2_700_000}}],
    "lines with brackets and quotes": lambda: [{"text": ['\n[{"' + "y" * 70] * 300_000}],
    "600,000 lists": lambda: [{"data": {"x": [[1]] * 600_000}}],
}


@pytest.mark.parametrize("outputs", OUTPUTS)
def test_a_file_that_is_large_by_its_outputs_is_read_without_them(tmp_path, outputs):
    path = large(tmp_path / "anna.ipynb", json.dumps(OUTPUTS[outputs]()))
    assert read_answers(path, PRISTINE) == (RIGHT, [])


HUGE = {
    "brackets": lambda: "[" * 25_000_000,
    "brackets in outputs": lambda: '{"cells": [{"outputs": ' + "[" * 25_000_000,
    "pairs in outputs": lambda: '{"cells": [{"outputs": [' + "[]," * 9_000_000,
    "outputs without end": lambda: '{"cells": [' + '"outputs": [],' * 2_000_000,
    "one text": lambda: '"' + "a" * 30_000_000 + '"',
    "a text that never ends": lambda: '"' + "\\n" * 15_000_000,
    "cells": lambda: '{"cells": [' + "{}," * 5_000_000 + "{}]}",
    "numbers for cells": lambda: '{"cells": [' + "1," * 9_000_000 + "1]}",
    "a source": lambda: json.dumps({"cells": [{"cell_type": "code", "source": "a" * 30_000_000}]}),
}


@pytest.mark.parametrize("huge", HUGE)
def test_a_file_that_only_costs_time_is_refused_within_seconds(tmp_path, huge):
    path, begin = write(tmp_path / "anna.ipynb", HUGE[huge]()), time.monotonic()
    with pytest.raises(Unreadable, match="^anna.ipynb (is larger than|is not a note|has more)"):
        read_answers(path, PRISTINE)
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_without_a_mark_are_read_too(tmp_path, encoding):
    path = tmp_path / "anna.ipynb"
    path.write_bytes(json.dumps(submission(), ensure_ascii=False).encode(encoding))
    assert read_answers(path, PRISTINE) == (RIGHT, [])


def test_a_byte_that_is_no_utf_8_costs_no_answer(tmp_path):
    path = tmp_path / "anna.ipynb"
    source = "# caf\u00e9\n" + RIGHT[STEP]
    path.write_bytes(
        json.dumps(submission({STEP: source}), ensure_ascii=False).encode("latin-1", "replace")
    )
    assert read_answers(path, PRISTINE).sources[STEP].startswith("# caf\ufffd\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_merge_conflict_is_named_with_its_line(tmp_path, end, encoding):
    text = json.dumps(submission(), indent=1)
    text = text.replace(' "cells": [', f"<<<<<<< HEAD{end}=======\n>>>>>>> theirs", 1)
    (tmp_path / "anna.ipynb").write_bytes(text.encode(encoding))
    with pytest.raises(Unreadable, match="^anna.ipynb holds a merge conflict: its line 2 is '<<<<"):
        read_answers(tmp_path / "anna.ipynb", PRISTINE)


def test_what_is_no_conflict_is_not_taken_for_one():
    assert conflict_in("a = 1\n# ======= \n  <<<<<<< HEAD\n========\n>>>>>>>>") is None
    assert conflict_in("a = 1\n=======\nb = 2") == (2, "=======")
    assert conflict_in("\n\n>>>>>>> a branch") == (3, ">>>>>>> a branch")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("PK\x03\x04", "it is a zip archive. Unpack it first."),
        ("%PDF-1.7", "it is a PDF. Hand in the notebook itself."),
        ("\n<!DOCTYPE html>", "it is a web page. Download the notebook itself."),
    ],
)
def test_what_another_program_wrote_under_our_ending_is_called_by_its_kind(tmp_path, start, kind):
    with pytest.raises(Unreadable, match=f"^anna.ipynb is not a notebook: {kind}$"):
        answers(tmp_path, start)


# ---- putting them into the sheet ------------------------------------------------------


def test_only_answers_enter_the_sheet(tmp_path):
    notebook = submission(metadata={"kernelspec": {"name": "mine"}})
    for each in notebook["cells"]:
        if each["metadata"]["name"] not in RIGHT:
            each.update(source="raise SystemExit", outputs=[], cell_type="raw")
        each["metadata"]["tags"] = ["nbval-skip", "raises-exception"]
    before = deepcopy(PRISTINE)
    sheet = assemble(PRISTINE, answers(tmp_path, notebook))
    assert before == PRISTINE
    assert sheet == submission()


def test_a_missing_answer_leaves_its_cell_empty(tmp_path):
    sheet = assemble(PRISTINE, answers(tmp_path, without(submission(), PHYSICS)))
    assert cell(sheet, PHYSICS)["source"] == ""
    assert cell(sheet, GOAL)["source"] == RIGHT[GOAL]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0c", "\u2028"])
def test_comments_that_steer_nbval_mean_nothing_in_an_answer(tmp_path, end):
    from nbval.plugin import find_comment_markers

    source = end.join(
        ["a = 1", "  ## NBVAL_SKIP ", "#PYTEST_VALIDATE_IGNORE_OUTPUT", "b = 'NBVAL_'"]
    )
    assert list(find_comment_markers(source))
    put = cell(assemble(PRISTINE, answers(tmp_path, submission({STEP: source}))), STEP)["source"]
    assert not list(find_comment_markers(put))
    assert put.endswith("b = 'NBVAL_'")


def test_readable_text_has_no_terminal_codes_and_only_what_prints():
    foreign = "\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07 \u202eabc\r\x00 é ✗\nnext\tline"
    assert readable(foreign) == "red bell   abc   é ✗\nnext    line"
