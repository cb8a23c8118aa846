"""The README tells the truth: its example prints what it says, its tables count right."""

import re
import sys

from course import paths
from course.checks import chapter_tasks
from course.publish.notebooks import ROOT
from tests import waiting

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_readme_says_twice_the_same():
    example = r"```python\n(.*?)```\n\n```text\n(.*?)```"
    code, printed = re.search(example, README, flags=re.S).groups()
    done = waiting.run([sys.executable, "-c", code])
    ours, theirs = done.stdout.split()
    assert ours == theirs, "the twins differ"
    assert [f"{float(line):.2f}" for line in printed.split()] == [f"{float(ours):.2f}"] * 2


def test_the_map_of_chapters_names_those_that_are_there():
    there = {*re.findall(r"^\| (\d\d) \|", README, flags=re.M)}
    assert there == {path.stem[:2] for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_the_install_instructions_name_every_extra():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = re.search(r"optional-dependencies\]\n(.*?)\n\n", project, flags=re.S).group(1)
    for extra in re.findall(r"^(\w+) =", extras, flags=re.M):
        assert f".[{extra}]" in README


def test_the_table_counts_each_sheet_s_tasks():
    counted = re.findall(r"^\| (\d\d) \|.* (\d+) tasks \|$", README, re.M)
    assert counted == [(sheet[:2], str(len(chapter_tasks(sheet[:2])))) for sheet in paths.sheets()]
