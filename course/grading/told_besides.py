"""What a journal keeps besides verdicts: when files were handed in, what counts, the class list.

None of it changes a verdict, so it can be told anew with every `--resume`; the last word counts.
"""

from typing import NamedTuple

from course.grading import counted, gradebook
from course.grading.intake.roster import Person, Roster
from course.grading.intake.who_is_who import join


class Besides(NamedTuple):
    """What is wanted; None leaves it as the journal has it.

    keep:   of several files of one learner for one sheet "last", "best" or "all"; "last" is usual.
    due:    until when, as "2026-12-01T18:00"; "" takes it away.
    roster: an `intake.roster.Roster`.
    """

    keep: str | None = None
    due: str | None = None
    roster: Roster | None = None


NOTHING = Besides()
EMPTY = Roster([], [])
MISSING = "Handed in nothing."
MAYBE = "Nothing tells whether something is by this one: others are called so, too."


def news(papers, known, besides):
    """The lines that a journal needs, of which `known` are the lines so far."""
    made = counted.news(known, besides.keep, besides.due) if known else []
    if besides.roster is not None and besides.roster != roster(known):
        people = [person._asdict() for person in besides.roster.people]
        made.append({"what": "class list", "people": people, "heads": besides.roster.heads})
    return made + list(_handed_in(papers, known))


def add_times(papers, known):
    """Add to papers what the class list `known` tells of when Moodle's participants handed in."""
    people = {person.platform_id: person for person in known.people if person.platform == "moodle"}
    for paper in papers:
        origin = paper.submission.origin
        person = people.get(origin.id) if origin.platform == "moodle" else None
        if person:
            origin = origin._replace(at=person.at, late=person.late)
            paper.submission = paper.submission._replace(origin=origin)


def untimed(papers, due):
    """A sentence on files of which nothing tells when they were handed in; "" for none."""
    origins = [paper.submission.origin for paper in papers]
    if not due or not any(each.platform == "moodle" and not each.at for each in origins):
        return ""
    return (
        "Moodle's download does not tell when a file was handed in. To have late ones marked, give "
        "the assignment's grading worksheet as --roster."
    )


def _handed_in(papers, known):
    """Lines on those already marked of which something else is known now; the others' have it."""
    before, done = gradebook.origins(known), gradebook.keys(known)
    for paper in (each for each in papers if each.key in done):
        learner, _, file, _, origin = paper.submission
        if before.get((learner, file), origin) != origin:
            told = origin._asdict()
            yield {"what": "handed in", "learner": learner, "file": file, "origin": told}


def roster(lines):
    """The class list by the lines of a journal: the last one."""
    said = [line for line in lines if line["what"] == "class list"]
    if not said:
        return EMPTY
    people = [Person(**{f: each[f] for f in Person._fields}) for each in said[-1]["people"]]
    return Roster(people, said[-1]["heads"])


def joined(known, rows):
    """The class list `known` joined to the learners of `gradebook.Row`s."""
    learners = {}
    for row in rows:
        origins, sheets = learners.setdefault(row.learner, ({}, set()))
        origins[row.origin._replace(at="", number=0, attempt=0, late=False)] = True
        sheets.add(row.sheet)
    return join(known.people, {who: (list(o), s) for who, (o, s) in learners.items()})


def in_words(joined):
    """Pairs of a name and a sentence: who is missing, or not on the list, and doubled names."""
    missing = [(person.name or person.id or person.email, MISSING) for person in joined.missing]
    missing += [(person.name, MAYBE) for person in joined.maybe]
    doubled = [("The class list", sentence) for sentence in joined.doubled]
    return [*doubled, *missing, *joined.unclear]
