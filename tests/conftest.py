"""What all tests share: a quiet Keras, a repeatable Hypothesis, one thread for NumPy."""

import os
from pathlib import Path

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

from hypothesis import HealthCheck, settings

# The same examples at every run: a red build must be red on the next machine, too.
settings.register_profile(
    "course", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("course")
