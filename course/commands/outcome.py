"""What came of a marking, in the words that the terminal gets."""

from course.commands.terminal import say
from course.grading import journal
from course.grading.gradebook import problems
from course.grading.reports import given_back
from course.grading.reports.page import count

MOST = 20  # names of one kind on the terminal; the report has them all


def say_all(rows, aside, submissions, out):
    """Print how many were graded, and name what was not; returns whether all of it was."""
    done = len({row.learner for row in rows if not row.problem})
    if rows:
        say(f"Graded {count(done, 'learner')}: {out / 'grades.csv'}, {out / 'index.html'}")
    else:
        say(f"There is no notebook in {' or '.join(map(str, submissions))}; nothing was graded.")
    lost = problems(rows)
    again = problems([row for row in rows if not row.marked])
    if again:
        say(f"{len(again)} could not be marked: {again[0][1]}")
        say("Mark them by the same command --resume.")
    _say_named("Not marked", lost)
    _say_named("Left aside", aside.left)
    _say_named("Learners", aside.class_list)
    _say_given_back(out)
    _say_named("Look at this", [(journal.NAME, sentence) for sentence in aside.damage])
    return is_all(rows, aside)


def is_all(rows, aside):
    """Whether all that was handed in was marked."""
    return bool(rows) and not (problems(rows) or aside.left or aside.damage)


def _say_given_back(out):
    """Name the files for learning platforms, where there are some."""
    made = given_back.files(out)
    if made:
        say(f"For the learning platform: {', '.join(map(str, made))}")


def _say_named(title, lines):
    for name, why in lines[:MOST]:
        say(f"{title}: {name}: {why}")
    if len(lines) > MOST:
        say(f"{title}: {len(lines) - MOST} more, which index.html names.")
