"""Images that tables name by address: fetched where that is allowed, from nowhere inward."""

import ipaddress
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from hotfit.app import App
from hotfit.encoders import PIXELS
from hotfit.inputs.images_column import OnlyAddresses
from hotfit.inputs.picture import BadPicture
from hotfit.local import Home, addresses
from hotfit.local.addresses import Addresses, is_public
from hotfit.settings import Settings
from tests.inputs.pictures import BLUE, RED, halves, png, saved

INWARD = (
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 "
    "255.255.255.255 ::1 :: fe80::1 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 "
    "64:ff9b::7f00:1 2002:7f00:1::1"
)


class _Site(BaseHTTPRequestHandler):
    """Files by path, and how often each was asked for."""

    files: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.asked.append(self.path)
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", path.removeprefix("/to/").replace("|", "/"))
            self.end_headers()
            return
        content = self.files.get(path)
        self.send_response(404 if content is None else 200)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(_Site, "files", {"/a.png": png(1)})
    monkeypatch.setattr(_Site, "asked", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch() -> Iterator[Addresses]:
    with Addresses(allowed=lambda _: True) as one:
        yield one


@pytest.mark.parametrize("ip", INWARD.split())
def test_inward_addresses_are_not_public(ip: str) -> None:
    assert not is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700:4700::1111"])
def test_others_are_public(ip: str) -> None:
    assert is_public(ipaddress.ip_address(ip))


def test_a_file_is_asked_for_once(site: str, fetch: Addresses) -> None:
    assert fetch(f"{site}/a.png?size=1") == fetch(f"{site}/a.png?size=1") == png(1)
    assert _Site.asked == ["/a.png?size=1"]


def test_nothing_reaches_a_private_network(site: str) -> None:
    port = urlsplit(site).port
    with Addresses() as fetch:
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
            with pytest.raises(BadPicture, match=r"private network|cannot be fetched"):
                fetch(f"http://{host}:{port}/a.png")
    assert _Site.asked == []


def test_every_redirect_is_judged_again(site: str) -> None:
    judged: list[str] = []

    def once(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        judged.append(str(ip))
        return len(judged) == 1

    with Addresses(allowed=once) as fetch, pytest.raises(BadPicture, match="private network"):
        fetch(f"{site}/to/|a.png")
    assert _Site.asked == ["/to/|a.png"]


def test_redirects_are_followed_but_not_for_ever(site: str, fetch: Addresses) -> None:
    assert fetch(f"{site}/to/|a.png") == png(1)
    with pytest.raises(BadPicture, match="more than 3 times"):
        fetch(f"{site}/to/round")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/none.png", "status 404"),
        ("/to/file:||etc|passwd", "no http or https"),
    ],
)
def test_what_cannot_be_had_is_told(site: str, fetch: Addresses, path: str, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        fetch(site + path)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://example.org/a.png", "no http or https"),
        ("http:///a.png", "no http or https"),
        ("http://example.org:99999/a.png", "no http or https"),
        ("http://me:secret@example.org/a.png", "name or password"),
        ("http://example.org/a b.png", "characters"),
        ("http://example.org/\r\nHost: x", "characters"),
    ],
)
def test_odd_addresses_are_not_asked(fetch: Addresses, address: str, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        fetch(address)


def test_a_file_too_large_or_too_slow_is_given_up(
    site: str, fetch: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "MOST_BYTES", 100)
    with pytest.raises(BadPicture, match="has more than"):
        fetch(f"{site}/a.png")
    monkeypatch.undo()
    _Site.files["/a.png"] = png(1)
    late = iter([0.0, 31.0])
    with (
        Addresses(allowed=lambda _: True, clock=lambda: next(late)) as slow,
        pytest.raises(BadPicture, match="after 30 seconds"),
    ):
        slow(f"{site}/a.png")


def test_a_table_of_addresses_becomes_a_function_where_that_is_switched_on(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for number in range(16):
        colour = (RED, BLUE)[number % 2]
        picture = halves(colour, (number * 9, 0, number))
        _Site.files[f"/{number}"] = saved(picture)
        rows.append(f"{site}/{number},{'red' if colour is RED else 'blue'}")
    rows.append(f"{site}/missing,red")
    table = tmp_path / "colours.csv"
    table.write_text("\n".join(["image,label", *rows]))
    settings = Settings(home=tmp_path / "home", image_encoder=PIXELS.name)
    with pytest.raises(OnlyAddresses, match="HOTFIT_IMAGE_ADDRESSES"):
        Home(App(settings)).fit(table, inputs=["image"], tuned=False)
    monkeypatch.setattr(addresses, "Addresses", partial(Addresses, allowed=lambda _: True))
    allowed = settings.model_copy(update={"image_addresses": True})
    function = Home(App(allowed)).fit(table, tuned=False)
    report = function.report()
    assert report["samples"] == 16
    assert any("status 404" in note for note in report["notes"])
    assert len(_Site.asked) == 17
