"""A workflow's shell steps, run here: python -m tests.workflow JOB [KEY=VALUE ...]

python -m tests.workflow elsewhere                 macOS's and Windows's job, on this system
python -m tests.workflow keras keras=oldest        one cell of a matrix; else its first
python -m tests.workflow linux python=3.13 PYTHON=/path/to/python3.13

They run in a fresh clone with a fresh virtual environment, whose `python` stands in for what
actions/setup-python brings. What the actions themselves do is not run.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: How a runner starts the shell of a step (GitHub: "Workflow syntax", `shell: bash`).
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]


def jobs():
    """Every job of every workflow, by its name in the file."""
    return {
        name: job
        for path in FILES
        for name, job in yaml.safe_load(path.read_text("utf-8"))["jobs"].items()
    }


def choices(job):
    """The first value of each part of a job's matrix."""
    return {key: values[0] for key, values in job.get("strategy", {}).get("matrix", {}).items()}


def scripts(job, chosen):
    """The shell steps of a job, with what was chosen of its matrix put in.

    Errors: KeyError for an expression that is not of the matrix.
    """

    def value(found):
        return str(chosen[found[1]])

    for step in job["steps"]:
        if "run" in step:
            yield re.sub(r"\$\{\{ *matrix\.(\w+) *\}\}", value, step["run"])


def run(job, chosen, folder, python=sys.executable):
    """Run a job's shell steps in a fresh clone in `folder`; returns the first exit code but 0."""
    clone, made = folder / "clone", folder / "python"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True, timeout=300)
    subprocess.run([python, "-m", "venv", made], check=True, timeout=300)
    path = os.pathsep.join((str(made / "bin"), os.environ["PATH"]))
    for script in scripts(job, chosen):
        print(f"$ {script}", flush=True)
        done = subprocess.run(
            [*BASH, "-c", script],
            cwd=clone,
            env=os.environ | {"PATH": path, "HOME": str(folder), "CI": "true"},
            stdin=subprocess.DEVNULL,
            timeout=5400,
        )
        if done.returncode:
            return done.returncode
    return 0


def main(name, *given):
    """Run the job of that name; returns its exit code."""
    given = dict(each.split("=", 1) for each in given)
    python = given.pop("PYTHON", sys.executable)
    with tempfile.TemporaryDirectory(prefix="course-workflow-") as folder:
        job = jobs()[name]
        return run(job, choices(job) | given, Path(folder), python)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
