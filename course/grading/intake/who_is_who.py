"""Which learner is who on the class list: by number, or by a name that only one of them has."""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple


class Joined(NamedTuple):
    """Which learner is who.

    people:  learner -> `Person`.
    missing: those of the list who handed in nothing.
    maybe:   those of whom nothing tells whether they did, as others are called so, too.
    unclear: pairs of a learner and why it is nobody on the list.
    doubled: sentences on names that several have.
    """

    people: dict
    missing: list
    maybe: list
    unclear: list
    doubled: list


NOBODY = Joined({}, [], [], [], [])


def join(people, learners):
    """Join the people of a class list to learners; returns `Joined`.

    people:   of a `roster.Roster`.
    learners: learner -> (its `Origin`s, the sheets of which it has handed in something).
    """
    if not people:
        return NOBODY
    keys = _by_key(people)
    found, unclear, maybe, sure = {}, [], set(), set()
    for learner, (origins, _) in learners.items():
        theirs = [each for each in _candidates(learner, origins, keys) if each]
        if theirs and len(theirs[0]) == 1:
            found[learner] = theirs[0][0]
            if theirs[0] in _by_number(origins, keys):
                sure.add(learner)
        else:
            many = "Several on the class list are called so; nothing tells which of them it is."
            unclear.append((learner, many if theirs else "Not on the class list."))
            maybe.update(*theirs[:1])
    shared = _shared(found, learners, sure)
    for learner, words in shared.items():
        maybe.add(found.pop(learner))
        unclear.append((learner, words))
    handed_in = {*found.values()}
    doubled = Counter(_letters(person.name) for person in people if person.name)
    named = {_letters(person.name): person.name for person in people}
    return Joined(
        found,
        [person for person in people if person not in handed_in | maybe],
        [person for person in people if person in maybe - handed_in],
        sorted(unclear),
        [
            f"{number} people on it are called {named[name]!r}."
            for name, number in doubled.items()
            if number > 1
        ],
    )


def _by_key(people):
    keys = {}
    for person in people:
        first_last = [f"{person.first} {person.last}", f"{person.last} {person.first}"]
        names = {person.name, *(each for each in first_last if person.first and person.last)}
        if "," in person.name:  # Brown, Anna
            last, _, first = person.name.partition(",")
            names.add(f"{first} {last}")
        told = {(person.platform, person.platform_id)} | {
            ("name", _letters(name)) for name in names
        }
        for text in (person.id, person.login, person.email, person.email.partition("@")[0]):
            told.add(("known", text.casefold()))
        for key in told:
            if key[1]:
                keys.setdefault(key, []).append(person)
    return keys


def _candidates(learner, origins, keys):
    """Lists of those who it may be: by what is surest first."""
    for origin in origins:
        if origin.platform:
            yield keys.get((origin.platform, origin.id))
            yield keys.get(("name", _letters(origin.name)))
    if not any(origin.platform for origin in origins):
        yield keys.get(("known", learner.casefold()))
        yield keys.get(("name", _letters(learner)))


def _letters(name):
    """A name as it compares: without case, marks and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _by_number(origins, keys):
    """Lists of those who have a platform's number, which no learner gives to themselves."""
    return [keys.get((each.platform, each.id)) for each in origins if each.platform]


def _shared(found, learners, sure):
    """Those who would be one person twice for one sheet -> why they are nobody.

    sure: learners who are known by number: one of them stays who they are, whoever is called so.
    """
    by_person, shared = {}, {}
    for learner, person in found.items():
        for sheet in learners[learner][1]:
            by_person.setdefault((person, sheet), []).append(learner)
    for (person, _), same in by_person.items():
        known = [learner for learner in same if learner in sure]
        for learner in same if len(same) > 1 else ():
            if known == [learner]:
                continue
            if len(known) == 1:
                words = f"{known[0]!r} is {person.name!r} of the class list, by number."
                shared[learner] = words
                continue
            others = " and ".join(repr(each) for each in sorted(same) if each != learner)
            words = f"{others} may be {person.name!r} of the class list, too, so neither is."
            shared[learner] = words
    return shared
