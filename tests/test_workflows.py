"""The workflows for GitHub: valid, pinned, and made of commands that exist here."""

import itertools
import re
import shlex
import sys

import pytest

from tests import keras_versions, waiting, workflow
from tests.workflow import ROOT

JOBS = workflow.jobs()
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))


def each_script():
    """Every shell step of every job, with every combination of its matrix."""
    for name, job in JOBS.items():
        matrix = job.get("strategy", {}).get("matrix", {})
        for values in itertools.product(*matrix.values()):
            for script in workflow.scripts(job, dict(zip(matrix, values, strict=True))):
                yield name, script


SCRIPTS = [*each_script()]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", workflow.FILES),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [ROOT / ".github/ISSUE_TEMPLATE/config.yml"]),
        ("citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_what_others_read_is_as_their_published_schema_asks(schema, files):
    command = [sys.executable, "-m", "check_jsonschema", f"--builtin-schema=vendor.{schema}"]
    done = waiting.run([*command, *files])
    assert files and done.returncode == 0, done.stdout + done.stderr


def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is():
    text = "".join(path.read_text("utf-8") for path in workflow.FILES)
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert not [each for each in used if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", each)]


def test_a_workflow_may_only_read_the_repository():
    for path in workflow.FILES:
        assert "permissions:\n  contents: read\n\n" in path.read_text("utf-8"), path.name


def test_no_step_puts_the_words_of_a_stranger_into_a_shell():
    assert not [script for _, script in SCRIPTS if "${{" in script]


@pytest.mark.parametrize(("job", "script"), SCRIPTS)
def test_each_step_is_a_script_that_bash_can_read(job, script):
    done = waiting.run(["bash", "-n"], input=script)
    assert done.returncode == 0, f"{job}: {done.stderr}"


@pytest.mark.parametrize(("job", "script"), SCRIPTS)
def test_what_a_step_names_exists(job, script):
    words = shlex.split(script)
    for before, word in itertools.pairwise(words):
        if before == "make":
            assert re.search(rf"^{word}:", (ROOT / "Makefile").read_text("utf-8"), re.M)
        if word.startswith(("tests/", "notebooks", "solutions", "constraints")):
            assert (ROOT / word).exists(), f"{job} names {word}"
        if word.startswith("tests.") and before == "-m":
            assert (ROOT / f"{word.replace('.', '/')}.py").exists(), f"{job} names {word}"


def test_linux_has_every_python_that_the_project_promises():
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    promised = re.findall(r"Python :: (3\.\d+)", project)
    assert JOBS["linux"]["strategy"]["matrix"]["python"] == promised


def test_the_oldest_keras_is_the_one_that_the_project_states():
    (oldest, _) = keras_versions.wanted("oldest")
    floor = oldest.replace("==", ">=")
    assert f'"{floor}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_a_scheduled_run_pins_nothing():
    assert "schedule:" in (ROOT / ".github/workflows/drift.yml").read_text("utf-8")
    assert not [script for job, script in SCRIPTS if job == "newest" and "constraint" in script]


@pytest.mark.long  # a fresh clone, its environment, and the notebooks
def test_the_steps_for_systems_without_make_pass_here(tmp_path):
    assert workflow.run(JOBS["elsewhere"], {"system": "this one"}, tmp_path) == 0
