"""What all tests share: a quiet Keras, a repeatable Hypothesis, one thread for NumPy."""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

# The user's own copy and servers stay out of it, and what tests write down there goes with them.
os.environ["JUPYTER_DATA_DIR"] = tempfile.mkdtemp(prefix="course-tests-")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# A test process for each core is there already. With more threads than cores, OpenBLAS took five
# times as long for the matrix products of chapter 12 and its sheet.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Whoever imports nbformat, as nbval and JupyterLab do, builds a grammar for 1.5 s, if
# rfc3987-syntax is there: it is for one format of jsonschema, `iri`, which no notebook has.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [f"{Path(__file__).parent}/absent", *filter(None, [os.getenv("PYTHONPATH")])]
)

import pytest
from hypothesis import HealthCheck, settings

from course.bench import browser
from course.learner import last_copy
from tests import light

atexit.register(shutil.rmtree, os.environ["JUPYTER_DATA_DIR"], ignore_errors=True)

# The same examples at every run: a red build must be red on the next machine, too.
settings.register_profile(
    "course", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("course")


@pytest.fixture(autouse=True)
def no_copy_was_opened_before():
    """Each test is a new user's, who has opened no copy."""
    last_copy.record().unlink(missing_ok=True)


@pytest.fixture(scope="session")
def without_keras(tmp_path_factory):
    """The Python of an environment that has what the core needs, and no Keras or TensorFlow."""
    return light.linked(tmp_path_factory.mktemp("light") / "venv")


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium; without one, or without Playwright, the test is skipped aloud.

    The only one of a process: Playwright's loop of events stays in its thread, and a second is
    refused there. What runs a loop of its own is run by `waiting.in_a_thread`.
    """
    pytest.importorskip("playwright.sync_api")
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(browser.chromium())
        except FileNotFoundError as missing:
            pytest.skip(str(missing))
        yield found
