"""Work in a real browser: review by keyboard, a version that lands meanwhile, no mouse at all."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.api.servers import Server, serving
from tests.console.browsers import Visitor, api, require_browser, visiting
from tests.console.test_journey import rows

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    require_browser()
    with serving(tmp_path_factory.mktemp("work") / "home", HOTFIT_NOTICE_SECONDS="0") as made:
        yield made


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    with visiting(server) as made:
        yield made


def learned(server: Server, name: str, more: str = "") -> str:
    """A function that has learned greetings and partings; its identifier."""
    with api(server) as program:
        made = program.post(
            f"/v1/functions/from-file?name={name}&fileName=a.csv&target=label",
            content=rows() + more.encode(),
        )
        assert made.status_code == 200, made.text
        path = f"/v1/functions/{made.json()['id']}"
        asked = f"{path}/invoke?wait={made.headers['hotfit-change']}"
        assert program.post(asked, json={"data": "hello"}).status_code == 200
    identifier: str = made.json()["id"]
    return identifier


def heard(server: Server, function: str, event: str) -> None:
    """Wait until an event of a function was told."""
    address, past = f"/v1/functions/{function}/events", {"Last-Event-ID": "0"}
    with api(server) as program, program.stream("GET", address, headers=past) as stream:
        assert any(line == f"event: {event}" for line in stream.iter_lines())


def counted(program: httpx2.Client, function: str) -> tuple[int, int]:
    told = program.get(f"/v1/functions/{function}/summary").json()
    return told["sampleCount"], told["annotatedSampleCount"]


def answered(page: Page, key: str, *, ends: str) -> None:
    """Press a key that writes, and wait until the server has written it."""
    with page.expect_response(lambda told: told.request.method != "GET" and ends in told.url) as it:
        page.keyboard.press(key)
    assert it.value.ok, it.value.text()


def test_what_teaches_most_is_labelled_by_one_key_and_taken_back(
    visitor: Visitor, server: Server
) -> None:
    more = "\n" + "\n".join(f"something in between {n}," for n in range(20))
    function = learned(server, "queue", more)
    with visitor.page(f"/functions/{function}/review?queue=1") as page, api(server) as program:
        subject = page.locator(".subject")
        expect(page.locator(".answers").get_by_role("button", name="1 greeting")).to_be_enabled()
        seen = []
        for key in ("1", "2", "Enter", "1"):
            expect(subject).to_contain_text("something in between")
            seen.append(subject.text_content() or "")
            answered(page, key, ends="/annotation")
            expect(subject).not_to_have_text(seen[-1])
        assert len(set(seen)) == 4
        assert counted(program, function) == (140, 124)
        answered(page, "z", ends="/annotation")
        expect(subject).to_have_text(seen[-1])
        assert counted(program, function) == (140, 123)
        page.keyboard.press("Space")
        expect(subject).not_to_have_text(seen[-1])
        expect(page.get_by_text("4 done")).to_be_visible()


def test_findings_are_settled_by_one_key_and_opened_again(visitor: Visitor, server: Server) -> None:
    twins = "\n" + "\n".join(["the very same words,greeting"] * 2 + ["twice this,parting"] * 2)
    function = learned(server, "findings", twins)
    heard(server, function, "findings")
    with visitor.page(f"/functions/{function}/review") as page, api(server) as program:
        expect(page.get_by_role("button", name="Sets of exact duplicates")).to_be_visible()
        page.get_by_role("button", name="Sets of exact duplicates").click()
        subject = page.locator(".subject")
        expect(subject.locator(".content")).to_have_count(2)
        expect(page.locator(".answers .primary")).to_be_enabled()
        before = counted(program, function)[0]
        first = subject.text_content() or ""
        answered(page, "Enter", ends="/accept")
        expect(subject).not_to_have_text(first)
        assert counted(program, function)[0] == before - 1
        answered(page, "z", ends="/undo")
        expect(subject).to_have_text(first)
        assert counted(program, function)[0] == before
        answered(page, "Backspace", ends="/dismiss")
        expect(subject).not_to_have_text(first)


def test_a_version_that_lands_is_seen_at_once(visitor: Visitor, server: Server) -> None:
    function = learned(server, "watched")
    with visitor.page(f"/functions/{function}") as page, api(server) as program:
        expect(page.get_by_text("Can machine learning do this?")).to_be_visible()
        samples = page.locator(".counters div").filter(has_text="samples").locator("dd")
        expect(samples).to_have_text("120")
        newest = program.get(f"/v1/functions/{function}/versions").json()[0]["number"]
        for number in range(8):
            sample = {"data": f"a third kind of {number}", "annotation": {"labelName": "third"}}
            done = program.post(f"/v1/functions/{function}/samples", json=sample)
            assert done.status_code == 200, done.text
        expect(samples).to_have_text("128")
        expect(page.get_by_label("Labels").get_by_text("third")).to_be_visible()
        expect(page.get_by_text(f"Version {newest} answers")).to_have_count(0)


def test_no_mouse_is_needed_from_the_door_to_a_label(visitor: Visitor, server: Server) -> None:
    learned(server, "keyboard")
    with visitor.page(signed_in=False) as page:
        expect(page.get_by_label("Key", exact=True)).to_be_focused()
        page.keyboard.type(server.secret)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Functions")).to_be_visible()
        expect(page.get_by_role("link", name="keyboard")).to_be_visible()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").startswith("keyboard"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="keyboard")).to_be_visible()
        page.clock.set_fixed_time(datetime.now(UTC))  # the two keys belong together
        page.keyboard.press("g")
        page.keyboard.press("d")
        expect(page.get_by_role("heading", name="Data")).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.type("hello there number 8")
        expect(page.get_by_role("row")).to_have_count(1)
        expect(page.get_by_role("gridcell").get_by_text("greeting").first).to_be_visible()
        page.get_by_role("grid").focus()
        answered(page, "2", ends="/annotation")
        expect(page.get_by_role("gridcell").get_by_text("parting").first).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_text("Similar to this")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
