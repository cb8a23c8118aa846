"""The same class under JAX and PyTorch, in `fit`, against Keras's own SGD there."""

import functools
import importlib.util
import json
import os
import subprocess
import sys

import pytest

from tests.other_backend import CASES


@functools.cache
def run(backend):
    """What `tests.other_backend` prints under a backend."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f'{backend} is not installed; pip install ".[backends]" brings it.')
    done = subprocess.run(
        [sys.executable, "-m", "tests.other_backend"],
        capture_output=True,
        text=True,
        cwd=os.path.dirname(os.path.dirname(__file__)),
        env=os.environ | {"KERAS_BACKEND": backend},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("backend", ["jax", "torch"])
@pytest.mark.parametrize("case", CASES)
def test_fit_ends_within_rounding_of_keras_sgd(backend, case):
    found = run(backend)
    assert found["backend"] == backend
    assert found["apart"][case] <= 1e-6
