"""Multipart forms, as old clients send samples: a file or a text called `data` or `file`."""

from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from hotfit.errors import Refusal
from hotfit.types import Picture

FIELDS = 16
"""Parts of a form; a sample has three."""

NAMES = {"data": "data", "file": "data", "externalid": "externalId"}
LABEL = "annotation.labelname"


class BadForm(Refusal):
    """A multipart form cannot be read."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"the form cannot be read: {reason}.")


async def read_form(request: Request, *, largest: int) -> dict[str, Any]:
    """The members of a form as the body they stand for; a file is a Picture of its bytes."""
    found: dict[str, Any] = {}
    try:
        async with request.form(max_files=1, max_fields=FIELDS, max_part_size=largest) as form:
            for name, value in form.multi_items():
                key = NAMES.get(name.casefold(), name.casefold())
                if key in found:
                    raise BadForm(reason="it holds one part twice")
                found[key] = await _content(value, largest=largest)
    except (HTTPException, MultiPartException) as error:
        expected = "it is no multipart form of a few parts and at most one file"
        raise BadForm(reason=expected) from error
    if LABEL in found:
        found["annotation"] = {"labelName": found.pop(LABEL)}
    return found


async def _content(value: UploadFile | str, *, largest: int) -> Any:
    if isinstance(value, str):
        return value
    content = await value.read(largest + 1)
    if len(content) > largest:
        raise BadForm(reason=f"its file is larger than {largest:,} bytes")
    return Picture.of(content)
