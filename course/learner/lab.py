"""Open JupyterLab on the learner's copy, on a port that is free, and say where it is."""

import errno
import os
import secrets
import signal
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from course.learner.workspace import Refused

FIRST_PORT = 8888
FIRST_PAGE = "lab/tree/notebooks/00_start_here.ipynb"


def open_lab(copy, port=None, browser=True):
    """Serve the copy until Ctrl-C; print the address, and open a browser where there is one.

    port:   None takes 8888 or the next free one.
    Errors: Refused where the port is taken.
    """
    port = free_port() if port is None else refuse_taken(port)

    print("Starting JupyterLab …", flush=True)
    from jupyter_core.paths import jupyter_runtime_dir
    from jupyterlab.labapp import main

    # Whoever has written there where a server of our number is was killed, and had that number.
    Path(jupyter_runtime_dir(), f"jpserver-{os.getpid()}.json").unlink(missing_ok=True)

    # With a token of ours Jupyter leaves it to us to print the address.
    os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    # So that the course command is found in JupyterLab's terminals and by !course.
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    # What each kernel runs as it starts, unless the learner has a file of their own there.
    os.environ.setdefault("PYTHONSTARTUP", str(Path(__file__).with_name("kernel_startup.py")))
    signal.signal(signal.SIGINT, _end)
    announce = threading.Thread(target=_announce, args=(copy, browser and has_browser()))
    announce.daemon = True
    announce.start()
    main(options(copy, port))
    print(f"\nJupyterLab has ended; your work is in {copy}.")


def options(copy, port):
    """JupyterLab's arguments."""
    import zmq

    chosen = [
        f"--ServerApp.root_dir={copy.resolve()}",
        f"--LabApp.default_url=/{FIRST_PAGE}",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--no-browser",  # we open it ourselves, when the server answers
        "--ServerApp.answer_yes=True",  # Ctrl-C ends it without a question
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        # No news and no updates: a course needs no network.
        f"--LabApp.app_settings_dir={Path(__file__).parents[1] / 'data/lab'}",
        "--LabApp.extension_manager=readonly",
        # A saved explorer keeps its picture; its live view would be an error at the next opening.
        "--ContentsManager.pre_save_hook=course.explorers.before_saving",
    ]
    if zmq.has("curve"):  # else each kernel complains in the terminal
        chosen.append("--KernelManager.transport_encryption=auto")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        chosen.append("--allow-root")
    return chosen


def refuse_taken(port):
    """The port, where it is free.

    Errors: Refused that names another one.
    """
    problem = _problem_with(port)
    if problem is None:
        return port
    other = free_port(port + 1)
    says = "is in use" if problem == errno.EADDRINUSE else f"is refused ({os.strerror(problem)})"
    raise Refused(
        f"Port {port} {says}; choose another with --port {other} (make lab PORT={other})."
    )


def free_port(first=FIRST_PORT):
    """The first free port from `first` on, or from 8888 on."""
    for port in (*range(max(first, 1024), 65536), *range(FIRST_PORT, 65536)):
        if _problem_with(port) is None:
            return port
    raise Refused("No port is free; end some of the servers on this machine.")


def has_browser():
    """Whether a window with a browser can open here."""
    windows = sys.platform in ("win32", "darwin")
    if not windows and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))):
        return False  # what is left are browsers that would take over the terminal
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _problem_with(port):
    """The error number of listening on a port of this machine, or None."""
    for family, kind, _, _, address in socket.getaddrinfo(
        "localhost", port, type=socket.SOCK_STREAM
    ):
        try:
            with socket.socket(family, kind) as knock, socket.socket(family, kind) as trial:
                # macOS lets two listen on one port, so somebody may answer all the same.
                if knock.connect_ex(address) == 0:
                    return errno.EADDRINUSE
                if os.name == "posix":  # as Jupyter does: a port left a moment ago is free
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
        except OSError as problem:
            if problem.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):  # no IPv6 here
                return problem.errno
    return None


def _end(*_):
    """End the server and its kernels; Jupyter itself does so only where it has a terminal."""
    from jupyter_server.serverapp import ServerApp

    if not ServerApp.initialized():
        raise KeyboardInterrupt
    ServerApp.instance().stop(from_signal=True)


def _announce(copy, browser):
    """Say where this process serves, as soon as it does."""
    address = _address()
    print(f"\nYour copy of the course, {copy}, is open at\n\n    {address}\n")
    if browser:
        webbrowser.open(address)
    else:
        print("Open this address in a browser.", end=" ")
    print("Ctrl-C here ends it.\n", flush=True)


def _address():
    from jupyter_server.serverapp import list_running_servers

    while True:
        try:
            for server in list_running_servers():
                if server["pid"] == os.getpid() and _listens(server["port"]):
                    return f"{server['url']}{FIRST_PAGE}?token={server['token']}"
        except ValueError:
            pass  # the server is writing down its address at this moment
        time.sleep(0.1)


def _listens(port):
    """Whether somebody answers at a port: a server may write down its address before it does."""
    try:
        with socket.create_connection(("localhost", port), timeout=1):
            return True
    except OSError:
        return False
