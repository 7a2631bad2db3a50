"""A function's rows on a server, as a folder is kept in step with them: by names, in batches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from hotfit.client.transport import ServerRefused, Transport
from hotfit.errors import Refusal

BATCH = 500
LONG = 600.0
FORMAT = "1"


class OtherServer(Refusal):
    """A server speaks another language than this program."""

    status: ClassVar[int] = 409

    def __init__(self, *, url: str, found: str, expected: str) -> None:
        super().__init__(f"the server at {url} {found}; {expected}")


class RemoteRows:
    """The rows, labels and fields of one function."""

    def __init__(self, transport: Transport, path: str) -> None:
        self._transport = transport
        self._path = path

    def all(self) -> list[Mapping[str, Any]]:
        """Every row: `id`, `data`, and where there are `label`, `split`, `externalId`."""
        try:
            response = self._transport.request("GET", f"{self._path}/rows", timeout=LONG)
        except ServerRefused as refusal:
            if refusal.http_status in {404, 405}:
                raise OtherServer(
                    url=self._transport.url,
                    found="lists no rows, so its hotfit is older than this one",
                    expected="bring the server to the version that is installed here",
                ) from refusal
            raise
        found = response.headers.get("hotfit-rows", "")
        if found != FORMAT:
            raise OtherServer(
                url=self._transport.url,
                found=f"lists rows in format {found or 'unknown'!r}, and format {FORMAT} is read",
                expected="its hotfit is newer than this one: bring this one to the server's",
            )
        return [json.loads(line) for line in response.text.split("\n") if line]

    def step(
        self,
        *,
        remove: Sequence[Mapping[str, Any]] = (),
        relabel: Sequence[Mapping[str, Any]] = (),
        add: Sequence[Mapping[str, Any]] = (),
    ) -> Mapping[str, Any]:
        """One step, all of it or nothing; the same step again does nothing more."""
        body = {"remove": list(remove), "relabel": list(relabel), "add": list(add)}
        response = self._transport.request(
            "POST", f"{self._path}/rows", repeatable=True, json=body, timeout=LONG
        )
        return dict(response.json())

    def image(self, sample: str) -> str:
        """The image of a sample as it was sent, as a data URI."""
        told = self._transport.request("GET", f"{self._path}/samples/{sample}").json()
        return str(told["data"])

    def labels(self) -> list[Mapping[str, Any]]:
        """The labels: `id`, `name`, and where there are `description`, `metadata`."""
        return list(self._pages(f"{self._path}/labels"))

    def describe(self, name: str, description: str) -> None:
        """Make a label, or say something else about the one of this name."""
        body: dict[str, Any] = {"name": name, "description": description or None}
        known = next((one for one in self.labels() if one["name"] == name), None)
        if known is None:
            self._transport.request("POST", f"{self._path}/labels", json=body)
            return
        body["metadata"] = known.get("metadata")
        self._transport.request("PUT", f"{self._path}/labels/{known['id']}", json=body)

    def forget_label(self, name: str) -> None:
        """Delete the label of this name where there is one."""
        self._forget("labels", self.labels(), name)

    def fields(self) -> list[Mapping[str, Any]]:
        """The fields of a table: `id`, `name`, `type`, `kind`."""
        return list(self._pages(f"{self._path}/fields"))

    def put_field(self, name: str, kind: str) -> None:
        """Make a field, or say that the one of this name holds something else."""
        body = {"name": name, "type": kind if kind in {"Number", "Image"} else "Text", "kind": kind}
        known = next((one for one in self.fields() if one["name"] == name), None)
        if known is None:
            self._transport.request("POST", f"{self._path}/fields", json=body)
        elif known["kind"] != kind:
            self._transport.request("PUT", f"{self._path}/fields/{known['id']}", json=body)

    def forget_field(self, name: str) -> None:
        """Delete the field of this name where there is one."""
        self._forget("fields", self.fields(), name)

    def _forget(self, noun: str, known: Sequence[Mapping[str, Any]], name: str) -> None:
        for one in known:
            if one["name"] == name:
                path = f"{self._path}/{noun}/{quote(str(one['id']), safe='')}"
                self._transport.request("DELETE", path)

    def _pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        while path:
            response = self._transport.request("GET", path)
            yield from response.json()
            path = str(response.links.get("next", {}).get("url", ""))
