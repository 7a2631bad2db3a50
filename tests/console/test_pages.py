"""Every page in a real browser: light and dark, on a phone, by keyboard, with hostile content."""

import json
from collections.abc import Iterator, Sequence

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.api.servers import Server, serving
from tests.console.browsers import PHONE, Visitor, api, require_browser, serious, visiting

pytestmark = pytest.mark.journey

HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "\"><svg onload='window.hit = 1'>",
    "javascript:window.hit=1",
    "{{constructor.constructor('window.hit = 1')()}}",
    '=HYPERLINK("http://evil.example")',
    "</textarea><iframe srcdoc='<script>parent.hit = 1</script>'>",
    "مرحبا بالعالم‎ نص من اليمين إلى اليسار",
    "👩‍👩‍👧‍👦 zalgo t̷̢̛̖̺e̵͎̐x̷̱̕t " + "🎉" * 50,
    "onewordwithoutanybreakatall" * 200,
)
LABELS = ("<b onmouseover='window.hit = 1'>bold</b>", "لا", "🎉" * 40, "plain", "w" * 180)
PAGES = ("", "/data", "/review", "/review?queue=1", "/try", "/versions", "/operate", "/settings")
NAME = "<img src=x onerror='window.hit = 1'> مرحبا 🎉"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with functions whose every word is hostile, long, or in another script."""
    require_browser()
    with serving(tmp_path_factory.mktemp("pages") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def functions(server: Server) -> tuple[str, str]:
    """A function that reads texts and one that reads rows, both with versions and findings."""
    with api(server) as program:
        made = (bring(program, texts(), NAME), bring(program, records(), "rows"))
        said = [{"data": text} for text in HOSTILE]
        for one in said:
            assert program.post(f"/v1/functions/{made[0]}/invoke", json=one).status_code == 200
    return made


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    with visiting(server) as made:
        yield made


def texts() -> Iterator[dict[str, object]]:
    for number in range(120):
        label = LABELS[number // 2 % len(LABELS)]
        label_or_none = None if number % 11 == 0 else label
        yield {
            "text": f"{HOSTILE[number // 2 % len(HOSTILE)]} {number // 2}",
            "label": label_or_none,
        }


def records() -> Iterator[dict[str, object]]:
    for number in range(60):
        yield {
            HOSTILE[0]: HOSTILE[number % 2],
            HOSTILE[1]: number % 7 + number % 2 * 10,
            "label": LABELS[number % 2],
        }


def bring(program: httpx2.Client, given: Iterator[dict[str, object]], name: str) -> str:
    """A function of some rows, once it is learned; its identifier."""
    content = "\n".join(json.dumps(one) for one in given).encode()
    query = {"name": name, "fileName": "<svg onload=alert(1)>.jsonl", "target": "label"}
    made = program.post("/v1/functions/from-file", content=content, params=query)
    assert made.status_code == 200, made.text
    identifier: str = made.json()["id"]
    follow = f"/v1/functions/{identifier}/events"
    with program.stream("GET", follow, headers={"Last-Event-ID": "0"}) as stream:
        assert any(line == "event: version" for line in stream.iter_lines())
    return identifier


def addresses(functions: Sequence[str]) -> list[str]:
    """Every page, and those that show rows in another way than texts."""
    read, rows = (f"/functions/{one}" for one in functions)
    shown = [rows, f"{rows}/data", f"{rows}/try"]
    return ["/", "/new", "/keys", *(read + page for page in PAGES), *shown]


def settled(page: Page) -> None:
    """Wait until the page has what it asked for."""
    expect(page.locator("main .bones, main .bone")).to_have_count(0)


def walk(page: Page, url: str, functions: Sequence[str]) -> Iterator[str]:
    """Open each page in turn."""
    for address in addresses(functions):
        page.goto(url + address)
        page.locator("main h1").wait_for()
        settled(page)
        yield address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(
    visitor: Visitor, functions: tuple[str, str], theme: str
) -> None:
    with visitor.page(theme=theme) as page:
        found = {one: serious(page) for one in walk(page, visitor.server.url, functions)}
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_hostile_content_is_shown_and_never_run(
    visitor: Visitor, functions: tuple[str, str]
) -> None:
    with visitor.page() as page:
        page.goto(f"{visitor.server.url}/functions/{functions[0]}/data")
        page.get_by_role("searchbox").fill("<script>")
        expect(page.get_by_role("row").get_by_text(HOSTILE[0]).first).to_be_visible()
        page.get_by_role("grid").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_text("Similar to this")).to_be_visible()
        settled(page)
        page.keyboard.press("Escape")
        page.goto(f"{visitor.server.url}/functions/{functions[0]}/try")
        page.get_by_label("Text", exact=True).fill("\n".join(HOSTILE))
        expect(page.get_by_text("Because of these samples")).to_be_visible()
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_role("textbox", name="Name").first).to_have_value(NAME)
        assert page.evaluate("window.hit") is None


def test_nothing_is_wider_than_a_phone_or_run_there(
    visitor: Visitor, functions: tuple[str, str]
) -> None:
    wide = []
    with visitor.page(size=PHONE) as page:
        for address in walk(page, visitor.server.url, functions):
            width = page.evaluate("document.documentElement.scrollWidth")
            assert page.evaluate("window.hit") is None
            if width > PHONE[0]:
                wide.append((address, width))
        page.goto(f"{visitor.server.url}/functions/{functions[0]}/review?queue=1")
        before = page.locator(".subject").inner_text()
        page.locator(".answers button").filter(has_text="plain").click()
        expect(page.locator(".subject")).not_to_have_text(before)
    assert wide == []
