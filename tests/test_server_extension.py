"""What every Jupyter server of an environment with the course does before it saves a notebook."""

import json
import os
import re
import sys
import tomllib
import urllib.request
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest

from course.bench import browser
from course.explorers import Step
from course.front_ends import LIVE_VIEW
from course.learner.predict import predict
from course.learner.progress_widget import Progress
from course.learner.server_extension import MODULE, before_saving
from tests import waiting

ROOT = Path(__file__).parent.parent
SETTINGS = "jupyter_server_config.d/sgd_course.json"
VIEW = {"model_id": "1", "version_major": 2, "version_minor": 0}
# What others' widgets store: a canvas of ipympl with its picture, and one without a still form.
OTHERS = [
    {"data": {LIVE_VIEW: VIEW, "image/png": "iVBO", "text/plain": "Canvas()"}, "metadata": {}},
    {"data": {LIVE_VIEW: VIEW, "text/plain": "IntSlider()"}, "metadata": {LIVE_VIEW: {"a": 1}}},
    {"data": {"text/html": "<b>bold</b>"}, "metadata": {}},
]


def shown(widget):
    """The output of a cell that shows a widget."""
    data, metadata = widget._repr_mimebundle_()
    result = {"output_type": "execute_result", "execution_count": 1}
    return result | {"data": data, "metadata": metadata}


def saved(*outputs):
    """A notebook with these outputs, as it is after the hook."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1}
    cells = [{"cell_type": "markdown", "source": ""}, cell | {"outputs": deepcopy([*outputs])}]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    before_saving(model={"type": "notebook", "content": content}, path="a.ipynb")
    return content


@pytest.mark.parametrize("make", [Step, lambda: predict("04.slope"), Progress])
def test_a_widget_of_the_course_is_saved_as_its_still_alone(make):
    output = shown(make())
    assert LIVE_VIEW in output["data"]
    (kept,) = saved(output)["cells"][1]["outputs"]
    del output["data"][LIVE_VIEW]
    assert kept["data"] == output["data"] and len(kept["data"]) == 2
    assert kept["metadata"] == {}


def test_what_is_not_the_courses_is_saved_as_it_came():
    assert saved(*OTHERS)["cells"][1]["outputs"] == OTHERS


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": "text"},
        {"type": "directory", "content": None},
        {"type": "notebook", "content": None},
        {"type": "notebook", "content": {"nbformat": 3, "worksheets": [{"cells": []}]}},
    ],
)
def test_what_is_no_notebook_of_today_is_left_alone(model):
    before = deepcopy(model)
    before_saving(model=model, path="a")
    assert model == before


def test_the_package_tells_every_server_of_the_extension():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {ROOT / place: to for place, to in shared.items()} == {browser.CONFIG: "etc/jupyter"}
    told = json.loads((browser.CONFIG / SETTINGS).read_text("utf-8"))
    assert told == {"ServerApp": {"jpserver_extensions": {MODULE: True}}}
    assert import_module(MODULE)._jupyter_server_extension_points() == [{"module": MODULE}]


def test_a_server_that_loads_it_starts_no_more_for_it():
    code = f"import sys, {MODULE}; print([*filter(sys.modules.get, ['numpy', 'keras', 'typer'])])"
    assert waiting.run([sys.executable, "-c", code]).stdout == "[]\n"


HOOK = """def mine(model, **_):
    if model["type"] == "notebook":
        model["content"]["metadata"]["mine"] = True
c.ContentsManager.pre_save_hook = mine
"""


def test_a_bare_server_drops_live_views_beside_a_hook_of_the_users_own(tmp_path):
    (tmp_path / ".jupyter").mkdir()
    (tmp_path / ".jupyter/jupyter_server_config.py").write_text(HOOK)
    content = saved() | {"metadata": {}}
    content["cells"] = [{**content["cells"][1], "outputs": [shown(Step())]}]
    with browser.serve(tmp_path, tmp_path) as server:
        body = json.dumps({"type": "notebook", "format": "json", "content": content}).encode()
        request = urllib.request.Request(
            f"{server.address}/api/contents/a.ipynb",
            data=body,
            headers={"Authorization": f"token {server.token}"},
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201
    kept = json.loads((tmp_path / "a.ipynb").read_text("utf-8"))
    assert kept["metadata"]["mine"] is True
    assert sorted(kept["cells"][0]["outputs"][0]["data"]) == ["image/png", "text/plain"]


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="a virtual environment has other folders there")
@pytest.mark.parametrize("options", [[], ["-e"]], ids=["installed", "editable"])
def test_an_installation_brings_it_and_its_end_takes_it_away(tmp_path, options):
    waiting.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python, told = tmp_path / "venv/bin/python", tmp_path / "venv/etc/jupyter" / SETTINGS
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    waiting.run([*pip, "install", "--no-deps", *options, ROOT], check=True)
    assert told.exists()

    # The packages of this environment are there, too, but not the course that it has.
    packages = "\n".join(path for path in sys.path if path.endswith("-packages"))
    others = next(tmp_path.glob("venv/lib/*/site-packages")) / "others.pth"
    others.write_text(packages)
    listed = f"{python} -m jupyter_server.extension.serverextension list 2>&1"
    done = waiting.run(listed, shell=True, env=os.environ | {"HOME": str(tmp_path)})
    assert re.search(rf"{re.escape(MODULE)} .*OK", done.stdout), done.stdout
    others.unlink()
    waiting.run([*pip, "uninstall", "--yes", "sgd-course"], check=True)
    assert not told.exists()
