"""Pages of a list: `startIndex` and `count` in, the items and a relative `Link` to the next out.

The target of the link is a path, because clients put it behind the address of the server.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse

LARGEST = 1000


class Page:
    """The part of a list that a request asks for."""

    def __init__(
        self,
        request: Request,
        start_index: Annotated[
            int, Query(alias="startIndex", ge=0, le=2**31 - 1, description="Items to leave out.")
        ] = 0,
        count: Annotated[
            int | None, Query(ge=1, le=2**31 - 1, description="Items on a page; at most 1000.")
        ] = None,
        batch_size: Annotated[
            int | None, Query(alias="batchSize", ge=1, le=2**31 - 1, description="As `count`.")
        ] = None,
    ) -> None:
        self.request = request
        self.start = start_index
        self.size = min(count or batch_size or LARGEST, LARGEST)

    def cut(self, items: Sequence[Any]) -> JSONResponse:
        """One page of a list that is in memory whole."""
        page = items[self.start : self.start + self.size]
        more = self.start + self.size < len(items)
        return self.reply(page, then={"startIndex": self.start + self.size} if more else None)

    def reply(self, items: Sequence[Any], *, then: Mapping[str, Any] | None) -> JSONResponse:
        """One page; `then` are the parameters that change for the next, None on the last."""
        if then is None:
            return JSONResponse(list(items))
        return JSONResponse(list(items), headers={"Link": f'<{self._next(then)}>; rel="next"'})

    def _next(self, then: Mapping[str, Any]) -> str:
        kept = [
            (name, value)
            for name, value in self.request.query_params.multi_items()
            if name not in then
        ]
        return f"{self.request.url.path}?{urlencode([*kept, *then.items()])}"


Paged = Annotated[Page, Depends()]
"""The parameter by which an endpoint takes its `Page`."""
