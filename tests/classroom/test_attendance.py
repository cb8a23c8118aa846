"""A learner in a class: joins by a line, is never kept waiting; what was told comes, once each."""

import sys
import threading

import pytest

from course import attendance, checks
from course.attendance import membership, outbox, sending
from course.learner import kernel_startup
from course.learner.predict import Prediction
from course.questions import find
from tests import waiting
from tests.checks.test_kernel import Notebook


def uphill(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return variable + velocity, velocity


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity


@pytest.fixture(scope="module")
def server(opened):
    return opened()


def look(function):
    """What a check in a sheet does."""
    names = {"check": checks.check, "ball_step": function}
    try:
        exec('check("04.step")', names)
    except checks.CheckFailed:
        return


def noted(threads, *told, post=sending.post):
    """Send, and note which thread does."""
    threads.append(threading.current_thread())
    return post(*told)


def told(server):
    return [line for line in server.lines() if line["what"] != "join"]


def sent():
    waiting.until(lambda: not outbox.first(1), "all news to be taken", 60)


def test_checks_and_predictions_are_told_and_nothing_of_the_code(server, copy, capsys):
    attendance.join(server.site.removeprefix("http://"), server.code.lower())
    assert "Never your code" in capsys.readouterr().out
    look(uphill)
    look(ball_step)
    Prediction(find("04.slope")).take(3)
    Prediction(find("04.coast")).take("4,5")
    Prediction(find("04.coast")).take("123.25")
    sent()
    mistake = next(
        i
        for i, each in enumerate(checks.find("04.step").mistakes)
        if each.because.startswith("Your ball rolls uphill")
    )
    kept = [
        {k: v for k, v in line.items() if k not in ("at", "session", "number", "learner")}
        for line in told(server)[-5:]
    ]
    assert kept == [
        {"what": "check", "name": "04.step", "passed": False, "mistake": mistake},
        {"what": "check", "name": "04.step", "passed": True, "mistake": None},
        {"what": "guess", "name": "04.slope", "choice": 3, "revealed": False},
        {"what": "guess", "name": "04.coast", "choice": 0, "revealed": False},
        {"what": "guess", "name": "04.coast", "choice": 5, "revealed": False},
    ]
    assert "uphill" not in server.file.read_text() and "123.25" not in server.file.read_text()


def test_other_kernels_of_the_copy_are_in_the_class_and_those_elsewhere_are_not(
    server, copy, tmp_path_factory
):
    attendance.join(server.site, server.code)
    before = len(told(server))
    code = "from course import attendance as a; a.tell_check('04.goal', True); a.flush(30)"
    (copy / "exercises").mkdir()
    for folder, more in ((copy / "exercises", 1), (tmp_path_factory.mktemp("elsewhere"), 0)):
        done = waiting.run([sys.executable, "-c", code], cwd=folder)
        assert done.returncode == 0, done.stderr
        before += more
        assert len(told(server)) == before
    assert (copy / ".course/class.json").stat().st_mode & 0o777 == 0o600


def test_the_command_joins_and_leaves(server, copy):
    course = [sys.executable, "-m", "course"]
    done = waiting.run([*course, "join", server.site, "wrong"], cwd=copy)
    assert done.returncode == 2 and "is not this class's code" in done.stderr
    done = waiting.run([*course, "join", server.site, server.code], cwd=copy)
    assert done.returncode == 0 and "You are in the class" in done.stdout
    assert membership.load().site == server.site
    done = waiting.run([*course, "leave"], cwd=copy)
    assert "You have left the class." in done.stdout and membership.load() is None


@pytest.mark.parametrize("address", ["", "nowhere at all", "file:///etc/passwd", "a\nb", 5 * "§"])
def test_an_address_that_is_none_gets_a_clear_line(copy, address):
    with pytest.raises(attendance.NotJoined, match="Write the address as it is shown"):
        attendance.join(address, "KFM-427")


def test_where_nobody_answers_that_is_said_and_nothing_is_joined(copy):
    with pytest.raises(attendance.NotJoined, match="No class answers at http://127.0.0.1:9 "):
        attendance.join("127.0.0.1:9", "KFM-427")
    assert membership.load() is None


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "127.0.0.1:x", "[::1", "a" * 70 + ".b"])
def test_an_address_that_cannot_be_gets_a_clear_line(copy, address):
    with pytest.raises(attendance.NotJoined, match="No class answers at http://"):
        attendance.join(address, "KFM-427")


@pytest.mark.parametrize(
    ("status", "reply", "line"),
    [
        (200, {}, r"There is no class at 127.0.0.1:9 \(200\)\."),
        (200, {"token": 5}, "There is no class"),
        (200, {"token": "a b\n" * 9}, "There is no class"),
        (403, {"message": ["x"]}, r"There is no class at 127.0.0.1:9 \(403\)\."),
        (403, {"message": "\x1b[31mwrong\n\u202ecode"}, r"^\[31mwrong code$"),
    ],
)
def test_what_is_no_class_is_not_joined_and_shows_one_plain_line(
    copy, monkeypatch, status, reply, line
):
    monkeypatch.setattr(attendance, "post", lambda url, body: (status, reply))
    with pytest.raises(attendance.NotJoined, match=line):
        attendance.join("127.0.0.1:9", "KFM-427")
    assert membership.load() is None


def test_while_the_server_is_away_checks_go_on_and_it_catches_up_in_order(
    opened, copy, capsys, monkeypatch
):
    folder = copy / "teacher"
    folder.mkdir()
    server = opened(folder)
    port = server.site.rpartition(":")[2]
    attendance.join(server.site, server.code)
    look(ball_step)
    sent()
    waiting.end(server.process)
    capsys.readouterr()
    threads = []
    monkeypatch.setattr(sending, "post", lambda *told: noted(threads, *told))
    for function in (uphill, ball_step) * 5:
        look(function)
    waiting.until(lambda: threads, "an attempt to send")
    assert threading.current_thread() not in threads, "no check waits for a server"
    assert capsys.readouterr().err == ""
    again = opened(folder, "--port", port)
    sent()
    assert [line["passed"] for line in told(again)] == [True] + [False, True] * 5
    again.process.terminate()


def test_what_another_kernel_left_unsent_is_sent_by_the_next(server, copy):
    code = (
        "from course import attendance as a; a.tell_check('04.goal', True); import os; os._exit(9)"
    )
    away = membership.Membership("http://127.0.0.1:9", "t" * 24)
    membership.save(away)
    waiting.run([sys.executable, "-c", code], cwd=copy)
    kept = outbox.first(5)
    assert [each["name"] for each in kept] == ["04.goal"]
    _, reply = server.enter()
    membership.save(membership.Membership(server.site, reply["token"]))
    attendance.tell_check("04.step", True)
    sent()
    assert [line["name"] for line in told(server)[-2:]] == ["04.goal", "04.step"]


def test_what_the_class_refuses_does_not_hold_up_the_rest(server, copy):
    attendance.join(server.site, server.code)
    attendance.tell_check("04.nothing", True)
    attendance.tell_check("04.goal", True)
    sent()
    assert told(server)[-1]["name"] == "04.goal"


def test_a_class_that_forgot_its_learner_says_so_once(server, copy, capfd):
    membership.save(membership.Membership(server.site, "t" * 24))
    attendance.tell_check("04.goal", True)
    waiting.until(lambda: membership.load() is None, "the membership to end")
    sent()
    assert "The class no longer knows you" in capfd.readouterr().err


def test_what_is_unsent_is_bounded_and_the_newest_stays(copy, monkeypatch):
    monkeypatch.setattr(outbox, "MOST", 3000)
    for number in range(100):
        outbox.add({"name": number})
    assert (copy / ".course" / outbox.FILE).stat().st_size < 3500
    found = [each["name"] for each in outbox.first(100)]
    assert found == [*range(found[0], 100)] and found[0] > 0


def test_damaged_lines_of_the_outbox_are_passed_and_dropped(copy):
    outbox.add({"name": "a"})
    with (copy / ".course" / outbox.FILE).open("ab") as file:
        file.write(b'\xff\n[]\n{"session": "x"}\n' + b"[" * 5000 + b"\n")
    outbox.add({"name": "b"})
    found = outbox.first(10)
    assert [each["name"] for each in found] == ["a", "b"]
    outbox.remove(found)
    assert (copy / ".course" / outbox.FILE).read_bytes() == b""


def test_a_check_holds_where_nothing_can_be_kept(copy, capsys, monkeypatch):
    membership.save(membership.Membership("http://127.0.0.1:9", "t" * 24))
    full = copy / ".course" / outbox.FILE
    full.mkdir()
    look(ball_step)
    assert capsys.readouterr().out.startswith("✓ One step of the ball")
    full.rmdir()


def test_in_no_class_nothing_is_kept_and_no_thread_runs(copy):
    look(ball_step)
    assert [path.name for path in (copy / ".course").iterdir()] == ["manifest.json"]


def test_a_guess_is_after_the_reveal_once_the_cell_that_reveals_was_run(copy, monkeypatch):
    notebook = Notebook()
    monkeypatch.setattr("IPython.get_ipython", lambda: notebook.shell)
    membership.save(membership.Membership("http://127.0.0.1:9", "t" * 24))
    notebook.run("from course.learner.predict import predict\nwidget = predict('04.slope')", "a")
    notebook.run("widget.take(3)", "b")
    notebook.run("'another cell'", "slope-words")
    notebook.run("widget.take(0)", "b")
    notebook.run("'speed 1.00'", find("04.slope").cell)
    notebook.run("widget.take(2)", "b")
    told = [(each["choice"], each["revealed"]) for each in outbox.first(9)]
    assert told == [(3, False), (0, False), (2, True)]


def test_join_is_there_in_each_kernel_that_course_lab_starts(server, copy):
    notebook = Notebook()
    notebook.shell.safe_execfile(kernel_startup.__file__, notebook.shell.user_ns)
    assert notebook.run(f'join("{server.site}", "{server.code}")').startswith("You are in the")
    assert notebook.run("leave()") == "You have left the class.\n"
    assert notebook.run("leave()") == "You are in no class.\n"
