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

from course.extras import quoted
from course.learner import server_extension, servers
from course.learner.workspace import Refused

FIRST_PORT = 8888
# Beside the first chapter the file browser shows the copy's folders, exercises/ among them.
FIRST_PAGE = "lab/tree/notebooks/00_start_here.ipynb?file-browser-path=/"
DATA = Path(__file__).parents[1] / "data/lab"


def open_lab(copy, port=None, browser=True):
    """Serve the copy until Ctrl-C; print the address, and open a browser where there is one.

    port:   None takes 8888 or the next free one, unless the copy is open already: then that server
            is shown, and no second one started.
    Errors: Refused where the port is taken.
    """
    address = servers.address_of(copy, FIRST_PAGE)
    if address and port is None:
        print(f"JupyterLab runs already on {copy}:\n\n    {address}\n")
        _show(address, browser and has_browser(), "Ctrl-C in its own terminal ends it.")
        return
    port = free_port() if port is None else refuse_taken(port)

    if address:
        print(f"Beware: {copy} is open at {address}, too. A notebook that is open in both")
        print("is saved by both; close it in one of them.")
    print("Starting JupyterLab …", flush=True)
    from jupyter_core.paths import jupyter_runtime_dir
    from jupyterlab.labapp import main

    # Whoever has written there where a server of our number is was killed, and had that number.
    Path(jupyter_runtime_dir(), f"jpserver-{os.getpid()}.json").unlink(missing_ok=True)

    # With a token of ours Jupyter leaves it to us to print the address.
    os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    # So that the course command is found in JupyterLab's terminals and by !course …
    programs = os.environ["COURSE_BIN"] = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join((programs, os.environ["PATH"]))
    # … and finds the copy: Jupyter looks for a terminal's folder here before it looks in its root.
    copy = copy.resolve()
    os.chdir(copy)
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
        f"--LabApp.app_settings_dir={DATA}",
        "--LabApp.custom_css=True",
        f"--ServerApp.tornado_settings={{'static_custom_path': {_style_folders()!r}}}",
        "--LabApp.extension_manager=readonly",
        # Named here, too: where the package was not installed, nothing has told Jupyter of it.
        f"--ServerApp.jpserver_extensions={server_extension.MODULE}=True",
    ]
    if os.name == "posix":
        chosen.append(f"--ServerApp.terminado_settings={{'shell_command': {_shell()!r}}}")
    if zmq.has("curve"):  # else each kernel complains in the terminal
        chosen.append("--KernelManager.transport_encryption=auto")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        chosen.append("--allow-root")
    return chosen


def _style_folders():
    """Where JupyterLab looks for custom.css: the user's own comes before ours."""
    from jupyter_core.paths import jupyter_config_dir

    return [str(Path(jupyter_config_dir(), "custom")), str(DATA / "custom")]


def _shell():
    """The shell of JupyterLab's terminals: no login shell, as /etc/profile would reset the PATH."""
    shell = os.environ.get("SHELL") or "sh"
    rest = ["--rcfile", str(DATA / "bashrc")] if Path(shell).name == "bash" else []
    return [shell, *rest]


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
    while not (server := servers.of_this_process()):
        time.sleep(0.1)
    address = servers.address(server, FIRST_PAGE)
    print(f"\nYour copy of the course, {copy}, is open at\n\n    {address}\n")
    print("Type commands such as course check 04 in its terminals (File > New > Terminal);")
    print(f"elsewhere the command is {quoted(Path(sys.executable).parent / 'course')}.\n")
    _show(address, browser, "Ctrl-C here ends it.")


def _show(address, browser, ending):
    if browser:
        webbrowser.open(address)
    else:
        print("Open this address in a browser.", end=" ")
    print(f"{ending}\n", flush=True)
