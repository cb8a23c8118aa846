"""The container, the development container and the environment for conda agree with the course."""

import json
import os
import re
import shutil
import sys
from fnmatch import fnmatch

import pytest
import yaml

from tests import image, waiting
from tests.test_release import PROJECT, ROOT

DOCKERFILE = image.DOCKERFILE.read_text("utf-8")
EXTRAS = PROJECT["project"]["optional-dependencies"]


def let_in():
    """The names at the top of the clone that an image is built from."""
    ignore = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    return [line[1:] for line in ignore if line.startswith("!")]


def test_what_the_image_needs_is_let_in_and_nothing_that_is_not_there_is_named():
    assert [name for name in let_in() if not (ROOT / name).exists()] == []
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {each.strip("/").split("/")[0] for each in (*wheel["include"], *wheel["shared-data"])}
    needed |= {hook.get("path", "hatch_build.py") for hook in wheel["hooks"].values()}
    needed |= {each.split("/")[0] for each in PROJECT["project"]["license-files"]}
    needed |= {PROJECT["project"]["readme"], "pyproject.toml", "constraints.txt"}
    assert needed - {*let_in()} == set()


@pytest.mark.long  # the names are compared above
def test_a_wheel_is_built_of_what_is_let_in_alone(tmp_path):
    for name in let_in():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        "out",
        ".",
    ]
    done = waiting.run(build, cwd=tmp_path)
    assert done.returncode == 0 and list(tmp_path.glob("out/sgd_course-*.whl")), done.stderr


def test_the_image_does_not_run_as_root():
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.M) == ["learner"]


def test_the_extras_that_the_image_is_built_with_exist():
    named = re.findall(r"^ARG EXTRA=(\w+)$", DOCKERFILE, re.M)
    named += re.findall(r"EXTRA=(\w+)", (ROOT / "docs/containers.md").read_text("utf-8"))
    assert {*named} == {"keras", "gpu"}
    assert {*named} <= {*EXTRAS}


def test_the_development_container_is_the_same_image():
    described = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    folder = ROOT / ".devcontainer"
    assert (folder / described["build"]["dockerfile"]).samefile(image.DOCKERFILE)
    assert (folder / described["build"]["context"]).samefile(ROOT)
    assert f"USER {described['remoteUser']}\n" in DOCKERFILE
    python = described["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert f"ENV PATH={os.path.dirname(python)}:$PATH" in DOCKERFILE


def test_conda_takes_the_python_and_the_versions_that_the_outputs_were_made_with():
    made_with = (ROOT / "constraints.txt").read_text("utf-8").split("\n")[0]
    python, pip, by_pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert f"(Python {python.removeprefix('python=')}, " in made_with
    assert by_pip["pip"][0] == "--constraint constraints.txt"
    (extra,) = re.fullmatch(r"--editable \.\[(\w+)\]", by_pip["pip"][1]).groups()
    assert extra in EXTRAS


def test_a_base_that_is_not_debian_would_not_be_made_here():
    assert fnmatch(image.base(), "debian:*-slim")


@pytest.mark.long  # a Debian root, and the course installed in it
@pytest.mark.skipif(
    not (shutil.which("buildah") and shutil.which("mmdebstrap")) or os.geteuid() != 0,
    reason="building the image here takes root, buildah and mmdebstrap",
)
def test_the_dockerfile_gives_a_course_that_answers():
    assert image.main("--build-arg=EXTRA=") == 0
