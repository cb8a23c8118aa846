"""`course review`: asks what is due, one key an answer, and records what was given."""

import os
import pty
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from course import questions
from course.__main__ import app
from course.learner import guesses, workspace
from course.questions.kinds import Verdict
from tests import waiting

SLOPE = questions.find("04.slope")
RIGHT = next(str(i) for i, option in enumerate(SLOPE.options, 1) if option.right)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    workspace.save(tmp_path, "manifest", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def guess(copy, name, passed, days_ago):
    at = datetime.now(UTC) - timedelta(days=days_ago)
    guesses.add(copy, name, Verdict(passed, "x", ""), at)


def review(*arguments, typed=""):
    """Run the command with what is typed; returns (exit code, words printed)."""
    done = CliRunner().invoke(app, ["review", *map(str, arguments)], input=typed)
    return done.exit_code, " ".join(done.output.split())


def made(copy):
    return [(each.name, each.passed, each.given) for each in guesses.read(copy).made]


def test_what_was_missed_yesterday_is_asked_and_a_right_answer_is_recorded(copy):
    guess(copy, "04.slope", False, 1)
    code, words = review("--count", 1, typed=RIGHT + "\n")
    assert code == 0
    assert (
        "1 of 1 04.slope · Momentum as friction" in words
        and "which speed does the ball approach?" in words
    )
    assert "✓ 1.0 At ηg/(1 − β)" in words and words.endswith("1 of 1 right.")
    assert made(copy)[1:] == [("04.slope", True, "1.0")]


def test_a_wrong_answer_gets_its_sentence_and_then_the_right_one(copy):
    guess(copy, "04.slope", False, 1)
    _, words = review("--count", 1, typed="1\n")
    assert "✗ 0.1 That is one push" in words and "Right is 1.0: At" in words
    assert words.endswith("0 of 1 right. What you missed comes back tomorrow.")
    assert made(copy)[1:] == [("04.slope", False, "0.1")]


def test_what_makes_no_sense_is_said_and_asked_again(copy):
    guess(copy, "04.slope", False, 1)
    _, words = review("--count", 1, typed=f"9\nx\n\n{RIGHT}\n")
    assert words.count("Choose one of 4 options; got") == 3 and "1 of 1 right" in words
    assert len(made(copy)) == 2


@pytest.mark.parametrize("typed", ["q\n", ""])
def test_a_learner_can_stop_and_loses_nothing(copy, typed):
    guess(copy, "04.slope", False, 1)
    guess(copy, "04.coast", False, 2)
    code, words = review(typed="4.5\n" + typed)
    assert code == 0 and words.endswith("1 of 1 right.")
    assert made(copy)[2:] == [("04.coast", True, "4.5")]


def test_at_most_ten_are_asked_of_a_chapter_that_was_read(copy):
    guess(copy, "04.coast", True, 0)  # its last prediction
    _, words = review(typed="1\n" * 400)
    assert "1 of 10 04." in words and "10 of 10 04." in words
    assert "05." not in words.replace("0.05.", "")


def test_what_a_chapter_has_not_shown_yet_is_not_asked(copy):
    guess(copy, "04.slope", False, 1)
    _, words = review(typed="1\n" * 9)
    assert "1 of 2 04." in words and "04.memory" in words  # passed over on the way to 04.slope
    assert "04.edge" not in words and "04.raised" not in words


def test_a_chapters_last_questions_come_with_its_last_prediction(copy):
    for name in ("04.memory", "04.coast"):
        guess(copy, name, True, 0)
    _, words = review("--count", 99, typed="1\n" * 99)
    assert "04.raised" in words and "04.edge" in words


def test_without_a_guess_nothing_is_asked_unless_a_chapter_is_named(copy):
    assert "Nothing to review yet" in review()[1]
    assert "1 of 10 04.memory" in review("04")[1]
    assert "1 of 2 04.memory" in review("4", "--count", "2")[1]


def test_when_nothing_is_due_the_next_day_is_named(copy, monkeypatch):
    monkeypatch.setattr(questions, "everything", lambda chapters=None: [SLOPE])
    guess(copy, "04.slope", True, 0)
    _, words = review()
    assert words.startswith("Nothing is due today; the next question is on 20")


def test_damaged_lines_are_told(copy):
    guess(copy, "04.slope", False, 1)
    (copy / guesses.FILE).open("a").write("{")
    assert "1 damaged lines were passed over" in review(typed="q\n")[1]


@pytest.mark.parametrize("name", ["99", "x", "04_nothing/../99"])
def test_a_chapter_that_asks_nothing_is_refused(copy, name):
    code, words = review(name)
    assert code == 2 and "asks anything; choose from" in words


def test_exports_are_written_without_a_copy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, words = review("04", "--anki", "cards.txt", "--gift", "bank.gift")
    asked = questions.everything(["04"])
    assert code == 0 and words.count(f"{len(asked)} questions are in") == 2
    assert (tmp_path / "cards.txt").read_text("utf-8").startswith("#separator:tab\n")
    assert (tmp_path / "bank.gift").read_text("utf-8").count("::04.") == len(asked)
    code, words = review("--gift", tmp_path)
    assert code == 2 and "Cannot write" in words


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is opened the Unix way")
@pytest.mark.parametrize("keys", [RIGHT, f"\r{RIGHT}\r"], ids=["alone", "with Enter"])
def test_in_a_terminal_one_key_answers(copy, keys):
    guess(copy, "04.slope", False, 1)
    theirs, ours = pty.openpty()
    command = [sys.executable, "-m", "course", "review", "--count", "1"]
    process = subprocess.Popen(command, stdin=ours, stdout=subprocess.PIPE, text=True, cwd=copy)

    def pressed():
        """Press the key until it is taken: what is typed too early is dropped."""
        os.write(theirs, keys.encode())
        time.sleep(0.2)
        return process.poll() is not None

    try:
        waiting.until(pressed, "the end of the review", seconds=60)
        said = process.communicate(timeout=10)[0]
        assert "1 of 1 right." in said and "Choose" not in said
    finally:
        waiting.end(process)
        os.close(ours)
        os.close(theirs)
    assert [passed for _, passed, _ in made(copy)] == [False, True]
