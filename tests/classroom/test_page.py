"""The projector's page in a real browser: it stays current, by keyboard, in both themes."""

import re

import pytest
from playwright.sync_api import expect

from course.checks import find
from tests.classroom.conftest import check, guess

pytestmark = pytest.mark.browser
SIZES = [(1920, 1080), (1024, 768)]


@pytest.fixture(scope="module")
def server(opened):
    """A class with names, at sheet 04."""
    server = opened(None, "--names")
    tokens = [server.enter(f"<b>Ada {i}</b>")[1]["token"] for i in range(12)]
    for i, token in enumerate(tokens):
        news = [check(1, mistake=i % 5 + 1, age=400.0 if i < 3 else 60.0)]
        news += [check(2, passed=True), check(3, "04.terminal", mistake=0)] * (i > 7)
        news += [guess(9, choice=i % 3), guess(10, choice=2, revealed=True)]
        news = [each | {"number": number} for number, each in enumerate(news, 1)]
        assert server.news(token, *news)[0] == 200
    server.tokens = tokens
    return server


@pytest.fixture
def page(chromium, server):
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    assert page.said == []
    assert all(url.startswith(server.site + "/") for url in page.asked)
    page.close()


def shown(page, server, which="screen"):
    page.goto(server.page(which))
    expect(page.locator("#figures")).to_contain_text("joined")


def test_tasks_and_mistakes_stand_there_in_the_checks_own_words(page, server):
    shown(page, server)
    expect(page.locator("h1")).to_have_text("Momentum as friction")
    bar = page.locator(".task", has_text="04.step").locator(".bar")
    expect(bar).to_have_attribute(
        "aria-label", "4 hold, 8 at it, 3 of them for more than 5 minutes"
    )
    words = find("04.step").mistakes[1].because
    expect(page.locator(".mistakes")).to_contain_text(words.replace("`", ""))
    expect(page.locator("#figures")).to_contain_text("3")
    assert "Ada" not in page.content(), "no name is on the wall"
    expect(page.locator("#invitation")).to_contain_text(server.code)


def test_what_is_told_comes_to_the_page_by_itself(page, server):
    shown(page, server)
    passed = page.locator(".task", has_text="04.goal").locator(".pass")
    expect(passed).to_have_count(0)
    for number, token in enumerate(server.tokens[10:], 1):
        server.news(token, check(20, "04.goal", passed=True))
        expect(passed).to_have_text(str(number))


def test_it_works_by_keyboard_alone(page, server):
    shown(page, server)
    page.keyboard.press("2")
    expect(page.locator(".question")).to_contain_text("which speed does the ball approach?")
    expect(page.locator(".options li").nth(2)).to_contain_text("1.0")
    assert page.locator(".right").count() == 0, "nothing is given away before the class says so"
    expect(page.locator(".options li").nth(0).locator(".before")).to_have_attribute(
        "aria-label", "4 before the reveal"
    )
    expect(page.locator(".options li").nth(2).locator(".after")).to_have_attribute(
        "aria-label", "12 after the reveal"
    )
    page.keyboard.press("r")
    expect(page.locator(".right")).to_contain_text("1.0")
    page.keyboard.press("1")
    expect(page.locator(".task")).to_have_count(5)
    page.keyboard.press("Tab")
    expect(page.locator("#tasks")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".question")).to_be_visible()


def test_names_are_text_on_the_teachers_page(page, server):
    shown(page, server, "teacher")
    expect(page.locator("tbody tr")).to_have_count(12)
    expect(page.locator("tbody tr").first).to_contain_text("<b>Ada")
    expect(page.locator("tbody tr").first).to_contain_text("6 min")
    assert page.locator("tbody b").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_a_projector_and_reads_in_both_themes(chromium, server, theme, size):
    page = chromium.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
    )
    shown(page, server)
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for selector, least in ((".words", 4.5), (".over", 4.5), (".bar .pass", 4.5), ("h1", 7)):
        assert contrast(page, selector) >= least, selector
    smallest = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.words')).fontSize)"
    )
    assert smallest / size[1] > 0.025, "a fortieth of the picture's height is read from the back"
    page.close()


def contrast(page, selector):
    """The contrast of a text to what it stands on, as WCAG counts it."""
    ink, ground = page.evaluate(
        """selector => {
        let element = document.querySelector(selector);
        const ink = getComputedStyle(element).color;
        while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)")
          element = element.parentElement;
        return [ink, getComputedStyle(element).backgroundColor];
      }""",
        selector,
    )
    lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_page_of_a_class_that_is_gone_says_so(chromium, opened, tmp_path):
    first = opened(tmp_path)
    page = chromium.new_page()
    shown(page, first)
    first.process.terminate()
    first.process.wait(timeout=60)
    expect(page.locator("#problem")).to_contain_text("It goes on by itself", timeout=20_000)
    (tmp_path / "other").mkdir()
    opened(tmp_path / "other", "--port", first.site.rpartition(":")[2])
    # The browser asks again by itself, and the other class does not know this page.
    expect(page.locator("#problem")).to_contain_text("no longer the class's", timeout=30_000)
    page.close()
