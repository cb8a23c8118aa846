"""What chapter 04, *Momentum as friction*, says that Keras does, held against Keras itself."""

import pytest

import course
from course.quietly import keras


@pytest.mark.parametrize("whole", [0, 1])
def test_a_momentum_that_is_an_integer_is_refused_and_1_point_0_is_taken(whole):
    with pytest.raises(ValueError, match="`momentum` must be a float between"):
        keras.optimizers.SGD(momentum=whole)
    assert keras.optimizers.SGD(momentum=1.0).momentum == course.SGD(momentum=1).momentum == 1.0
