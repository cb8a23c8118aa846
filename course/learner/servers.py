"""The Jupyter servers of this user that run, as Jupyter writes them down for each."""

import json
import os
import socket
import urllib.request
from pathlib import Path


def address_of(copy, page):
    """The address of a page on a server that serves this copy already, or None."""
    for server in running():
        root = server.get("root_dir")
        if root and Path(root).resolve() == copy.resolve() and _lets_in(server):
            return address(server, page)
    return None


def address(server, page):
    """The address of a page on a server, with what lets one in."""
    token, sign = server.get("token", ""), "&" if "?" in page else "?"
    return f"{server['url']}{page}{sign}token={token}" if token else f"{server['url']}{page}"


def running():
    """What is written down of each server that answers: its url, port, token, root_dir and pid."""
    # Jupyter's own function for this costs seconds of imports.
    from jupyter_core.paths import jupyter_runtime_dir

    for path in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            server = json.loads(path.read_text("utf-8"))
            if _listens(server["port"]):
                yield server
        except (OSError, ValueError, LookupError, TypeError):
            continue  # it is being written at this moment, or is no server's


def of_this_process():
    """What is written down of the server that this process is, once it answers, or None."""
    return next((server for server in running() if server.get("pid") == os.getpid()), None)


def _lets_in(server):
    """Whether it is this server that answers: a killed one's port may be another's by now."""
    try:
        with urllib.request.urlopen(address(server, "api/status"), timeout=3) as answer:
            return answer.status == 200
    except (OSError, ValueError):
        return False


def _listens(port):
    """Whether somebody answers at a port: a server may write down its address before it does."""
    try:
        with socket.create_connection(("localhost", port), timeout=1):
            return True
    except OSError:
        return False
