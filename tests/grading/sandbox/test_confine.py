"""Each layer of the confinement by itself, and each level as a whole, shown by trying.

What is confined cannot be let out again, so everything is tried in a process of its own.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from course.grading import journal_lock
from course.grading import judge as judging
from course.grading.judge import NotJudged, judge
from course.grading.sandbox import pool
from course.grading.sandbox.inside import confine, probe
from tests import waiting
from tests.grading.sheet import NAME, RIGHT, STEP

INSIDE = Path(confine.__file__).parent
LEVELS = ("landlock", "namespaces")
MEMORY = 200  # MB
ALL = [name for name in probe.attempts("", 0, 0) if name != "becoming a program"]
FILES = [
    "reading a file outside",
    "listing a folder outside",
    "writing a file outside",
    "writing a file here",
    "writing to shared memory",
    "removing a file",
    "reading the parent's environment",
    "reading the parent's memory",
]
CALLS = [
    "changing a file's mode",
    "removing a file",
    "a file in memory",
    "a TCP socket",
    "a Unix socket",
    "starting a program",
    "forking",
    "signalling the parent",
    "becoming another user",
    "a new root",
    "a lower niceness",
]

# Prints how the confined child ended, and what it found.
SCRIPT = """
import json, os, signal, socket, subprocess, sys, time
sys.path.insert(0, {inside!r})
import confine, probe
{before}
if "namespaces" in {layers!r}:
    confine.enter_namespaces()
confinement = confine.Confinement([("/usr", confine.READ), ("/dev/null", confine.WRITE)])
confinement.make_ready({layers!r})
read, write = os.pipe()

def work():
    parent = os.getppid() or {me}
    found = {{"held": confinement.put_on({layers!r}, {memory}, 1)}}
    try:
        {tries}
    except Exception as problem:
        found["raised"] = type(problem).__name__
    os.write(write, json.dumps(found).encode())

child = confine.fork({layers!r}, work)
os.close(write)
found = os.read(read, 100_000).decode()
_, status = os.waitpid(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), json.loads(found or "null")]))
"""


def confined(layers, tries, tmp_path, before=""):
    """(exit code, what was found) of a child with these layers that does what `tries` says."""
    script = SCRIPT.format(
        inside=str(INSIDE), layers=layers, tries=tries, memory=MEMORY, me=os.getpid(), before=before
    )
    here = tmp_path / "here"
    here.mkdir(exist_ok=True)
    done = waiting.run([sys.executable, "-c", script], cwd=here)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def got_through(layers, only, tmp_path):
    """What of `only` is not refused, each tried in a child of its own, and what its parent says."""
    found = []
    for name in only:
        outside = tmp_path / "outside"
        outside.write_text("secret")
        tries = (
            f"found['through'] = probe.got_through({str(outside)!r}, parent, {MEMORY}, {[name]})"
        )
        _, said = confined(layers, tries, tmp_path)
        found += said["through"] if said else [f"{name} (no answer)"]
    Path("/dev/shm/probe").unlink(missing_ok=True)
    return found


# ---- each layer -----------------------------------------------------------------------


def test_without_a_layer_every_attempt_gets_through_so_each_is_a_real_one(tmp_path):
    if os.getuid():
        pytest.skip("some attempts need privileges to get through")
    assert got_through((), ALL, tmp_path) == ALL


def test_landlock_alone_keeps_files_signals_and_the_parents_memory_out_of_reach(tmp_path):
    only = [*FILES, "signalling the parent"]
    stopped = only if confine.landlock_abi() >= 6 else FILES
    assert got_through(("landlock",), stopped, tmp_path) == []


def test_landlock_alone_lets_no_tcp_connection_through(tmp_path):
    if confine.landlock_abi() < 4:
        pytest.skip("this kernel's Landlock knows no network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        tries = f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 1)"
        assert confined((), tries, tmp_path)[1] == {"held": []}
        _, found = confined(("landlock",), tries, tmp_path)
    assert found == {"held": ["Landlock"], "raised": "PermissionError"}


def test_seccomp_alone_stops_processes_sockets_signals_and_privileges(tmp_path):
    assert got_through(("seccomp",), CALLS, tmp_path) == []


def test_seccomp_alone_lets_no_process_become_a_program(tmp_path):
    _, found = confined(("seccomp",), "os.execv('/bin/true', ['true'])", tmp_path)
    assert found == {"held": ["seccomp"], "raised": "PermissionError"}


def test_limits_alone_stop_memory_files_and_endless_computing(tmp_path):
    assert got_through(("limits",), ["taking more memory"], tmp_path) == []
    _, found = confined(("limits",), "open('big', 'wb').write(bytes(9_000_000))", tmp_path)
    assert "raised" in found or (tmp_path / "here/big").stat().st_size <= confine.WRITTEN
    code, found = confined(("limits",), "while True: pass", tmp_path)
    assert code in (-signal.SIGXCPU, -signal.SIGKILL) and found is None


def test_namespaces_alone_reach_no_process_outside_and_no_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tries = f"found['first'] = os.getpid(); socket.create_connection(('127.0.0.1', {port}), 1)"
        _, found = confined(("namespaces",), tries, tmp_path)
    assert found["first"] == 1
    assert found["raised"] == "OSError"
    _, found = confined(("namespaces",), f"os.kill({os.getpid()}, 0)", tmp_path)
    assert found["raised"] == "ProcessLookupError"


def test_with_the_first_process_of_a_namespace_all_others_die(tmp_path):
    tries = "[subprocess.Popen(['sleep', '601.25'], start_new_session=True) for _ in range(9)]"
    code, _ = confined(("namespaces",), tries, tmp_path)
    assert code == 0
    left = [p for p in psutil.process_iter(["cmdline"]) if "601.25" in (p.info["cmdline"] or [])]
    assert left == []


def test_capabilities_are_gone_and_do_not_come_back(tmp_path):
    tries = (
        "found['caps'] = [line for line in open('/proc/self/status') if line.startswith("
        "('CapInh', 'CapPrm', 'CapEff', 'NoNewPrivs'))]"
    )
    for layers in (("limits",), ("limits", "namespaces")):
        _, found = confined(layers, tries, tmp_path)
        values = dict(line.split() for line in found["caps"])
        assert values.pop("NoNewPrivs:") == "1"
        assert {int(value, 16) for value in values.values()} == {0}


@pytest.mark.parametrize("level", LEVELS)
def test_a_user_without_privileges_can_put_on_every_layer(level, tmp_path):
    if os.getuid():
        pytest.skip("this whole run has none")
    # Who becomes another user has to be given back what belongs to every user: /proc/self.
    nobody = "os.setgroups([]); os.setgid(65534); os.setuid(65534); confine._libc.prctl(4, 1)"
    tries = f"found['through'] = probe.got_through({str(INSIDE)!r}, parent, {MEMORY})"
    tries = tries.replace(f"{MEMORY})", f"{MEMORY}, without=(probe.UNSEEN,))")
    before = f"import pyseccomp; {nobody}"
    _, found = confined(confine.LEVELS[level], tries, tmp_path, before)
    assert found["through"] == []
    assert {*found["held"]} >= {"Landlock", "seccomp", "limits"}
    assert ("namespaces" in found["held"]) == (level == "namespaces")


# ---- the levels -----------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_a_whole_level_lets_nothing_through(level):
    assert pool.probe("numpy", level) == []
    assert pool.refusal("numpy", level) == ""


@pytest.mark.long
@pytest.mark.parametrize("level", LEVELS)
def test_a_whole_level_lets_nothing_through_with_keras_either(level):
    assert pool.probe("keras", level) == []


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("none", "none"),
        ("landlock", "Landlock, seccomp, limits"),
        ("namespaces", "Landlock, seccomp, limits, namespaces"),
    ],
)
def test_every_report_names_what_held(level, words):
    assert judge(NAME, RIGHT, seed=1, confinement=level).confinement == words


def test_the_best_level_is_taken_and_where_none_holds_nothing_is_marked(monkeypatch):
    assert judge(NAME, RIGHT, seed=1).confinement.endswith("namespaces")
    said = {"namespaces": "No namespaces here.", "landlock": ""}
    monkeypatch.setattr(pool, "refusal", lambda kind, level: said[level])
    assert pool.best_level("numpy") == "landlock"
    monkeypatch.setattr(pool, "refusal", lambda kind, level: "The confinement lets through: x.")
    with pytest.raises(NotJudged, match="lets through: x"):
        judge(NAME, RIGHT, seed=1)


def test_a_probe_that_gets_through_is_a_refusal(monkeypatch):
    pool.refusal.cache_clear()
    monkeypatch.setattr(pool, "probe", lambda kind, level: ["forking", "a TCP socket"])
    try:
        said = pool.refusal("numpy", "landlock")
        assert said == "The confinement lets through: forking, a TCP socket."
        with pytest.raises(NotJudged, match="lets through: forking"):
            judge(NAME, RIGHT, seed=1, confinement="landlock")
    finally:
        pool.refusal.cache_clear()


def test_without_landlock_or_libseccomp_a_layer_refuses_instead_of_holding_less(monkeypatch):
    monkeypatch.setattr(confine, "landlock_abi", lambda: -1)
    with pytest.raises(RuntimeError, match="This kernel has no Landlock"):
        confine.rules([])
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(RuntimeError, match="libseccomp"):
        confine.syscall_filter()


def test_in_namespaces_not_even_sizes_and_times_of_files_can_be_seen_and_landlock_hides_no_more(
    tmp_path,
):
    (tmp_path / "secret").write_text("x" * 1234)
    look = f"import os\nraise ValueError(os.stat({str(tmp_path / 'secret')!r}).st_size)"
    words = {
        level: judge(NAME, {STEP: look}, seed=1, confinement=level).verdicts[0].words
        for level in LEVELS
    }
    assert "FileNotFoundError" in words["namespaces"] and "1234" not in words["namespaces"]
    assert "1234" in words["landlock"]  # the guide says so


# ---- the fork server ------------------------------------------------------------------


def children(parent):
    return psutil.Process(parent.process.pid).children(recursive=True)


@pytest.mark.parametrize("level", LEVELS)
def test_a_child_dies_with_its_fork_server(level):
    with pool.child("numpy", level) as child:
        running = children(child.server)
        assert len(running) == 1
        child.wire.send({"cell": 1, "source": "while True: pass"})
        waiting.end(child.server.process)
        waiting.until(lambda: all(map(waiting.has_ended, running)), "their end", 5)
        child.server.close()


def test_a_dead_fork_server_is_replaced():
    with pool.child("numpy", "none") as child:
        child.server.process.kill()
        with pytest.raises(NotJudged, match="does not answer"):
            child.server.order("interrupt")
    with pool.child("numpy", "none") as child:
        assert child.run("print(1)", 10).outputs[0]["text"] == "1\n"


def test_whoever_is_killed_leaves_no_process_and_no_folder():
    code = (
        "from course.grading.sandbox import pool; import time\n"
        "with pool.child('numpy', 'landlock') as child:\n"
        "    child.wire.send({'cell': 1, 'source': 'while True: pass'})\n"
        "    print(child.server.process.pid, child.server.folder, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as grader:
        pid, folder = waiting.Said(grader).until(r"(\d+) (\S+)\n").groups()
        processes = [psutil.Process(int(pid)), *psutil.Process(int(pid)).children()]
        grader.kill()
    waiting.until(lambda: all(map(waiting.has_ended, processes)), "their end", 5)
    assert not Path(folder).exists()


def test_a_folder_that_a_killed_grader_left_is_removed_by_the_next_one(tmp_path):
    (tmp_path / f"{pool.FOLDERS}999999999-left/here").mkdir(parents=True)
    (tmp_path / f"{pool.FOLDERS}{os.getpid()}-mine").mkdir()
    code = (
        "from course.grading.sandbox import pool\n"
        "with pool.child('numpy', 'none') as child: print(child.run('1', 10).why)"
    )
    done = waiting.run([sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.stdout == "\n", done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"{pool.FOLDERS}{os.getpid()}-mine"]


def test_the_folder_of_a_grader_that_lives_in_another_container_is_left_alone(tmp_path):
    elsewhere = tmp_path / f"{pool.FOLDERS}999999999-lives"
    elsewhere.mkdir()
    code = (
        "from course.grading.sandbox import pool\n"
        "with pool.child('numpy', 'none') as child: print(child.run('1', 10).why)"
    )
    with (elsewhere / "log").open("wb") as log:
        journal_lock.take(log.fileno())
        done = waiting.run([sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.stdout == "\n", done.stderr
    assert [*tmp_path.iterdir()] == [elsewhere]


def test_threads_that_call_at_once_get_a_fork_server_each():
    with pool.child("numpy", "none") as one, pool.child("numpy", "none") as other:
        assert one.server is not other.server
        assert one.run("x = 1", 10).why == other.run("x = 2", 10).why == ""


def test_a_fork_server_with_two_threads_is_not_forked():
    code = f"""
import sys, threading, time
sys.path.insert(0, {str(INSIDE)!r})
import fork_server
threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
print(fork_server.ForkServer(None, None, (), None).fork({{}}, 0)["refused"])
"""
    done = waiting.run([sys.executable, "-c", code])
    assert done.stdout == "The fork server has 2 threads and cannot be forked.\n", done.stderr


def test_a_forked_worker_does_not_share_its_parents_fork_servers():
    with pool.child("numpy", "none"):
        pass
    mine, *_ = pool._idle["numpy", "none"]
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        gc.collect()
        os.write(write, json.dumps(list(pool._idle)).encode())
        mine.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b"[]"
    assert mine.process.poll() is None, "a fork must not end its parent's process"
    assert (mine.folder / "here").is_dir(), "nor remove its folder"
    assert judging.judge(NAME, RIGHT, seed=1, confinement="none").verdicts[0].passed
