"""The fork server: imports once what a sheet needs, then forks a child for each submission.

    python -I -S fork_server.py numpy|keras LEVEL SOCKET CHECKS [FOLDER_OF_PACKAGES ...]

A process in which `course` does not exist. It takes orders over the socket, one JSON message
each, and never reads a byte of what a child says.

    {"do": "fork", "memory": MB, "seconds": of the processor, "probe": file or ""}
        with a socket for the child -> {"pid": number} or {"refused": sentence}
    {"do": "interrupt"}       -> {}
    {"do": "end", "patience": seconds} -> {"signal": number, "cpu": seconds} of a child that ended
        by itself within so many seconds; {} of one that had to be killed, with its threads
"""

import contextlib
import gc
import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import time

# Run before the first fork, so that no child has to import what any cell makes IPython import.
WARM_UP = ("1", "1 / 0", "def :", "%time 1", "print()", "import warnings; warnings.warn('warm')")
HERE = os.path.dirname(os.path.abspath(__file__))
LARGEST = 4096  # bytes of an order


def load(name, path=None):
    """Load one file as a module of that name; its folder stays off the path."""
    spec = importlib.util.spec_from_file_location(name, path or os.path.join(HERE, f"{name}.py"))
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class Absent:
    """An import finder: what is not loaded yet and not Python's own is not there."""

    def __init__(self, kind):
        loaded = {name.partition(".")[0] for name in sys.modules}
        self.there = loaded | set(sys.stdlib_module_names)
        self.packages = "NumPy, Matplotlib and Keras" if kind == "keras" else "NumPy and Matplotlib"

    def find_spec(self, name, path=None, target=None):
        """Refuse what is not there; leave the rest to the others."""
        if name.partition(".")[0] not in self.there:
            raise ModuleNotFoundError(
                f"No module named {name!r} where answers are checked and marked. There, an answer "
                f"may import Python's own library, {self.packages}.",
                name=name,
            )


class ForkServer:
    """One fork server: at most one child at a time."""

    def __init__(self, shell, orders, layers, confinement):
        self.shell, self.orders, self.child = shell, orders, 0
        self.layers, self.confinement = layers, confinement

    def serve(self):
        """Take orders until whoever gives them is gone."""
        while True:
            message, sockets, *_ = socket.recv_fds(self.orders, LARGEST, 1)
            if not message:
                return self.end({})
            order = json.loads(message)
            reply = getattr(self, order["do"])(order, *sockets)
            for each in sockets:
                os.close(each)
            self.orders.send(json.dumps(reply).encode())

    def fork(self, order, talk):
        """Begin a child that talks over the socket `talk`."""
        threads = os.listdir("/proc/self/task")
        if len(threads) != 1:  # the others would be missing in the child, with all their locks
            return {"refused": f"The fork server has {len(threads)} threads and cannot be forked."}
        try:
            self.confinement.make_ready(self.layers)
            self.child = CONFINE.fork(self.layers, lambda: self._live(order, talk))
        except (OSError, RuntimeError) as problem:
            return {"refused": str(problem)}
        return {"pid": self.child}

    def _live(self, order, talk):
        """What a child does: nothing of the learner's before the confinement holds."""
        server, streams = os.getppid(), CHILD.Streams()
        sys.modules["check_calls"].STREAM = streams.own
        wire = socket.socket(fileno=talk)
        keep = {0, 1, 2, talk, self.confinement.rules, *streams.kept.values()}
        for each in {int(name) for name in os.listdir("/proc/self/fd")} - keep:
            with contextlib.suppress(OSError):  # the one that listed is closed already
                os.close(each)
        try:
            held = self.confinement.put_on(self.layers, order["memory"], order["seconds"])
        except Exception as problem:
            CHILD.send(wire, {"refused": f"{type(problem).__name__}: {problem}"})
            return
        CHILD.send(wire, {"held": held})
        if order["probe"]:
            unheld = () if "namespaces" in self.layers else (PROBE.UNSEEN,)
            aims = order["probe"], server, order["memory"]
            CHILD.send(wire, {"through": PROBE.got_through(*aims, without=unheld)})
        else:
            CHILD.live(self.shell, wire, streams)

    def interrupt(self, order):
        """What Ctrl-C does."""
        if self.child:
            os.kill(self.child, signal.SIGINT)
        return {}

    def end(self, order):
        """Wait for the child, then kill it; nobody else does, so its number is still its own."""
        child, self.child = self.child, 0
        deadline = time.monotonic() + order.get("patience", 0)
        while child:
            ended, status, usage = os.wait4(child, os.WNOHANG)
            if ended:
                killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                return {"signal": killed_by, "cpu": usage.ru_utime + usage.ru_stime}
            if time.monotonic() >= deadline:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.005)
        return {}


def prepare(kind, packages):
    """Import what answers may use; returns the shell they run in, and their confinement."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot

    with contextlib.suppress(ImportError, RuntimeError):  # whoever needs it says what is missing
        import pyseccomp  # noqa: F401

    shell = CHILD.Shell()
    if kind == "keras":
        import keras  # noqa: F401
    for source in WARM_UP:
        shell.run_cell(source, silent=True)
    shell.display_formatter.format(1.0)
    sys.meta_path.insert(0, Absent(kind))
    places = [(place, CONFINE.READ) for place in READABLE.readable(packages)]
    places += [("/dev/null", CONFINE.WRITE), (os.getcwd(), CONFINE.READ)]
    if kind == "numpy":
        return shell, CONFINE.Confinement(places)
    # TensorFlow runs on threads, and aborts where it cannot read its own command line.
    return shell, CONFINE.Confinement(places, own=["/proc/self/cmdline"])


if __name__ == "__main__":
    kind, level, number, checks, *packages = sys.argv[1:]
    sys.argv, sys.path = [""], [*sys.path, *packages]
    for needed in ("broken_steps", "calling", "resuming"):
        load(needed, os.path.join(checks, f"{needed}.py"))
    for needed in ("codec", "check_calls"):
        load(needed)
    CONFINE, READABLE, PROBE, CHILD = map(load, ("confine", "readable", "probe", "child"))
    with socket.socket(fileno=int(number)) as orders:
        layers = CONFINE.LEVELS[level]
        if "namespaces" in layers:
            CONFINE.enter_namespaces()
        shell, confinement = prepare(kind, packages)
        above = os.open("../..", os.O_PATH)
        folder = os.path.basename(os.path.dirname(os.getcwd()))
        if "namespaces" in layers:
            CONFINE.hide_all_but([place for place, _ in confinement.places])
            for finder in filter(None, sys.path_importer_cache.values()):
                finder.find_spec("")  # lists its folder anew, which a child may not
        gc.collect()
        gc.freeze()  # else each child's first collection would copy the whole memory
        orders.send(b"{}")
        ForkServer(shell, orders, layers, confinement).serve()
    shutil.rmtree(folder, ignore_errors=True, dir_fd=above)  # who began it may be dead
    os._exit(0)
