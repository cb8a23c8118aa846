"""Which files come from a platform's download, and so whose they are.

A name is believed where a learner cannot have made it up: at the top of what was given, or where
all that was given is named so. One within another, as a learner may name a file, tells nothing.
"""

from typing import NamedTuple

from course.grading.intake import canvas, moodle
from course.grading.intake.origin import Origin
from course.grading.learners_by_path import Unclear, words_for
from course.grading.submissions import first_copy, is_no_learner, is_searched, stem_of


class _Named(NamedTuple):
    """A file with a platform's name on its way.

    top:    the folders above that name, which make one download.
    direct: whether these are only folders of weeks and sheets.
    file:   what the platform says the file is called.
    """

    found: object
    origin: Origin
    top: tuple
    direct: bool
    file: str


def origins(found):
    """The `Origin` of each of a list of `Found`; None of one that no platform's download names.

    Errors: Unclear where a name could be a platform's, or made up.
    """
    named = [_named(each) for each in found]
    _refuse_strangers(found, named)
    downloads = {}
    for each in named:
        if each and each.origin.platform == "canvas":
            downloads.setdefault((each.found.root, each.top), []).append(each)
    believed = {key for key, files in downloads.items() if _is_canvas(files)}
    return [
        each.origin
        if each and (each.origin.platform == "moodle" or (each.found.root, each.top) in believed)
        else None
        for each in named
    ]


def _named(found):
    *above, last = found.inside or ("",)
    for place, part in enumerate((*above, last)):
        is_file = place == len(above) and found.stem is not None
        told = moodle.origin(part) or (canvas.origin(part) if is_file else None)
        if told:
            top = found.inside[:place]
            # What was given is the top, and so are folders of weeks and sheets below it.
            direct = all(map(is_no_learner, top[_given(found) :]))
            return _Named(found, told[0], top, direct, told[1])
    return None


def _given(found):
    """How many names lead from the root to what was given."""
    given = found.given or found.root
    return len((given if is_searched(given) else given.parent).relative_to(found.root).parts)


def _refuse_strangers(found, named):
    """A name deeper down is a platform's if all that was given is named so; else it may be a trick.

    Where folders of learners lie beside it, a learner can have called a file as somebody else's.
    """
    deep = next((each for each in named if each and not each.direct), None)
    plain = next((each for each, told in zip(found, named) if told is None), None)
    if deep and plain:
        holder = "/".join(deep.top)
        raise Unclear(
            f"Is {words_for(deep.found)} from a download of {deep.origin.platform.capitalize()}, "
            f"or is it work of {holder!r} that is called so? Beside it lies {words_for(plain)}, "
            f"which is from none. Name {holder!r} itself after `course grade`, beside the others, "
            "if it is a download; else say whose it is by --learner-from folder."
        )


def _is_canvas(files):
    """Whether files can be one download of Canvas's: no number means two things.

    Errors: Unclear where all may be one learner's, or several ones' who number their files.
    """
    by_learner, numbers = {}, {}
    for each in files:
        by_learner.setdefault(each.origin.id, set()).add(each.origin.name)
        numbers.setdefault(each.origin.number, []).append(each)
    if any(len(names) > 1 for names in by_learner.values()):
        return False
    if any(len(same) > 1 for same in numbers.values()):
        return False
    bases = {}
    for each in files:
        bases.setdefault(first_copy(stem_of(canvas.first_name(each.file))).casefold(), each)
    if len(by_learner) == 1 and len(bases) > 1:
        one, other, *_ = bases.values()
        raise Unclear(
            f"Are {words_for(one.found)} and {words_for(other.found)} two files of one learner, "
            f"{one.origin.learner!r}, as Canvas would name them, or of two learners? Nothing "
            "tells. Say --learner-from '{learner}_#_#_*' for the one, --learner-from file for the "
            "other."
        )
    return True
