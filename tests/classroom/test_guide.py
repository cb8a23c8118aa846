"""The guide's lessons: their minutes are the notebooks', their sentences the checks'."""

import re
from pathlib import Path

from course.classroom.schema import tasks
from course.publish import notebooks, reading_time

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/instructors.md").read_text("utf-8")


def minutes(chapter):
    """(core, deeper, sheet) of a chapter: what it states, or is counted, in whole minutes."""
    (source,) = (ROOT / "notebooks/source").glob(f"{chapter}_*.py")
    cells = notebooks.read_source(source).cells
    core, deeper = reading_time.stated(cells) or (round(reading_time.size(cells).minutes), 0)
    sheets = [path.read_text("utf-8") for path in (ROOT / "solutions/source").glob(f"{chapter}_*")]
    return core, deeper, sum(int(re.search(r"about (\d+) minutes", text)[1]) for text in sheets)


def test_the_four_weeks_take_the_minutes_that_chapters_and_sheets_state():
    weeks = re.findall(r"^\| \d: .* \| ([\d, ]+) \| (\d+) \| (\d+) \| (\d+) \|$", GUIDE, re.M)
    seen = []
    for chapters, *told in weeks:
        chapters = chapters.split(", ")
        seen += chapters
        assert tuple(map(int, told)) == tuple(map(sum, zip(*map(minutes, chapters))))
    assert seen == [f"{number:02}" for number in range(15)]


def test_each_sentence_that_the_guide_quotes_is_a_checks():
    quoted = re.findall(r"^\| “(.+)” \|", GUIDE, re.M)
    said = {mistake.because for task in tasks().values() for mistake in task.mistakes}
    assert len(quoted) >= 5 and {*quoted} <= said


def test_the_lessons_have_the_minutes_of_their_chapters():
    for chapter, core, sheet in (("04", (5, 35), (35, 65)), ("01", (0, 30), (30, 65))):
        for first, last in (core, sheet):
            assert f"| {first}–{last} |" in GUIDE
        least = minutes(chapter)
        assert core[1] - core[0] > least[0] and sheet[1] - sheet[0] == least[2]
