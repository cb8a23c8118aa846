"""The server as a teacher starts it: what it prints, what it answers, and what it never loses."""

import contextlib
import http.client
import json
import secrets
import signal
import socket
import threading
import time

import pytest
from typer.testing import CliRunner

import course
from course.__main__ import app
from course.attendance.membership import NotJoined
from course.attendance.sending import post
from course.classroom.connections import OWN_FILES
from tests import waiting
from tests.classroom.conftest import check, guess


def raw(server, method, path, body=None, **headers):
    """(status, headers, text) of any request."""
    host = server.site.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    return found


def course_class(folder, *options):
    """`course class` that ends by itself, in this process."""
    with contextlib.chdir(folder):
        return waiting.in_a_thread(CliRunner().invoke, app, ["class", *map(str, options)])


@pytest.fixture(scope="module")
def server(opened):
    return opened()


def test_the_terminal_shows_what_the_room_needs(server):
    said = server.said.so_far
    address = server.site.removeprefix("http://")
    assert f'join("{address}", "{server.code}")' in said
    assert f"course join {address} {server.code}" in said
    assert server.page("screen") in said and server.page("teacher") in said
    assert server.file.stat().st_mode & 0o777 == 0o600


def test_what_is_acknowledged_is_in_the_file(server):
    _, reply = server.enter()
    assert server.news(reply["token"], check(), guess(2))[0] == 200
    told = [line for line in server.lines() if line["what"] != "join"][-2:]
    assert [line["name"] for line in told] == ["04.step", "04.slope"]


def test_a_wrong_code_gets_a_clear_line_and_then_a_wait(server):
    for _ in range(5):
        status, reply = server.enter(code="AAA-AAA")
        assert status == 403 and "is not this class's code" in reply["message"]
    status, reply = server.enter(code=server.code)
    assert status == 429 and "try again in" in reply["message"]
    time.sleep(1.1)
    assert server.enter()[0] == 200


def test_whoever_guesses_cannot_claim_other_addresses(opened, tmp_path):
    server = opened(tmp_path)
    body = {"code": "AAA-AAA", "name": "", "version": course.__version__, "token": ""}

    def guesses(**headers):
        told = [{name: value % n for name, value in headers.items()} for n in range(9)]
        sent = {"Content-Type": "application/json"}
        found = [raw(server, "POST", "/join", json.dumps(body), **sent | each) for each in told]
        return [status for status, _, _ in found]

    slowed = [403] * 5 + [429] * 4
    assert guesses(**{"X-Real-Ip": "10.0.0.%d"}) == slowed
    # A program that serves TLS adds the address it was asked from, behind what came with it.
    assert guesses(**{"X-Forwarded-For": "10.0.1.%d, 203.0.113.1"}) == slowed
    both = {"X-Forwarded-For": "10.0.2.%d, 203.0.113.2", "X-Real-Ip": "10.0.3.%d"}
    assert guesses(**both) == slowed


def connections(server, source, count):
    """So many connections from an address, each with half a request; those that stay open."""
    port, found = int(server.site.rpartition(":")[2]), []
    for _ in range(count):
        with contextlib.suppress(OSError):
            found.append(socket.create_connection(("127.0.0.1", port), 10, (source, 0)))
            found[-1].sendall(b"POST /news HTTP/1.1\r\n")
    return found


def test_whoever_holds_many_connections_leaves_room_for_others(opened, tmp_path):
    server = opened(tmp_path, "--host", "0.0.0.0", files=OWN_FILES + 150)
    token = server.enter()[1]["token"]
    with contextlib.ExitStack() as held:
        for each in connections(server, "127.0.0.2", 200):
            held.enter_context(each)
        assert server.news(token, check(1))[0] == 200
        for each in connections(server, "127.0.0.3", 200) + connections(server, "127.0.0.4", 200):
            held.enter_context(each)
        waiting.until(lambda: not _answers(server, token), "a server that is full", 20)
    waiting.until(lambda: _answers(server, token), "an answer once they have gone")
    assert "Traceback" not in server.said.now()


def _answers(server, token):
    with contextlib.suppress(NotJoined):
        return server.news(token, check(2))[0] == 200
    return False


def test_nothing_else_is_answered(server):
    json_type = {"Content-Type": "application/json"}
    own = server.page().removeprefix(server.site)
    for method, path, body, headers, status in (
        ("GET", "/screen/" + "a" * 24, None, {}, 404),
        ("GET", own.replace("screen", "teacher"), None, {}, 404),
        ("GET", own + "x/events", None, {}, 404),
        ("GET", "/static/../store.py", None, {}, 404),
        ("GET", "/static/class.html", None, {}, 404),
        ("GET", "/class.jsonl", None, {}, 404),
        ("POST", "/news", b"{}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/news", b'{"a":' * 9000, json_type, 400),
        ("POST", "/join", b"\xff", json_type, 400),
        ("PUT", "/join", b"{}", json_type, 405),
        ("OPTIONS", "/join", None, {}, 405),
    ):
        found, _, text = raw(server, method, path, body, **headers)
        assert found == status, (method, path, text)
        assert "Traceback" not in text and "tornado" not in text.lower()


def test_a_request_that_is_too_large_is_cut_off(server):
    with contextlib.suppress(OSError):
        found, _, _ = raw(server, "POST", "/news", b"x" * 70_000, **{"Content-Type": "text/plain"})
        assert found == 400
    assert server.enter()[0] == 200


def test_pages_load_nothing_from_elsewhere_and_say_so_to_the_browser(server):
    own = server.page().removeprefix(server.site)
    for path in (own, "/", "/static/class.js", "/static/class.css"):
        status, headers, text = raw(server, "GET", path)
        assert status == 200 and "http" not in text.replace("http-equiv", "")
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_names_go_to_the_teachers_page_alone(opened):
    named = opened(None, "--names")
    _, reply = named.enter("<b>Ada</b>")
    named.news(reply["token"], check())
    assert "Ada" in first_event(named, "teacher")
    assert "Ada" not in first_event(named, "screen")


def first_event(server, which):
    """The first thing that a page is told."""
    host = server.site.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", server.page(which).removeprefix(server.site) + "/events")
    answer = connection.getresponse()
    line = answer.readline(100_000).decode()
    connection.close()
    return line


def test_two_servers_on_one_port_or_on_one_file_get_a_clear_line(server, tmp_path):
    port = server.site.rpartition(":")[2]
    second = course_class(tmp_path, "--open", "--host", "127.0.0.1", "--port", port)
    assert second.exit_code == 2 and f"Port {port} of 127.0.0.1 is in use" in second.output
    second = course_class(tmp_path, "--open", "--host", "127.0.0.1", "--file", server.file)
    assert second.exit_code == 2 and "is open already, in another terminal" in second.output
    second = course_class(tmp_path, "--delete", "--file", server.file)
    assert second.exit_code == 2 and "is open already" in second.output
    assert server.enter()[0] == 200 and server.file.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "Write course class --open, or course class --delete."),
        (("--open", "--delete"), "Write course class --open, or course class --delete."),
        (("--delete",), "There is no class in class.jsonl."),
        (("--open", "--file", "no/such/folder.jsonl"), "No such file or directory"),
        (("--open", "--host", "192.0.2.77"), "This machine has no address 192.0.2.77"),
        (("--open", "--host", "no host"), "This machine has no address no host"),
        (("--open", "--address", ""), "--address is what learners write"),
        (("--open", "--address", "class example"), "got 'class example'"),
        (("--delete", "--file", "."), "There is no class in ."),
    ],
)
def test_what_makes_no_sense_gets_a_clear_line(tmp_path, options, sentence):
    done = course_class(tmp_path, *options)
    assert done.exit_code == 2 and sentence in done.output and "Traceback" not in done.output


def test_a_class_is_closed_opened_again_and_deleted(opened, tmp_path):
    first = opened(tmp_path)
    _, reply = first.enter()
    first.news(reply["token"], check())
    first.process.send_signal(signal.SIGINT)
    assert "The class is closed" in first.said.rest()
    again = opened(tmp_path)
    assert again.code == first.code and "again, with 1 learner of before" in again.said.so_far
    assert again.news(reply["token"], check(2))[0] == 200
    again.process.send_signal(signal.SIGTERM)
    again.said.rest()
    done = course_class(tmp_path, "--delete")
    assert "class.jsonl is deleted, with all 3 lines of it." in done.stdout
    assert not [*tmp_path.iterdir()]


def test_a_full_disk_is_told_and_costs_nothing_that_was_acknowledged(opened, tmp_path):
    full = opened(tmp_path, largest=3000)
    _, reply = full.enter()
    taken, status, number = 0, 200, 0
    while status == 200 and number < 100:
        number += 1
        status, answer = full.news(reply["token"], check(number), session="a" * 16)
        taken += status == 200
    assert status == 503 and "cannot write it down now" in answer["message"]
    assert "File too large" in first_event(full, "screen")
    assert len([line for line in full.lines() if line["what"] == "check"]) == taken > 3
    waiting.end(full.process)
    more = opened(tmp_path)
    assert more.news(reply["token"], check(number), session="a" * 16)[0] == 200
    assert [line["number"] for line in more.lines()[1:]] == [*range(1, taken + 2)]


def kill_while_many_send(opened, folder, seconds):
    """Kill a server while ten learners send; returns what was acknowledged, and it opened anew."""
    server = opened(folder)
    tokens = [server.enter()[1]["token"] for _ in range(10)]
    acknowledged = [[] for _ in tokens]

    def learner(place):
        session = secrets.token_hex(8)
        for number in range(1, 10_000):
            try:
                status, _ = post_news(server.site, tokens[place], session, number)
            except Exception:
                return
            if status == 200:
                acknowledged[place].append((session, number))

    threads = [threading.Thread(target=learner, args=(place,)) for place in range(10)]
    for each in threads:
        each.start()
    time.sleep(seconds)
    waiting.end(server.process)
    for each in threads:
        each.join(timeout=30)
    return {each for one in acknowledged for each in one}, opened(folder)


def post_news(site, token, session, number):
    return post(f"{site}/news", {"token": token, "session": session, "events": [check(number)]})


def test_a_killed_server_has_all_that_it_acknowledged(opened, tmp_path):
    acknowledged, again = kill_while_many_send(opened, tmp_path, 0.7)
    kept = {(line["session"], line["number"]) for line in again.lines() if line["what"] == "check"}
    assert len(acknowledged) > 20 and acknowledged <= kept
    assert "could not be read" not in again.said.so_far


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(8))
def test_however_often_it_is_killed(opened, tmp_path, attempt):
    acknowledged, again = kill_while_many_send(opened, tmp_path, 0.3 + attempt / 7)
    kept = {(line["session"], line["number"]) for line in again.lines() if line["what"] == "check"}
    assert acknowledged <= kept
    json.dumps(again.lines())
