"""The course's extension of a Jupyter server: a saved notebook keeps stills, not live views.

`etc/jupyter/jupyter_server_config.d/sgd_course.json`, installed with the package, names it, so that
JupyterLab, Notebook 7 and a hub's servers have it however they are started. It touches nothing
but outputs that the course's own widgets have marked.
"""

from course.front_ends import drop_live_views

MODULE = "course.learner.server_extension"


def _jupyter_server_extension_points():
    return [{"module": MODULE}]


def _load_jupyter_server_extension(serverapp):
    # Beside a hook of the user's own (`ContentsManager.pre_save_hook`), not in its place.
    serverapp.contents_manager.register_pre_save_hook(before_saving)


async def _start_jupyter_server_extension(serverapp):
    # Another extension, loaded after this one, may have brought a contents manager of its own, as
    # Jupytext's does. Where none has, the hook is there twice: the second time it finds nothing.
    _load_jupyter_server_extension(serverapp)


def before_saving(model, **_):
    """Jupyter's hook before a file is written: drop the marked live views.

    model: a contents model of the Jupyter server, {"type", "content", …}; changed in place.
    """
    if model["type"] == "notebook" and model.get("content"):
        drop_live_views(model["content"])
