"""`course.SGD` on two devices and on two workers: all equal, and as one with the joined batch."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from tests.effort import only, selected
from tests.two_devices import CASES

#: Where Keras's SGD crashes: it merges replicas inside a condition.
CRASHES = {"overwrite", "accumulation", "together"}
#: Where Keras differs from the joined batch: it clips each replica's gradient before the sum.
CLIPS_BEFORE = {"clipnorm", "global_clipnorm", "clipvalue"}
CLOSE = {"rtol": 0, "atol": 8 * 2**-23}
LOOPS, FITS = ([f"{how} {case}" for case in CASES] for how in ("loop", "fit"))
#: Every case in a loop; in `fit`, which costs ten times as much, three of them in `make test`.
RUNS = only(LOOPS + FITS, *LOOPS, "fit nesterov and decay", "fit average", "fit together")


def runs_of(cases):
    """Those of RUNS that are of these cases."""
    return [run for run in RUNS if getattr(run, "values", [run])[0].partition(" ")[2] in cases]


def start(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.two_devices", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=os.path.dirname(os.path.dirname(__file__)),
        env=os.environ | environment,
    )


@pytest.fixture(scope="module")
def mirrored(request):
    """What MirroredStrategy on two logical CPU devices gives, run by run."""
    runs = {*LOOPS, *selected(request, "run")}  # the loops are what two workers are held against
    return json.loads(start(*sorted(runs)).communicate(timeout=300)[0])


@pytest.fixture(scope="module")
def workers():
    """What two workers of MultiWorkerMirroredStrategy on loopback give, one result for each."""
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, two)]
    cluster = {"cluster": {"worker": addresses}}
    configs = [cluster | {"task": {"type": "worker", "index": i}} for i in range(2)]
    both = [start(str(i), TF_CONFIG=json.dumps(config)) for i, config in enumerate(configs)]
    try:
        return [json.loads(each.communicate(timeout=300)[0]) for each in both]
    finally:
        for each in both:
            each.kill()


@pytest.mark.parametrize("run", RUNS)
def test_two_devices_hold_equal_weights_those_of_one_with_the_joined_batch(mirrored, run):
    found = mirrored[run]
    first, second = found["two"]
    assert first == second
    np.testing.assert_allclose(first, found["one"][0], **CLOSE)


@pytest.mark.parametrize("run", runs_of({*CASES} - CRASHES - CLIPS_BEFORE))
def test_two_devices_are_keras_where_keras_runs(mirrored, run):
    found = mirrored[run]
    np.testing.assert_allclose(found["two"], found["keras"], **CLOSE)


@pytest.mark.parametrize("run", runs_of(CRASHES))
def test_keras_itself_crashes_there_with_accumulation_or_overwriting(mirrored, run):
    assert "RuntimeError" in mirrored[run]["keras"]


@pytest.mark.parametrize("case", sorted(CLIPS_BEFORE))
def test_keras_itself_clips_before_the_sum_and_so_takes_another_step(mirrored, case):
    found = mirrored[f"loop {case}"]
    assert np.abs(np.subtract(found["keras"][0], found["one"][0])).max() > 0.01


@pytest.mark.parametrize("case", CASES)
def test_two_workers_hold_the_weights_of_two_devices(mirrored, workers, case):
    for worker in workers:
        np.testing.assert_allclose(
            worker[case]["ours"][0], mirrored[f"loop {case}"]["one"][0], **CLOSE
        )


@pytest.mark.parametrize("case", sorted({*CASES} - CRASHES - CLIPS_BEFORE))
def test_two_workers_are_keras_where_keras_runs(workers, case):
    for worker in workers:
        np.testing.assert_allclose(worker[case]["ours"], worker[case]["keras"], **CLOSE)


def test_keras_fit_fails_by_itself_with_two_workers_and_momentum(workers):
    assert all("PerReplica" in worker["fit"] for worker in workers), workers[0]["fit"]
