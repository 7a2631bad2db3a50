import socket
from pathlib import Path

import pytest

from hotfit.app import App
from hotfit.app.serving import OpenToAll, PortTaken, address_of, is_local, listen, run_server
from hotfit.settings import Settings


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with listen("127.0.0.1", 0) as listening:
        # The event loop turns Nagle's algorithm off for sockets that name their protocol.
        assert listening.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"nothing can listen on 127\.0\.0\.1:{port}"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "localhost", "::1", "[::1]"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", ""])
def test_other_machines_are_let_in_only_by_name(host: str, tmp_path: Path) -> None:
    assert not is_local(host)
    app = App(Settings(home=tmp_path / "home"))
    with pytest.raises(OpenToAll, match="HOTFIT_HOSTS"):
        run_server(app, host=host, port=0, worker=False)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:5000"),
        ("localhost", "http://localhost:5000"),
        ("::1", "http://[::1]:5000"),
        ("[::1]", "http://[::1]:5000"),
        ("0.0.0.0", "http://127.0.0.1:5000"),
        ("::", "http://127.0.0.1:5000"),
    ],
)
def test_the_address_to_open_is_one_that_a_browser_takes(host: str, address: str) -> None:
    assert address_of(host, 5000) == address
