"""Mark a folder by the stub in a process of one's own, so that it can be killed.

python -m tests.grading.mark_by_stub FOLDER OUT
"""

import sys

from course.grading.batch import grade
from tests.grading import stub

if __name__ == "__main__":
    folder, out = sys.argv[1:]
    print("begins", flush=True)
    grade([folder], out, resume=True, seed=1, jobs=2, judge=stub.judge)
