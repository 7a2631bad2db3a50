"""Take screenshots of every page of the console: `make screenshots`, or with a folder as argument.

Serves a home with the demo data, signs in with Chromium, and photographs each page light and dark,
at the width of a desktop and of a phone. Those that the README shows go to docs/images.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "examples" / "support.csv"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SECONDS = 60.0

PAGES = {
    "functions": "/",
    "start": "/new",
    "overview": "/functions/support",
    "data": "/functions/support/data",
    "review": "/functions/support/review",
    "queue": "/functions/support/review?queue=1",
    "try": "/functions/support/try",
    "versions": "/functions/support/versions",
    "operate": "/functions/support/operate",
    "settings": "/functions/support/settings",
    "keys": "/keys",
}
SIZES = {"desktop": (1280, 820), "phone": (390, 844)}
SHOWN = {"overview", "review", "try"}
"""Pages that README and docs show, at the width of a desktop."""

IMAGES = ROOT / "docs" / "images"
COLOURS = 96
"""Colours of a picture that is shown: enough for flat pages, and a third of the bytes."""

QUESTION = "the parcel was left in the rain and the box is soaked"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def served(home: Path) -> Iterator[tuple[str, str]]:
    """A server on a home that holds the demo function: its address, and a key."""
    hotfit = [sys.executable, "-m", "hotfit"]
    environment = {**os.environ, "HOTFIT_HOME": str(home)}
    subprocess.run(
        [*hotfit, "fit", str(DATA), "--name", "support"],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    made = subprocess.run(
        [*hotfit, "keys", "create"], env=environment, check=True, capture_output=True, text=True
    )
    found = re.search(r"hf_\S+", made.stdout)
    assert found is not None
    port = free_port()
    process = subprocess.Popen(
        [*hotfit, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url, found[0]
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(url: str) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            if httpx2.get(f"{url}/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise TimeoutError(url)


def _call(url: str, key: str) -> None:
    """A few edits and calls, so that there are versions to compare and something to operate."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=SECONDS) as client:
        path = "/v1/functions/support"
        found = client.get(f"{path}/samples?predictionAndAnnotationAgree=false&count=6").json()
        for one in found:
            said = {"labelId": one["prediction"]["labelId"]}
            done = client.put(f"{path}/samples/{one['id']}/annotation", json=said)
            client.post(
                f"{path}/invoke?wait={done.headers['hotfit-change']}", json={"data": QUESTION}
            )
        for number in range(40):
            data = f"{QUESTION}, order {number}" if number % 3 else f"please refund order {number}"
            client.post("/v1/functions/support/invoke", json={"data": data})


def _sign_in(page: Page, url: str, key: str) -> None:
    page.goto(url)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Functions").wait_for()


def _settle(page: Page) -> None:
    """Wait until what the page asked for is there."""
    waiting = page.locator("main .bones, main .bone")
    expect(waiting).to_have_count(0, timeout=1000 * SECONDS)
    page.wait_for_timeout(300)  # what fades in has done so


def _shoot(browser: Browser, url: str, key: str, *, size: str, theme: str, folder: Path) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=1,
    )
    page = context.new_page()
    _sign_in(page, url, key)
    for name, address in PAGES.items():
        page.goto(url + address)
        page.locator("main h1").first.wait_for()
        if name == "try":
            page.get_by_label("Text").fill(QUESTION)
            page.get_by_text("Because of these samples").wait_for()
        _settle(page)
        path = folder / f"{name}-{size}-{theme}.png"
        page.screenshot(path=path)
        if name in SHOWN and size == "desktop":
            _show(path, IMAGES / f"{name}-{theme}.png")
    context.close()


def _show(taken: Path, shown: Path) -> None:
    """Keep a small copy of a picture for the documents."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with Image.open(taken) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(shown, optimize=True)


def main(words: list[str]) -> int:
    """Take all of them."""
    folder = Path(words[0]) if words else ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as (url, key):
        _call(url, key)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for size in SIZES:
                for theme in ("light", "dark"):
                    _shoot(browser, url, key, size=size, theme=theme, folder=folder)
            browser.close()
    print(f"{len(PAGES) * 4} screenshots in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
