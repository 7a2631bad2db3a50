"""The folder's function on localhost: the server's own API, open to this machine, read only."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

import uvicorn
from fastapi import Request

from hotfit.api.parts import Authenticate
from hotfit.app.app import App
from hotfit.app.patience import Patient
from hotfit.app.serving import listen
from hotfit.app.web import build_web, limits
from hotfit.errors import HotfitError
from hotfit.functions.access import Identity, Role
from hotfit.serving.serving import Reply, Serving
from hotfit.serving.standing import FunctionGone, Standing
from hotfit.types import Data

SOMEBODY = Identity(name="dev", role=Role.VIEWER)
"""Whoever calls: the folder alone says what is learned, so nothing can be written."""

PATIENCE = 10.0
"""Seconds after which a version that is not live yet is no longer waited for."""

Prepares = Callable[[Data], Data]


class FolderServing(Serving):
    """Serving whose calls are prepared as the folder's rows are."""

    prepare: Prepares | None = None

    async def answer(
        self,
        standing: Standing,
        data: Sequence[Data],
        *,
        version: str | None = None,
        wait: int | None = None,
    ) -> Reply:
        """Answer as the server does, each input prepared first."""
        if self.prepare is not None:
            data = [self.prepare(each) for each in data]
        return await super().answer(standing, data, version=version, wait=wait)


class Server:
    """An HTTP server in a thread of its own."""

    def __init__(self, app: App, *, host: str, port: int) -> None:
        self._listening = listen(host, port)
        self.serving = FolderServing(
            store=app.store,
            blobs=app.blobs,
            open_encoder=app.open_encoder,
            encoders=app.encoders,
            limits=limits(app.settings.model_copy(update={"captures": False})),
        )
        web = build_web(app, serving=self.serving, hosts=[host], authenticate=_everybody())
        config = uvicorn.Config(
            web,
            http=Patient,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.url = f"http://{host}:{self._listening.getsockname()[1]}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Answer calls until the end of the block."""
        thread = threading.Thread(target=self._run, name="hotfit-dev-http", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.should_exit = True
            thread.join()
            self._listening.close()

    def live(self, function: str, change: int) -> None:
        """Return when the version that has learned `change` answers."""
        self.serving.hint()
        if self._loop is None or not self.serving.ready:
            return
        done = asyncio.run_coroutine_threadsafe(self._learned(function, change), self._loop)
        with contextlib.suppress(HotfitError, TimeoutError):
            done.result(PATIENCE)

    async def _learned(self, function: str, change: int) -> None:
        try:
            standing = self.serving.standing(function)
        except FunctionGone:
            return
        await self.serving.predictors.learned(standing, change, seconds=PATIENCE)

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self._listening])

        asyncio.run(serve())


def _everybody() -> Authenticate:
    async def authenticate(_: Request) -> Identity:
        return SOMEBODY

    return authenticate
