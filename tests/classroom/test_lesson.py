"""Who is let in and what is taken: codes, tokens, order, once each, and not too much."""

import asyncio
import json
import os

import pytest

import course
from course.classroom import guessing, lesson, store
from course.classroom.guessing import FREE, TOGETHER, Guessing
from course.classroom.lesson import Lesson, Refusal
from tests import waiting
from tests.classroom.conftest import check

SESSION = "a" * 16


@pytest.fixture
def file(tmp_path):
    return tmp_path / "class.jsonl"


def in_class(file, what, names=None):
    """Run `what(lesson)`, a coroutine, over a file; the file is closed after it."""

    async def go():
        opened = store.open_store(file, names)
        try:
            return await what(Lesson(opened))
        finally:
            opened.close()

    return waiting.in_a_thread(asyncio.run, go())


def asked(lesson, name="", code=None, version=course.__version__, token=""):
    code = lesson.store.head["code"] if code is None else code
    return json.dumps({"code": code, "name": name, "version": version, "token": token}).encode()


def told(token, *events, session=SESSION):
    return json.dumps({"token": token, "session": session, "events": events}).encode()


def tries(lesson):
    return {number: each.tries for number, each in lesson.counts.learners.items()}


def refused(file, what, names=None):
    with pytest.raises(Refusal) as found:
        in_class(file, what, names)
    return found.value


def test_each_event_counts_once_in_order_however_often_it_is_sent(file):
    async def go(lesson):
        token = await lesson.join(asked(lesson), "here")
        await lesson.news(told(token, check(1), check(2, passed=True)))
        await lesson.news(told(token, check(1), check(2, passed=True), check(3, "04.goal")))
        await lesson.news(told(token, check(7), check(6), session="b" * 16))
        return tries(lesson)[1]

    found = in_class(file, go)
    assert found["04.step"].checks == 3 and found["04.goal"].checks == 1
    assert len(file.read_text().splitlines()) == 1 + 1 + 4


def test_one_learner_cannot_speak_for_another(file):
    async def go(lesson):
        first = await lesson.join(asked(lesson), "here")
        second = await lesson.join(asked(lesson), "here")
        await lesson.news(told(second, check(1)))
        found = tries(lesson)
        for token in (first[:-1] + "_", first.swapcase(), "1" * 24):
            with pytest.raises(Refusal, match="does not know you"):
                await lesson.news(told(token, check(1)))
        with pytest.raises(Refusal, match="takes no such thing"):
            await lesson.news(told(second, check(2) | {"learner": 1}))
        assert first not in file.read_text() and second not in file.read_text()
        return found

    found = in_class(file, go)
    assert not found[1] and found[2]


def test_who_joins_again_is_the_same_learner_unless_with_another_name(file):
    async def go(lesson):
        token = await lesson.join(asked(lesson, "Ada"), "here")
        for name in ("Ada", ""):
            assert await lesson.join(asked(lesson, name, token=token), "here") == token
        assert await lesson.join(asked(lesson, "Ben", token=token), "here") != token
        assert await lesson.join(asked(lesson, token="t" * 24), "here") not in (token, "t" * 24)
        with pytest.raises(Refusal, match="is not this class's code"):
            await lesson.join(asked(lesson, code="AAA-AAA", token=token), "here")
        return [each.name for each in lesson.counts.learners.values()]

    assert in_class(file, go, names=True) == ["Ada", "Ben", ""]


def test_a_name_is_taken_only_where_the_class_was_opened_with_names(file, tmp_path):
    reply = refused(file, lambda lesson: lesson.join(asked(lesson, "Ada"), "here"))
    assert reply.status == 409 and "without names" in str(reply)
    assert "Ada" not in file.read_text()
    with_names = tmp_path / "names.jsonl"
    in_class(with_names, lambda lesson: lesson.join(asked(lesson, "Ada"), "here"), names=True)
    assert "Ada" in with_names.read_text()
    with pytest.raises(store.NotOpened, match="opened with names, and stays so"):
        store.open_store(with_names, False)


def test_another_version_of_the_course_is_told_to_update(file):
    reply = refused(file, lambda lesson: lesson.join(asked(lesson, version="0.0"), "here"))
    assert f"The class has course {course.__version__}, and you 0.0" in str(reply)


def test_a_code_is_taken_as_people_type_it():
    assert guessing.is_code(" kfm427", "KFM-427") and guessing.is_code("kfm 427", "KFM-427")
    assert not guessing.is_code("", "KFM-427") and not guessing.is_code("KFM-42", "KFM-427")
    assert len({guessing.new_code() for _ in range(50)}) == 50


def test_wrong_codes_are_slowed_for_each_address_and_for_all_together():
    now = [0.0]
    slow = Guessing(lambda: now[0])
    for _ in range(FREE):
        assert slow.wait("a") == 0
        slow.was_wrong("a")
    assert slow.wait("a") == 1 and slow.wait("b") == 0
    now[0] += 1
    assert slow.wait("a") == 0
    slow.was_wrong("a")
    assert slow.wait("a") == 2
    for number in range(TOGETHER):
        slow.was_wrong(f"other {number}")
    assert 0 < slow.wait("somebody new") <= 60
    now[0] += 61
    assert slow.wait("somebody new") == 0
    for _ in range(40):
        slow.was_wrong("a")
    assert slow.wait("a") <= 60, "nobody waits longer"
    slow.was_right("a")
    now[0] += 61
    assert slow.wait("a") == 0


def test_a_guesser_gets_no_answer_even_to_the_right_code_until_the_wait_is_over(file):
    async def go(lesson):
        for _ in range(FREE):
            with pytest.raises(Refusal, match="is not this class's code"):
                await lesson.join(asked(lesson, code="AAA-AAA"), "guesser")
        with pytest.raises(Refusal, match="try again in"):
            await lesson.join(asked(lesson), "guesser")
        return await lesson.join(asked(lesson), "another")

    assert in_class(file, go)


def test_what_a_learner_may_send_is_bounded(file, monkeypatch):
    monkeypatch.setattr(lesson, "MOST_NEWS", 40)

    async def go(room):
        token = await room.join(asked(room), "here")
        await room.news(told(token, *(check(i) for i in range(1, 41))))
        await room.news(told(token, check(41)))

    assert refused(file, go).status == 429
    monkeypatch.undo()

    async def flood(room):
        token = await room.join(asked(room), "here")
        for start in range(1, 1000, 50):
            await room.news(told(token, *(check(start + i) for i in range(50))))

    assert refused(file, flood).status == 429
    monkeypatch.setattr(lesson, "MOST_LEARNERS", 2)
    assert "is full" in str(refused(file, lambda room: room.join(asked(room), "here")))


def test_yesterdays_class_is_counted_again_with_its_code_and_its_learners(file):
    async def first(lesson):
        token = await lesson.join(asked(lesson), "here")
        await lesson.news(told(token, check(1), check(2, passed=True)))
        return token, lesson.counts.shown(0), lesson.store.head

    token, shown, head = in_class(file, first)

    async def second(lesson):
        assert lesson.store.head == head and lesson.counts.shown(0) == shown
        await lesson.news(told(token, check(2, passed=True), check(3, "04.goal")))
        await lesson.join(asked(lesson), "here")
        return lesson.counts.learners

    found = in_class(file, second)
    assert sorted(found) == [1, 2] and found[1].tries["04.step"].checks == 2


def test_damaged_lines_cost_themselves_alone_and_are_counted(file):
    async def go(lesson):
        token = await lesson.join(asked(lesson), "here")
        await lesson.news(told(token, check(1)))
        return token

    token = in_class(file, go)
    with file.open("ab") as end:
        end.write(b'{"what":"check","learner":1,"name":"04.nothing","at":1}\n[]\n')
        end.write(b'{"what":"join","learner":1,"token":"x","name":"","at":1}\n\xff\n{"what":"che')

    async def again(lesson):
        await lesson.news(told(token, check(2)))
        return lesson.damaged, lesson.counts.learners[1].tries["04.step"].checks

    assert in_class(file, again) == (5, 2)
    assert in_class(file, lambda lesson: asyncio.sleep(0, lesson.counts.learners[1])).at


def test_a_file_that_is_no_class_is_left_as_it_is(file):
    file.write_text("my thesis")
    with pytest.raises(store.NotOpened, match="holds something else than a class"):
        store.open_store(file, None)
    with pytest.raises(store.NotOpened, match="holds something else"):
        store.delete(file)
    assert file.read_text() == "my thesis"


def test_a_write_that_fails_leaves_whole_lines_and_is_told_and_the_next_one_goes_on(
    file, monkeypatch
):
    async def go(lesson):
        token = await lesson.join(asked(lesson), "here")
        before = file.read_bytes()
        monkeypatch.setattr(os, "write", _fails_after(os.write, 20))
        with pytest.raises(OSError, match="No space left"):
            await lesson.news(told(token, check(1)))
        assert file.read_bytes() == before and not tries(lesson)[1]
        assert lesson.store.problem == "No space left on device"
        monkeypatch.undo()
        await lesson.news(told(token, check(1)))
        assert tries(lesson)[1] and not lesson.store.problem

    in_class(file, go)


def _fails_after(write, most):
    """`os.write` on a disk with so many bytes left."""
    left = [most]

    def limited(descriptor, data):
        if not left[0]:
            raise OSError(28, "No space left on device")
        done = write(descriptor, bytes(data)[: left[0]])
        left[0] -= done
        return done

    return limited


def test_a_class_of_another_version_is_not_shown_with_this_ones_sentences(file, monkeypatch):
    in_class(file, lambda lesson: lesson.join(asked(lesson), "here"))
    before = file.read_bytes()
    monkeypatch.setattr(store.schema, "meaning", lambda: "another")
    with pytest.raises(store.NotOpened, match=f"was made with course {course.__version__}, whose"):
        store.open_store(file, None)
    assert file.read_bytes() == before and store.delete(file) == 1


@pytest.mark.parametrize("change", [{"code": 5}, {"names": "no"}, {"screen": None}])
def test_a_damaged_head_is_no_class(file, change):
    in_class(file, lambda lesson: asyncio.sleep(0))
    head = json.loads(file.read_text())
    file.write_text(json.dumps(head | change) + "\n")
    with pytest.raises(store.NotOpened, match="holds something else than a class"):
        store.open_store(file, None)


@pytest.mark.parametrize("at", ["NaN", "Infinity", "1" + 400 * "0"])
def test_a_line_at_no_time_is_damaged(file, at):
    in_class(file, lambda lesson: lesson.join(asked(lesson), "here"))
    with file.open("ab") as end:
        end.write(b'{"what":"join","learner":7,"token":"x","name":"","at":%s}\n' % at.encode())
    found = in_class(file, lambda lesson: asyncio.sleep(0, lesson))
    assert found.damaged == 1 and [*found.counts.learners] == [1]
