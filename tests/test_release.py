"""A release: its licences, its one version, its metadata, and what `make release` does and says."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import course
from course.publish import release
from tests import waiting

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
#: The texts as their authors publish them: apache.org's LICENSE-2.0.txt (in Debian's
#: common-licenses, too) and creativecommons.org's legalcode.txt.
TEXTS = {
    "Apache-2.0": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "CC-BY-4.0": "fd3a263fe19ed8faa9068b43abaebafc02c77897b0c6fc09abc04bb592e5f16e",
}


def git(folder, *arguments):
    person = ["-c", "user.name=A person", "-c", "user.email=person@example.org"]
    done = waiting.run(["git", *person, *arguments], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- what is written down -------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_both_licences_are_there_to_the_last_letter(name):
    text = (ROOT / f"LICENSES/{name}.txt").read_bytes()
    assert hashlib.sha256(text).hexdigest() == TEXTS[name]
    assert f"LICENSES/{name}.txt" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_licences_are_the_same_wherever_they_are_named():
    assert PROJECT["project"]["license"] == " AND ".join(TEXTS)
    assert "\nlicense:\n  - Apache-2.0\n  - CC-BY-4.0\n" in (ROOT / "CITATION.cff").read_text()


def test_the_version_stands_in_one_place():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "course/__init__.py"
    assert "version:" not in (ROOT / "CITATION.cff").read_text().replace("cff-version:", "")
    said = re.compile(rf"\b{re.escape(course.__version__)}\b")
    code = [path for path in (ROOT / "course").rglob("*.py") if said.search(path.read_text())]
    assert code == [ROOT / "course/__init__.py"]


def test_the_source_archive_has_every_file_that_the_readme_leads_to():
    there = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / "README.md").read_text("utf-8"))
    assert len(links) > 8
    assert {link.split("/")[0] for link in links} <= {name.strip("/") for name in there}


def test_the_changelog_begins_with_this_version():
    heading = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1]
    assert heading.startswith(f"{course.__version__}, ")


def test_ruff_before_a_commit_is_the_one_that_the_tests_were_made_with():
    pinned = re.search(r"^ruff==.*$", (ROOT / "constraints.txt").read_text(), re.M)[0]
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"additional_dependencies: \[(.*)\]", hooks) == [pinned, pinned]


def test_the_oldest_python_of_the_classifiers_is_the_one_that_is_required():
    pythons = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    assert PROJECT["project"]["requires-python"].startswith(f">={pythons[0]}")


# ---- what is not ready ----------------------------------------------------------------


@pytest.fixture
def clone(tmp_path):
    """A repository of one commit whose changelog says that version 1.2.3 is out."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.3, 2026-11-29\n\n### Added\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=One")
    return tmp_path


def test_a_clean_clone_with_a_dated_changelog_is_ready(clone):
    assert [*release.not_ready(clone, "1.2.3")] == []


def test_what_is_not_committed_is_not_published(clone):
    (clone / "more.py").touch()
    (told,) = release.not_ready(clone, "1.2.3")
    assert told.startswith("Files differ from what is committed")


def test_a_version_that_is_out_is_not_published_again(clone):
    git(clone, "tag", "v1.2.3")
    (told,) = release.not_ready(clone, "1.2.3")
    assert told == "v1.2.3 is out already: raise __version__ in course/__init__.py."


@pytest.mark.parametrize("heading", ["1.2.3, unreleased", "1.2.2, 2026-11-29"])
def test_a_changelog_without_the_day_or_of_another_version_is_told(clone, heading):
    (clone / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n")
    git(clone, "commit", "--quiet", "--all", "--message=Two")
    (told,) = release.not_ready(clone, "1.2.3")
    assert told == f'CHANGELOG.md begins with "{heading}": write "## 1.2.3, " and the day.'


def test_the_two_commands_tag_the_version_and_send_the_files():
    tag, send = release.publishing("1.2.3", "dist")
    assert tag == 'git tag --annotate v1.2.3 --message "1.2.3" && git push origin v1.2.3'
    assert send.endswith("python -m twine upload dist/*")


# ---- the whole of it ------------------------------------------------------------------


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A fresh clone whose changelog has a day, in which `make release` ran; and what it said."""
    clone = tmp_path_factory.mktemp("release") / "clone"
    waiting.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    text = (clone / "CHANGELOG.md").read_text("utf-8")
    (clone / "CHANGELOG.md").write_text(text.replace(", unreleased", ", 2026-12-01", 1))
    git(clone, "commit", "--quiet", "--allow-empty", "--all", "--message=A day")
    done = waiting.run(["make", "release", f"PYTHON={sys.executable}"], cwd=clone, seconds=1800)
    return clone, done


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
def test_make_release_builds_checks_and_says_what_a_person_must_type(released):
    clone, done = released
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2
    last = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]
    commands = release.publishing(course.__version__, "dist")
    assert last == [commands[0], ".venv/bin/python -m twine upload dist/*"]
    assert {path.suffix for path in (clone / "dist").iterdir()} == {".gz", ".whl"}


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_each_installs_in_an_empty_environment_and_gives_the_whole_course(released, kind, tmp_path):
    clone, _ = released
    (packed,) = (clone / "dist").glob(kind)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "empty"], check=True, timeout=300)
    python = tmp_path / "empty/bin/python"
    pip = [python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", packed]
    waiting.run(pip, seconds=1800, check=True)
    clean = {"HOME": str(tmp_path), "PATH": os.defpath}
    start = [tmp_path / "empty/bin/course", "start", "my-course"]
    done = waiting.run(start, cwd=tmp_path, env=clean)
    assert done.returncode == 0, done.stderr
    for folder in release.MATERIAL:
        names = {path.name for path in (ROOT / folder).glob("*.ipynb")}
        assert {path.name for path in (tmp_path / "my-course" / folder).glob("*.ipynb")} == names
    check = [tmp_path / "empty/bin/course", "check", "04"]
    said = waiting.run(check, cwd=tmp_path, env=clean | {"COLUMNS": "100"})
    assert "04.step" in said.stdout, said.stdout + said.stderr
