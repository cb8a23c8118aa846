"""Tasks whose answer is a function with lines to put in order."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from course.checks import answer_text
from course.checks.calling import agree
from course.checks.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Order(Rule):
    """Lines to put in order: what must come before what is told by rule, of whatever order.

    right:    the names of the lines in an order that is right.
    arranged: a list of such names -> the function whose lines stand in that order.
    needs:    triples (name, name, sentence): the first must come before the second, and why.

    The orders that are tried are all, or with more than MOST lines those in which one is moved;
    each also with a line left out. Only what is true of all that give the same is said.
    """

    right: tuple
    arranged: Callable
    needs: tuple

    def order_of(self, answers, source):
        """Why one line must come before another, where the answer has them otherwise."""
        cases = self.cases()
        start = [m for m in self.mistakes if m.untouched and self._gives(m.answer, answers, cases)]
        broke_off = any(isinstance(each, str) for each in answers)
        if broke_off or (start and answer_text.is_untouched(self, source)):
            return ""
        pairs = [(case.arguments, yours) for case, yours in zip(cases, answers)]
        same = [names for names in self._orders() if _runs_as(self.arranged(names), pairs)]
        told = dict.fromkeys(sentence for _, _, sentence in self.needs)
        return next((each for each in told if same and self._is_true(each, same)), "")

    def _is_true(self, sentence, orders):
        """Whether each of some orders lacks something for which a sentence is the reason."""
        pairs = [need[:2] for need in self.needs if need[2] == sentence]
        return all(any(not _comes_before(*pair, names) for pair in pairs) for names in orders)

    def _orders(self):
        if len(self.right) <= MOST:
            yield from permutations(self.right)
            yield from permutations(self.right, len(self.right) - 1)
            return
        for names in _moved(self.right):
            yield names
            yield from (names[:i] + names[i + 1 :] for i in range(len(names)))


MOST = 6  # lines of which all orders are tried


def _moved(names):
    """All orders in which one line is moved to another place."""
    for name in names:
        rest = [each for each in names if each != name]
        for i in range(len(names)):
            yield (*rest[:i], name, *rest[i:])


def _runs_as(function, pairs):
    """Whether a function gives these results for these arguments; it is our own, so trusted."""
    with np.errstate(all="ignore"):
        for arguments, yours in pairs:
            given = function(*arguments)
            given = given if isinstance(given, tuple) else (given,)
            if not agree(yours, [np.asarray(each, dtype=float) for each in given]):
                return False
    return True


def _comes_before(first, later, names):
    return first in names and later in names and names.index(first) < names.index(later)


@dataclass(frozen=True, kw_only=True)
class Stages(Rule):
    """Functions that a loop calls, to put in order; the order is read in the learner's text.

    right:    the functions' names, in an order that is right.
    arranged: a list of such names -> the function whose loop calls them so.
    needs:    triples as of an `Order`: the first must come before the second, and why.

    Only where the order that was read gives what the learner's own function gave is it spoken of.
    """

    right: tuple
    arranged: Callable
    needs: tuple

    def by_rule(self, answers, source=None):
        """What the order of the calls lacks; of any other fault what is true of every `Rule`."""
        read = answer_text.in_loop(source, self.asks, self.right) if source else None
        names, named = read or ([], ())
        if not names or any(isinstance(each, str) for each in answers):
            return super().by_rule(answers, source)
        said = [f"{name} is not called in the loop." for name in self.right if name not in named]
        pairs = [(case.arguments, yours) for case, yours in zip(self.cases(), answers)]
        if _runs_as(self.arranged(names), pairs):
            said += [f"{name} is called twice." for name in self.right if names.count(name) > 1]
            said += self._of_order(names)
        return " ".join(said) or super().by_rule(answers, source)

    def _of_order(self, names):
        wrong = [because for *pair, because in self.needs if not _is_before(*pair, names)]
        more = len(wrong) - 1
        also = [f"{more} more pair{' is' if more == 1 else 's are'} in the wrong order."] * (
            more > 0
        )
        return wrong[:1] + also


def _is_before(first, later, names):
    """Whether one comes before another, or is not there."""
    return not {first, later} <= {*names} or _comes_before(first, later, names)
