"""What run_autograder calls in Gradescope's container: marks a submission, writes results.json.

python -m course.grading.exports.gradescope_run SUBMISSION RESULTS SHEET LEVEL
"""

import subprocess
import sys

from course.grading import whole_file
from course.grading.exports.gradescope import results
from course.grading.submissions import find

NONE = "There is no notebook. Hand in the notebook itself (.ipynb)."
SEVERAL = "There are several notebooks: {}. Hand in the one that counts."
SECONDS = 1200


def main(submission, out, sheet, confinement):
    """Mark what lies in the folder `submission` and write Gradescope's result to the file `out`."""
    found = [each for each in find([submission]) if not each.left and each.stem is not None]
    if len(found) != 1:
        names = ", ".join(sorted(each.path.name for each in found))
        text, trouble = "", SEVERAL.format(names) if found else NONE
    else:
        text, trouble = _marked(found[0].path, sheet, confinement)
    whole_file.write(out, results(text, trouble))


def _marked(path, sheet, confinement):
    """What `course grade --json -` prints, and what it says."""
    command = [sys.executable, "-m", "course", "grade", str(path), "--json", "-", "--jobs", "1"]
    command += ["--sheet", sheet, "--confinement", confinement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "", f"It took longer than {SECONDS} seconds."
    return done.stdout, done.stderr


if __name__ == "__main__":
    main(*sys.argv[1:])
