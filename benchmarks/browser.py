"""What a person waits for in a real browser, before a real server with the real text encoder.

First page: bytes of script, first paint, and when the verdict stands there, in a browser that has
nothing kept. Typing: from each keystroke to the answer to it, or to a later one, on the screen.
Labelling: from each key to the next sample on the screen, and how many a second the server has
written. Scrolling: seconds between frames while a grid of 100,000 samples moves.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import console
from benchmarks.over_http import checked, server, texts, until
from hotfit.store.sessions import Store
from tools.screenshots import CHROMIUM

TAUGHT = 2_000
UNLABELLED = 300
LABELLED = 60
TYPED = 3
KEY_MS = 130
"""Milliseconds between keystrokes: some 90 words a minute."""
SCROLLED = 400
GRID = 100_000
VISITS = 5

WATCH = """
window.seen = {paint: null, verdict: null, asked: [], answered: [], keys: [], next: []};
const frame = () => {
  if (seen.verdict === null && document.querySelector(".verdict .estimate"))
    seen.verdict = performance.now();
  else if (seen.verdict === null) requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
const asked = (event) => seen.asked.push([event.target.value, performance.now()]);
addEventListener("input", asked, true);
const plain = window.fetch;
window.fetch = async (to, init) => {
  const answer = await plain(to, init);
  if (String(to).includes("/invoke")) {
    const said = JSON.parse(init.body).data;
    requestAnimationFrame(() => setTimeout(() => seen.answered.push([said, performance.now()])));
  }
  return answer;
};
addEventListener("keydown", () => seen.keys.push(performance.now()), true);
"""
"""Told to a page before its own scripts run."""

SUBJECT = """
const shown = () => document.querySelector(".subject")?.textContent;
let last = shown();
const painted = () => setTimeout(() => seen.next.push(performance.now()));
new MutationObserver(() => {
  if (!shown() || shown() === last) return;
  last = shown();
  requestAnimationFrame(painted);
}).observe(document.querySelector("main"), {childList: true, subtree: true, characterData: true});
"""

SCROLL = """
async (frames) => {
  const grid = document.querySelector(".grid"), times = [];
  let last = performance.now();
  for (let at = 0; at < frames; at++) {
    grid.scrollTop += at % 100 === 99 ? 300000 : 90;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}
"""


def run() -> dict[str, Any]:
    """Measure all of it; milliseconds and bytes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder)) as client,
        chromium() as made,
    ):
        function = teach(client)
        measured = {
            "first_page": first_page(made, client, function),
            "typing": typing(made, client, function),
            "labelling": labelling(made, client, function),
        }
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(f"sqlite:///{Path(folder) / 'hotfit.db'}") as store:
            function = console.fill(store, most=GRID)
        with server(Path(folder)) as client, chromium() as made:
            measured["scrolling"] = scrolling(made, client, function)
    return {"benchmark": "browser", **measured}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, client: httpx2.Client, address: str) -> Iterator[Page]:
    """A signed-in page of a browser that has nothing kept but who it is."""
    key = client.headers["Authorization"].removeprefix("Bearer ")
    url = str(client.base_url).rstrip("/")
    first = browser.new_context()
    entered = first.new_page()
    entered.goto(f"{url}/#key={key}")
    entered.get_by_role("heading", name="Functions", exact=True).wait_for()
    context = browser.new_context(
        storage_state=first.storage_state(),
        viewport={"width": 1280, "height": 820},
        bypass_csp=True,  # what is watched is asked for by strings, which the policy refuses
    )
    first.close()
    page = context.new_page()
    context.set_default_timeout(240_000)
    page.add_init_script(WATCH)
    page.goto(url + address)
    page.locator("main h1").wait_for()
    yield page
    context.close()


def teach(client: httpx2.Client) -> str:
    """A function that has learned texts, and has others that nobody has labelled."""
    rows = list(texts(TAUGHT + UNLABELLED))
    table = [(text, label if at < TAUGHT else None) for at, (text, label) in enumerate(rows)]
    content = "\n".join(json.dumps({"text": text, "label": said}) for text, said in table)
    made = checked(
        client.post(
            "/v1/functions/from-file?name=typed&fileName=a.jsonl&target=label", content=content
        )
    )
    path = f"/v1/functions/{made.json()['id']}"
    until(lambda: client.get(f"{path}/versions").json() != [])
    until(lambda: not client.get(f"{path}/progress").json()["isTraining"])
    identifier: str = made.json()["id"]
    return identifier


def first_page(browser: Browser, client: httpx2.Client, function: str) -> dict[str, Any]:
    """Script, paint and verdict of the overview."""
    paints, verdicts, script = [], [], 0
    for _ in range(VISITS):
        with page_of(browser, client, f"/functions/{function}") as page:
            page.wait_for_function("seen.verdict !== null")
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            paints.append(
                page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
            verdicts.append(page.evaluate("seen.verdict"))
            script = page.evaluate(
                "performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'))"
                ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
            )
    return {
        "script_bytes_gzipped": script,
        "first_paint_ms": round(statistics.median(paints)),
        "verdict_ms": round(statistics.median(verdicts)),
        "visits": VISITS,
    }


def typing(browser: Browser, client: httpx2.Client, function: str) -> dict[str, Any]:
    """From each keystroke to its answer, or a later one."""
    with page_of(browser, client, f"/functions/{function}/try") as page:
        field = page.locator("textarea")
        field.press_sequentially("warm up", delay=KEY_MS)
        page.locator(".answer .said").wait_for()
        page.evaluate("seen.asked = []; seen.answered = []")
        for text, _ in texts(TYPED):
            field.fill("")
            field.press_sequentially(text[:60], delay=KEY_MS)
            page.wait_for_function("seen.answered.at(-1)?.[0] === seen.asked.at(-1)[0]")
        asked, answered = page.evaluate("[seen.asked, seen.answered]")
    places = {text: at for at, (text, _) in enumerate(asked) if text.strip()}
    found = sorted((places[text], moment) for text, moment in answered if text in places)
    times = []
    for text, moment in asked:
        if text.strip():
            shown = [then for place, then in found if place >= places[text] and then > moment]
            times.append(min(shown) - moment)
    return {"keystrokes": len(times), "key_to_answer_ms": console.spread(times)}


def labelling(browser: Browser, client: httpx2.Client, function: str) -> dict[str, Any]:
    """From each key to the next sample, pressed as soon as that is there."""
    before = annotated(client, function)
    with page_of(browser, client, f"/functions/{function}/review?queue=1") as page:
        page.locator(".subject").wait_for()
        page.evaluate(SUBJECT)
        started = time.monotonic()
        for number in range(LABELLED):
            shown = page.locator(".subject").text_content()
            page.keyboard.press(str(1 + number % 3))
            page.wait_for_function(
                "shown => document.querySelector('.subject')?.textContent !== shown", arg=shown
            )
        pressed = time.monotonic() - started
        until(lambda: annotated(client, function) >= before + LABELLED)
        written = time.monotonic() - started
        keys, following = page.evaluate("[seen.keys, seen.next]")
    times = [min(then for then in following if then > key) - key for key in keys[:-1]]
    return {
        "keys": LABELLED,
        "a_second": round(LABELLED / pressed, 1),
        "written_a_second": round(LABELLED / written, 1),
        "key_to_next_ms": console.spread(times),
    }


def annotated(client: httpx2.Client, function: str) -> int:
    """Samples with an answer."""
    told = checked(client.get(f"/v1/functions/{function}/summary")).json()
    count: int = told["annotatedSampleCount"]
    return count


def scrolling(browser: Browser, client: httpx2.Client, function: str) -> dict[str, Any]:
    """Milliseconds between frames while the grid moves, with jumps of thousands of rows."""
    with page_of(browser, client, f"/functions/{function}/data") as page:
        page.get_by_role("row").nth(5).wait_for()
        page.evaluate(SCROLL, 30)
        times: Sequence[float] = page.evaluate(SCROLL, SCROLLED)
    return {
        "samples": GRID,
        "frames": len(times),
        "frame_ms": console.spread(times) | {"most": round(max(times), 1)},
        "frames_over_50_ms": sum(one > 50 for one in times),
    }
