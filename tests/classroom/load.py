"""A full room: simulated learners who check every two seconds, and what that costs each of them.

    python -m tests.classroom.load --learners 300 --seconds 300

The learners are processes' threads that only speak HTTP; beside them one real notebook's process
checks sheet 04 with and without the class, in turns, and the server's memory is read.
"""

import argparse
import json
import os
import secrets
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from course.attendance.sending import post
from tests import waiting
from tests.classroom.conftest import Server, check

PERIOD = 2.0
CHECKS = """
import contextlib, io, json, os, sys, time
with contextlib.suppress(OSError):
    os.nice(-15)  # the crowd has machines of its own, and does not take this one's
from course import attendance
from course.checks import check
from course.attendance import membership

def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity

def once():
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        check("04.step")
    return time.perf_counter() - began

site, code, end = sys.argv[1], sys.argv[2], time.time() + float(sys.argv[3])
attendance.join(site, code)
member = membership.load()
times = {"with": [], "without": [], "telling": [], "working": []}
tell = attendance.tell_check

def timed(*told):
    began, worked = time.perf_counter(), time.thread_time()
    tell(*told)
    took, worked = time.perf_counter() - began, time.thread_time() - worked
    if membership.load():
        times["telling"].append(took)
        times["working"].append(worked)

attendance.tell_check = timed

def without():
    membership.forget()
    times["without"].append(once())
    membership.save(member)

def within():
    times["with"].append(once())

once()
times["telling"].clear()
times["working"].clear()
pair = [without, within]
while time.time() < end:
    for one in pair:
        one()
        time.sleep(0.95)
    pair.reverse()
attendance.flush(30)
print(json.dumps(times))
"""


def learner(server, deadline, answers):
    """One simulated learner, until the end: a check every two seconds, half of them wrong."""
    token, session = server.enter()[1]["token"], secrets.token_hex(8)
    number, began = 0, time.monotonic() + secrets.randbelow(2000) / 1000
    while time.monotonic() < deadline:
        time.sleep(max(0.0, began + PERIOD * number - time.monotonic()))
        number += 1
        body = {
            "token": token,
            "session": session,
            "events": [check(number, passed=number % 2 > 0)],
        }
        asked = time.monotonic()
        status, _ = post(f"{server.site}/news", body)
        answers.append((status, time.monotonic() - asked))


def measure(folder, learners, seconds):
    """Run it; returns what was measured as a dictionary."""
    server = Server(folder)
    answers, deadline = [], time.monotonic() + seconds
    crowd = [
        threading.Thread(target=learner, args=(server, deadline, answers), daemon=True)
        for _ in range(learners)
    ]
    for each in crowd:
        each.start()
        time.sleep(0.01)
    memory = [psutil.Process(server.process.pid).memory_info().rss]
    beside = threading.Thread(
        target=lambda: memory.append(waiting.run(beside_command(server, seconds), cwd=folder))
    )
    beside.start()
    sizes = []
    while time.monotonic() < deadline:
        time.sleep(max(0.5, seconds / 20))
        sizes.append(psutil.Process(server.process.pid).memory_info().rss / 1e6)
    for each in crowd:
        each.join(timeout=60)
    beside.join(timeout=90)
    times = json.loads(memory[-1].stdout.splitlines()[-1])
    kept = sum(line["what"] == "check" for line in server.lines())
    waiting.end(server.process)
    refused = [status for status, _ in answers if status != 200]
    return {
        "learners": learners,
        "seconds": seconds,
        "checks sent": len(answers),
        "not taken": len(refused),
        "in the file": kept,
        "server's answer, p95 ms": 1000 * p95([took for _, took in answers]),
        "a check without a class, median ms": 1000 * statistics.median(times["without"]),
        "a check without a class, p95 ms": 1000 * p95(times["without"]),
        "a check in a class, median ms": 1000 * statistics.median(times["with"]),
        "a check in a class, p95 ms": 1000 * p95(times["with"]),
        "telling alone, median ms": 1000 * statistics.median(times["telling"]),
        "telling alone, p95 ms": 1000 * p95(times["telling"]),
        "telling alone, the processor's p95 ms": 1000 * p95(times["working"]),
        "server's memory MB": [round(size, 1) for size in sizes],
        "load of the machine": os.getloadavg()[0],
    }


def beside_command(server, seconds):
    """A real notebook's process, which checks with and without the class in turns."""
    return [sys.executable, "-c", CHECKS, server.site, server.code, str(seconds)]


def p95(numbers):
    """The value that 95 of 100 do not exceed."""
    return sorted(numbers)[int(0.95 * (len(numbers) - 1))]


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=300.0)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measure(Path(folder), wanted.learners, wanted.seconds).items():
            print(f"{name:40} {value if not isinstance(value, float) else round(value, 2)}")


if __name__ == "__main__":
    main()
