"""The exports, read back by readers that know only their formats' rules."""

import csv
import re

import pytest

from course import questions
from course.questions import exports
from course.questions.kinds import Choice, Number, Order, right, wrong

EVERY = questions.everything()
ODD = [
    Choice("00.a", 'Is "a = b" {#1: ~c}?', (right("x\\y", "So = so."), wrong("k\tl", "No # no."))),
    Number("00.b", "How many?", -0.5, 0.001, "As :: so.", ((2, "{2}"),), "Else."),
    Order("00.c", "Order?", (("z", "z first."), ("y", "y next."), ("x", "So."))),
]


def read_anki(text):
    """The headers and the rows of a text file for Anki."""
    lines = text.splitlines()
    head = dict(line[1:].split(":", 1) for line in lines if line.startswith("#"))
    rows = [line for line in lines if not line.startswith("#")]
    return head, list(csv.reader(rows, delimiter="\t"))


@pytest.mark.parametrize("asked", [EVERY, ODD], ids=["course", "odd"])
def test_anki_reads_a_card_of_four_fields_for_each_question(asked):
    head, rows = read_anki(exports.anki(asked))
    assert head["separator"] == "tab" and head["html"] == "true"
    assert [row[0] for row in rows] == [each.name for each in asked]
    assert len({row[0] for row in rows}) == len(rows)
    for row, question in zip(rows, asked):
        assert len(row) == len(head["columns"].split("\t")) == 4
        assert row[int(head["tags column"]) - 1] == f"chapter{question.chapter}"


def test_a_card_asks_in_front_and_explains_every_mistake_behind():
    _, ((_, front, back, _),) = read_anki(exports.anki([questions.find("04.slope")]))
    assert "<li>no limit</li>" in front and "friction takes" not in front
    assert back.startswith("<b>1.0</b>") and back.count("<br><i>") == 3


UNESCAPED = r"(?<!\\)(?:\\\\)*"


def read_gift(text):
    """Name -> (format, text, body) of each question of a GIFT file; escapes are undone later."""
    found = {}
    for block in re.split(r"\n\s*\n", text.strip()):
        parts = re.fullmatch(
            r"::((?:\\.|[^\\:])+)::\[(\w+)\]((?:\\.|[^\\{}])*)\{((?:\\.|[^\\{}])*)\}", block, re.S
        )
        assert parts, block
        found[plain(parts[1])] = parts[2], plain(parts[3]).strip(), parts[4]
    return found


def plain(text):
    return re.sub(r"\\(.)", r"\1", text)


def gift_answers(body):
    """(sign, answer, feedback) of each answer in a body."""
    return [
        (sign, plain(answer).strip(), plain(feedback or "").strip())
        for sign, answer, feedback in re.findall(
            r"([=~])((?:\\.|[^\\=~#])*)(?:#((?:\\.|[^\\=~#])*))?", body, re.S
        )
    ]


@pytest.mark.parametrize("question", [*EVERY, *ODD], ids=lambda each: each.name)
def test_gift_has_each_answer_with_its_sentence(question):
    style, text, body = read_gift(exports.gift([question]))[question.name]
    assert (style, text) == ("markdown", question.text)
    if question.kind == "choice":
        assert gift_answers(body) == [
            ("=" if passed else "~", label, sentence)
            for label, sentence, passed in question.options
        ]
    elif question.kind == "number":
        assert body.startswith("#")
        (_, best, because), *slips, (sign, _, otherwise) = gift_answers(body[1:])
        value, tolerance = map(float, best.split(":"))
        assert (value, tolerance, because) == (question.value, question.tolerance, question.because)
        assert (sign, otherwise) == ("~", question.otherwise)
        for (_, slip, sentence), (number, why) in zip(slips, question.slips, strict=True):
            assert slip == f"%0%{number:g}:{question.tolerance:g}" and sentence == why
    else:
        pairs = [plain(line)[1:].split(" -> ") for line in body.strip().splitlines()[:-1]]
        assert [label for label, _ in pairs] == [label for label, _ in question.steps]
        assert [place for _, place in pairs] == [str(n + 1) for n in range(len(pairs))]
        assert body.strip().splitlines()[-1].startswith("####")


def test_gift_parts_questions_by_blank_lines_and_keeps_them_all():
    assert list(read_gift(exports.gift(EVERY))) == [each.name for each in EVERY]
