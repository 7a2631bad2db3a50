"""The first minutes: the printed address, rows or a file, a function that learned, an answer."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api.servers import Server, serving
from tests.console.browsers import SECONDS, Visitor, api, visiting
from tests.console.test_journey import rows

pytestmark = pytest.mark.journey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home") as made:
        yield made


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    with visiting(server) as made:
        yield made


def test_pasted_rows_become_a_function_that_answers_as_one_types(visitor: Visitor) -> None:
    with visitor.page() as page:
        assert "key" not in page.url
        expect(page.get_by_text("Teach the first function")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="New function").click()
        page.get_by_label("Rows").fill(rows().decode())
        page.get_by_role("button", name="Look at the rows").click()
        expect(page.get_by_role("combobox", name="It should answer")).to_have_value("label")
        page.get_by_label("Name", exact=True).fill("chat 👋")
        page.get_by_role("button", name="Make the function").click()
        expect(page.get_by_role("heading", name="chat 👋")).to_be_visible()
        expect(page.get_by_text("Can machine learning do this?")).to_be_visible()
        expect(page.get_by_label("Labels").get_by_text("greeting")).to_be_visible()
        page.get_by_role("link", name="Try", exact=True).click()
        page.get_by_label("Text", exact=True).press_sequentially("hello there number 7")
        expect(page.locator(".answer .said")).to_contain_text("greeting")
        expect(page.get_by_text("Because of these samples")).to_be_visible()
        page.get_by_role("button", name="Python").click()
        expect(page.locator("pre.code")).to_contain_text('load("chat \\ud83d\\udc4b")')


def test_a_file_without_labels_is_labelled_by_keyboard_and_learned(
    visitor: Visitor, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("text\n" + "\n".join(f"note {n} about thing {n % 3}" for n in range(40)))
    with visitor.page("/new") as page:
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_role("button", name="Label later").click()
        page.get_by_role("button", name="Make the function").click()
        expect(page.get_by_text("Nothing learned yet")).to_be_visible()
        page.get_by_role("link", name="Label samples").click()
        expect(page.get_by_role("row").first).to_contain_text("note")
        for label in ("odd", "even"):
            page.keyboard.press("l")
            page.get_by_role("combobox", name="Label", exact=True).last.fill(label)
            page.keyboard.press("Enter")
            expect(page.get_by_role("row").filter(has_text=label)).to_have_count(1)
        for place in range(8):
            page.keyboard.press(str(1 + place % 2))
            given = page.get_by_role("gridcell").get_by_text("odd" if place % 2 == 0 else "even")
            expect(given.nth(1 + place // 2)).to_be_visible()
        with page.expect_response(lambda answer: answer.url.endswith("/annotations")):
            page.keyboard.press("z")
        expect(page.get_by_role("gridcell").get_by_text("even")).to_have_count(4)
        page.get_by_role("link", name="Overview").click()
        expect(page.get_by_text("Can machine learning do this?")).to_be_visible()
    until = time.monotonic() + SECONDS
    with api(server) as program:  # the page does not wait for what it has sent
        while program.get("/v1/functions/notes/summary").json()["annotatedSampleCount"] != 9:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_wrong_key_in_the_address_leads_to_the_door(visitor: Visitor, server: Server) -> None:
    with visitor.page("/#key=hf_wrong", signed_in=False) as page:
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Key", exact=True).fill(server.secret)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Functions")).to_be_visible()
        visitor.faults.clear()  # the browser itself tells that the first key was refused
