"""A pytest plugin that puts `course.SGD` in the place of Keras's SGD, wherever Keras hands it out.

    pytest -p tests.swap_sgd …/keras/src/optimizers/sgd_test.py

With COURSE_SWAP=broken it puts a class there whose steps are twice too long: Keras's tests must
then fail, or they would prove nothing. At the end it says how many tests built our class.
"""

import os

import pytest

import course
from course.quietly import keras

keras_sgd = keras.optimizers.SGD
builders, built = set(), []


def swapped():
    """The class to put in place; it is called SGD and counts who builds it."""

    class SGD(course.SGD):
        """A class whose steps are twice too long."""

        def apply(self, grads, trainable_variables=None):
            grads = [None if g is None else keras.ops.multiply(g, 2.0) for g in grads]
            super().apply(grads, trainable_variables)

    ours = SGD if os.environ.get("COURSE_SWAP") == "broken" else course.SGD
    init = ours.__init__

    def counted(self, *arguments, **more):
        init(self, *arguments, **more)
        built.append(self.name)

    ours.__init__ = counted
    return ours


def put_in_place(ours, theirs):
    """In the modules, in the registry of names for strings, and in those for saving."""
    from keras.src import api_export, optimizers

    for module in (optimizers, optimizers.sgd, keras.optimizers):
        module.SGD = ours
    optimizers.ALL_OBJECTS.remove(theirs)
    optimizers.ALL_OBJECTS.add(ours)
    optimizers.ALL_OBJECTS_DICT["sgd"] = ours
    api_export.REGISTERED_NAMES_TO_OBJS["keras.optimizers.SGD"] = ours


put_in_place(swapped(), keras_sgd)


@pytest.fixture(autouse=True)
def _count_builders(request):
    before = len(built)
    yield
    if len(built) > before:
        builders.add(request.node.nodeid)


def pytest_terminal_summary(terminalreporter):
    """Say how many tests built our class."""
    terminalreporter.write_line(f"built by {len(builders)} tests")
