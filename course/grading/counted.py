"""Which of several files counts, and what was late: told in the notes; nothing is taken away."""

from datetime import datetime

KEEP = ("last", "best", "all")  # of several files of one learner for one sheet
OLD = ("all", "")  # of a journal in which neither is recorded


def settings(lines):
    """What is kept, and until when it was due, by the lines of a journal: the last word counts."""
    said = [(each["keep"], each["due"]) for each in lines if "keep" in each and "due" in each]
    return said[-1] if said else OLD


def terms(keep, due):
    """What the first line of a new journal has of it; None stands for what is usual."""
    return {"keep": keep or KEEP[0], "due": moment(due) if due else ""}


def news(lines, keep, due):
    """The lines that a journal needs where something else is wanted now; None changes nothing.

    due: "" takes the time away.
    """
    before = settings(lines)
    now = keep or before[0], before[1] if due is None else due and moment(due)
    return [] if now == before else [{"what": "counts", "keep": now[0], "due": now[1]}]


def refuse(keep, due):
    """Refuse what is neither a way to keep nor a time; None will do; errors: ValueError."""
    if keep is not None and keep not in KEEP:
        raise ValueError(f"keep must be one of {', '.join(KEEP)}; got {keep!r}.")
    if due:
        moment(due)


def moment(text):
    """A time as a journal has it, of this place; errors: ValueError for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"due must be a time such as 2026-12-01T18:00; got {text!r}.") from None
    if found.tzinfo:
        found = found.astimezone().replace(tzinfo=None)
    return found.isoformat(timespec="seconds")


def chosen(rows, keep, due):
    """The `gradebook.Row`s with what counts, and notes on that and on what was late.

    keep: one of KEEP; due: a time as `moment` gives it, or "".
    """
    files = {}
    for row in rows:
        files.setdefault((row.learner, row.sheet), {}).setdefault(row.file, []).append(row)
    kept = {who: _kept(theirs, keep, bool(who[1])) for who, theirs in files.items()}
    return [_row(row, *kept[row.learner, row.sheet], due) for row in rows]


def _row(row, kept, words, due):
    late, counts = _late(row.origin, due), kept in (None, row.file)
    unknown = "" if row.problem else _unknown(row.origin, due)
    notes = [*row.notes, words[not counts], late or unknown]
    return row._replace(notes=tuple(filter(None, dict.fromkeys(notes))), late=late, counts=counts)


def _late(origin, due):
    if origin.late:
        return f"Late: {origin.platform.capitalize()} says so."
    if due and origin.at > due:
        return f"Late: saved {origin.at.replace('T', ' ')}, due {due.replace('T', ' ')}."
    return ""


def _unknown(origin, due):
    known = origin.at or origin.platform or not due
    return "" if known else "Nothing tells when it was saved, so not whether it was late."


# ---- which one ------------------------------------------------------------------------


def _kept(files, keep, known):
    """The file that counts, None for all; and what is said of that one, and of the others.

    files: file -> its rows; known: whether it is known of which sheet they are.
    """
    if len(files) == 1:
        return None, ("", "")
    number = f"{len(files)} files of this learner for this sheet"
    if keep == "all" or not known:
        return None, (f"One of {number}.", "")
    # What could not be read at all counts only where nothing else is there.
    read = {file: rows for file, rows in files.items() if not (rows[0].problem and rows[0].marked)}
    read = read or files
    order = {file: (rows[0].origin.order, file) for file, rows in read.items()}
    if keep == "last":
        kept = max(read, key=order.get)
        how = f"the last{_by_what(order, kept)}"
    else:
        points = {file: sum(row.points for row in rows) for file, rows in read.items()}
        kept = max(read, key=lambda file: (points[file], order[file]))
        how = "the best"
    return kept, (f"Of {number} this one counts, {how}.", f"Of {number} another counts, {how}.")


def _by_what(order, last):
    """By what the last one is known to be the last."""
    others = [each for file, each in order.items() if file != last]
    if not others:
        return " that could be read"
    (attempt, number, at), _ = order[last]
    before, _ = max(others)
    if attempt > before[0]:
        return f" by its attempt, number {attempt}"
    if number > before[1]:
        return " by the platform's number of the file"
    return (
        " by when they were saved" if at > before[2] else " by their names, as nothing else tells"
    )
