"""A real browser before a real server: what it must never do is held for every page it opens."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from hotfit.console.files import FOLDER, INDEX
from tests.api.servers import Server

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECONDS = 180.0
"""A machine under load is slow, and nothing here is about speed."""

DESKTOP = (1280, 820)
PHONE = (390, 844)

expect.set_options(timeout=1000 * SECONDS)

PATIENT = """
const later = window.setTimeout;
window.setTimeout = (call, pause, ...given) => later(call, pause >= 5000 ? 1e6 : pause, ...given);
"""
"""Words at the foot of a page, and the undo with them, stay until the test has come to them."""


def require_browser() -> str:
    """Chromium's path; skip where the journeys cannot be made."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed here (apt-get install chromium)")
    if not (FOLDER / INDEX).exists():
        pytest.skip("the console is not built here (make console)")
    return CHROMIUM


class Visitor:
    """Pages of one browser; at the end none has erred or asked another host for anything."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self._browser = browser
        self.faults: list[str] = []

    @contextmanager
    def page(
        self,
        address: str = "/",
        *,
        size: tuple[int, int] = DESKTOP,
        theme: str = "light",
        signed_in: bool = True,
    ) -> Iterator[Page]:
        """A page in a context of its own, signed in by the address that the server prints."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(1000 * SECONDS)
        context.add_init_script(PATIENT)
        page = context.new_page()
        page.on("console", self._told)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        try:
            if signed_in:
                page.goto(f"{self.server.url}/#key={self.server.secret}")
                page.get_by_role("heading", name="Functions", exact=True).wait_for()
            page.goto(self.server.url + address)
            page.locator("main h1, main h2").first.wait_for()
            yield page
            assert not self.faults, "\n".join(self.faults)
        finally:
            context.close()

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text} ({message.location})")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.server.url + "/", "data:", "blob:")):
            self.faults.append(f"asked for {url}")


@contextmanager
def visiting(server: Server) -> Iterator[Visitor]:
    """A browser before a server."""
    path = require_browser()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path, args=["--no-sandbox"], timeout=1000 * SECONDS
        )
        try:
            yield Visitor(browser, server)
        finally:
            browser.close()


def serious(page: Page) -> list[str]:
    """The serious and critical faults that axe finds on a page, each with its place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{one['id']} at {node['target']}: {node['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def api(server: Server) -> httpx2.Client:
    """A program beside the browser."""
    headers = {"Authorization": f"Bearer {server.secret}"}
    return httpx2.Client(base_url=server.url, headers=headers, timeout=SECONDS)
