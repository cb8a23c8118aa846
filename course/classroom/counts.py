"""Where a class stands, counted line by line; no more is kept than each learner's latest.

A learner is *at* a task that was checked last and does not hold, or, where that one holds, at the
next one of its sheet; *stuck* after STUCK seconds at a task that was checked and does not hold.
Whoever was not heard of for AWAY seconds is neither.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from course import paths
from course.classroom import schema
from course.questions import votes

STUCK = 5 * 60.0
AWAY = 30 * 60.0
FREQUENT = 4  # mistakes that are shown of a task


@dataclass
class Try:
    """A learner's latest at one task; since: when it was first checked and did not hold.

    ever: the positions of all known mistakes that were made on the way.
    """

    passed: bool
    since: float
    mistake: int | None = None
    checks: int = 0
    ever: set = field(default_factory=set)


@dataclass
class Learner:
    """One learner: the name, if one was given, and the latest of all that was told.

    guesses: prediction -> the latest option [before the reveal, after it].
    """

    name: str = ""
    tries: dict = field(default_factory=dict)
    guesses: dict = field(default_factory=dict)
    at: str = ""
    seen: float = 0.0


class Counts:
    """A class's learners, by number, and what is shown of them."""

    def __init__(self):
        self.learners = {}
        self.sheet, self.prediction = "", ""

    def add(self, record):
        """Count one line of the file, of which the schema holds."""
        what, number = record["what"], record["learner"]
        if what == "join":
            self.learners[number] = Learner(record["name"])
            return
        learner = self.learners[number]
        learner.seen = max(learner.seen, record["at"])
        (self._check if what == "check" else self._guess)(learner, record)

    def _check(self, learner, record):
        name, passed, at = record["name"], record["passed"], record["at"]
        before = learner.tries.get(name)
        since = at if before is None or before.passed else before.since
        ever = before.ever if before else set()
        mistake = None if passed else record["mistake"]
        ever |= {mistake} - {None}
        checks = (before.checks if before else 0) + 1
        learner.tries[name] = Try(passed, since, mistake, checks, ever)
        learner.at = self._next_of(learner, name) if passed else name
        self.sheet = name[:2]

    def _next_of(self, learner, name):
        """The first task of the same sheet, from `name` on, that does not hold; "" for none."""
        names = [each for each in schema.tasks() if each[:2] == name[:2]]
        place = names.index(name)
        for each in names[place:] + names[:place]:
            if each not in learner.tries or not learner.tries[each].passed:
                return each
        return ""

    def _guess(self, learner, record):
        before, after = learner.guesses.get(record["name"], (None, None))
        if record["revealed"]:
            after = record["choice"]
        else:
            before = record["choice"]
        learner.guesses[record["name"]] = (before, after)
        self.prediction = record["name"]

    # ---- what is shown -----------------------------------------------------------------

    def shown(self, now):
        """What the projector's page shows, as JSON's own types; nothing of one learner is in it."""
        here = [each for each in self.learners.values() if now - each.seen < AWAY]
        return {
            "joined": len(self.learners),
            "stuck": sum(self._is_stuck(each, now) for each in here),
            "sheet": self.sheet,
            "prediction": self.prediction,
            "sheets": [self._sheet(name, here, now) for name in self._sheets()],
            "predictions": [self._votes(name) for name in self._predictions()],
        }

    def list(self, now):
        """What only the teacher's page shows: a row a learner, the longest stuck first.

        Names are what learners typed: those of one name have their numbers beside it.
        """
        names = {n: each.name or f"learner {n}" for n, each in self.learners.items()}
        count = Counter(map(_letters, names.values()))
        for number, name in names.items():
            names[number] = f"{name} ({number})" if count[_letters(name)] > 1 else name
        rows = [self._row(names[n], each, now) for n, each in self.learners.items()]
        return sorted(rows, key=lambda row: (-row["stuck"], row["away"], row["learner"].lower()))

    def _row(self, name, learner, now):
        tried = learner.tries.get(learner.at)
        stuck = now - tried.since if self._is_stuck(learner, now) else 0.0
        told = tried and tried.mistake is not None
        return {
            "learner": name,
            "at": learner.at,
            "stuck": int(stuck // 60),
            "away": bool(learner.seen) and now - learner.seen >= AWAY,
            "checks": tried.checks if tried else 0,
            "mistake": schema.tasks()[learner.at].mistakes[tried.mistake].because if told else "",
            "passed": sum(each.passed for each in learner.tries.values()),
        }

    def _is_stuck(self, learner, now):
        tried = learner.tries.get(learner.at)
        return bool(tried) and now - tried.since >= STUCK and now - learner.seen < AWAY

    def _sheets(self):
        tried = {name[:2] for each in self.learners.values() for name in each.tries}
        return [sheet for sheet in paths.sheets() if sheet[:2] in tried]

    def _sheet(self, sheet, here, now):
        tasks = [task for task in schema.tasks().values() if task.chapter == sheet[:2]]
        return {
            "number": sheet[:2],
            "title": paths.words(sheet),
            "tasks": [self._task(task, here, now) for task in tasks],
        }

    def _task(self, task, here, now):
        tries = [t for each in self.learners.values() if (t := each.tries.get(task.name))]
        at = [each for each in here if each.at == task.name]
        present = [t for each in here if (t := each.tries.get(task.name))]
        latest = Counter(t.mistake for t in present if t.mistake is not None)
        ever = Counter(mistake for t in tries for mistake in t.ever)
        order = sorted(ever, key=lambda m: (-latest[m], -ever[m], m))[:FREQUENT]
        return {
            "name": task.name,
            "title": task.title,
            "passed": sum(t.passed for t in tries),
            "at": len(at),
            "stuck": sum(self._is_stuck(each, now) for each in at),
            "mistakes": [
                {"now": latest[m], "ever": ever[m], "text": task.mistakes[m].because} for m in order
            ],
        }

    def _predictions(self):
        voted = {name for each in self.learners.values() for name in each.guesses}
        return [name for name in schema.predictions() if name in voted]

    def _votes(self, name):
        question = schema.predictions()[name]
        given = [pair for each in self.learners.values() if (pair := each.guesses.get(name))]
        labels = votes.labels(question)
        before, after = (Counter(pair[i] for pair in given) for i in (0, 1))
        return {
            "name": name,
            "text": question.text,
            "right": votes.right(question),
            "voted": len(given),
            "options": [
                {"label": label, "before": before[i], "after": after[i]}
                for i, label in enumerate(labels)
            ],
        }


def _letters(name):
    """A name as it compares: what looks alike in another case or width is the same."""
    return unicodedata.normalize("NFKC", name).casefold()
