"""What this machine has room for: processors, and memory for the answers that run at once."""

import os
from pathlib import Path

import psutil

MB = 1_000_000
_CGROUP = Path("/sys/fs/cgroup")
_FILES = (  # versions 2 and 1: the limit, what is taken, and what of that can be given back
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)


def processors():
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def free_memory():
    """MB that are free here: of the machine, or of the container or group where that has fewer."""
    free = psutil.virtual_memory().available
    for names in _FILES:
        try:
            limit, taken, figures = ((_CGROUP / name).read_text() for name in names)
            cached = dict(line.split() for line in figures.splitlines()).get("inactive_file", 0)
            free = min(free, int(limit) - int(taken) + int(cached))
        except (OSError, ValueError):  # no such group, or "max": no limit
            continue
    return max(free, 0) // MB


def jobs_that_fit(jobs, memory, free=None):
    """How many submissions can be marked at once, each with so much memory; and a sentence or "".

    jobs:   how many are wanted; None for one per processor, or as many as there is room for.
    memory: MB that each may take.
    free:   MB that are free, by default those of this machine.
    Errors: ValueError where more are wanted than fit, or not even one fits.
    """
    free = free_memory() if free is None else free
    wanted, fits = jobs or processors(), free // memory
    if wanted <= fits:
        return wanted, ""
    jobs_of = f"{wanted} job{'s'[: wanted != 1]} of {memory} MB"
    room = f"{jobs_of} need {wanted * memory} MB, and {free} MB are free here"
    if jobs is None and fits:
        return fits, f"{room}: marking with --jobs {fits}."
    less = f"--memory {free // wanted}" if free >= wanted else "a machine with more memory"
    raise ValueError(f"{room}. Say {f'--jobs {fits} or ' if fits else ''}{less}.")
