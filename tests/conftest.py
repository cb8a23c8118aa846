"""What all tests share: Keras imported quietly, and Hypothesis made repeatable."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from hypothesis import HealthCheck, settings

# The same examples at every run: a red build must be red on the next machine, too.
settings.register_profile(
    "course", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("course")
