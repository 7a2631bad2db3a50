"""The server put together: the home is claimed, a worker is kept running, calls are answered."""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import sys
from collections.abc import Callable

import uvicorn

from hotfit.app.app import App
from hotfit.app.patience import Patient
from hotfit.app.web import build_serving, build_web
from hotfit.app.working import claimed, own_command
from hotfit.errors import Refusal, Unavailable
from hotfit.jobs.supervisor import Supervisor
from hotfit.keys.keys import NewKey, create_first
from hotfit.serving.serving import Serving

log = logging.getLogger("hotfit.server")

Greet = Callable[[str, NewKey | None], None]
"""Shows where the console opens, and the first key of a home, which nobody can show again."""

EVERYWHERE = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104 - to compare with, not to bind
"""Hosts that stand for all addresses of a machine."""

SWITCH_SECONDS = 0.001
"""After how long a thread that computes lets the next one go on. With Python's 5 ms, a request that
touches the database ten times could wait ten times 5 ms behind other requests."""

GRACE_SECONDS = 30
"""What calls under way are given when the server stops."""


class PortTaken(Unavailable):
    """Another program listens where this one should."""

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"nothing can listen on {host}:{port} ({reason}); stop the program that does, or give "
            "another port with --port."
        )


class OpenToAll(Refusal):
    """The server was to listen to other machines and has not been told its name."""

    def __init__(self, *, host: str) -> None:
        super().__init__(
            f"on {host} other machines reach this server, unencrypted; put a proxy with TLS before "
            "it, and set HOTFIT_HOSTS to the names it answers to: HOTFIT_HOSTS='[\"ml.example\"]'."
        )


def run_server(app: App, *, host: str, port: int, worker: bool, greet: Greet | None = None) -> None:
    """Answer calls until told to stop; with `worker`, keep one running beside."""
    if not app.settings.hosts and not is_local(host):
        raise OpenToAll(host=host)
    sys.setswitchinterval(SWITCH_SECONDS)
    with contextlib.ExitStack() as stack:
        stack.enter_context(claimed(app))
        listening = stack.enter_context(listen(host, port))
        first = _first_key(app)
        address = address_of(host, listening.getsockname()[1])
        if greet is not None:
            greet(address, first)
        serving = build_serving(app)
        supervisor = Supervisor(
            own_command(app, "serve", "--role", "worker", "--supervised"),
            lambda _: serving.hint(),
        )
        if worker:
            supervisor.start()
            stack.callback(supervisor.stop)
        web = build_web(app, serving=serving, wake=supervisor.wake, hosts=[host])
        config = uvicorn.Config(
            web,
            http=Patient,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        log.info("serving %s", address)
        Leaving(config, serving, notice=app.settings.notice_seconds).run(sockets=[listening])


class Leaving(uvicorn.Server):
    """A server that says for a while that it is about to stop, before it takes no more calls."""

    def __init__(self, config: uvicorn.Config, serving: Serving, *, notice: float) -> None:
        super().__init__(config)
        self._serving = serving
        self._notice = notice

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Be no longer ready, wait so that whoever sends calls here can see it, and stop."""
        self._serving.leave()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._notice
        while loop.time() < until and not self.force_exit:
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def is_local(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine finds a server that listens there."""
    name = "127.0.0.1" if host in EVERYWHERE else host.strip("[]")
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raise PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, because asyncio turns Nagle's algorithm off only where it is: without
    # that, each answer of more than one write waits 40 ms for the client's acknowledgement.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host.strip("[]"), port))
        made.listen(2048)
    except OSError as error:
        made.close()
        reason = error.strerror or str(error)
        raise PortTaken(host=host, port=port, reason=reason) from error
    return made


def _first_key(app: App) -> NewKey | None:
    with app.store.write() as session:
        return create_first(session)
