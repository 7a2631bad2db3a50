"""Keys over HTTP: list, make and revoke them; for administrators of the whole server."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.functions.access import Role
from hotfit.keys import keys
from hotfit.keys.keys import Key

router = APIRouter(tags=["access"])


class KeyGiven(Given):
    """A key to be made; without a secret a random one is."""

    id: str | None = Field(default=None, description="Its id, a client_id (default: random).")
    secret: str | None = Field(default=None, description="A secret of your own.")
    role: Role = Field(default=Role.VIEWER, strict=False)
    functions: list[str] = Field(default=[], description="The only functions it reaches.")
    limit: int | None = Field(default=None, ge=1, le=10**9, description="Calls a minute.")


class KeyShown(BaseModel):
    """A key, without its secret."""

    id: str
    role: str
    functions: list[str] | None = Field(description="The only functions it reaches; null: all.")
    limit: int | None = Field(description="Calls a minute; null: any number.")
    hint: str | None = Field(description="How a random secret goes on after `hf_`.")
    created: str
    used: str | None
    revoked: str | None


class KeyMade(KeyShown):
    """A new key; its secret is told this once."""

    secret: str
    key: str = Field(description="What goes after `Bearer`, and into a client.")


@router.get("/keys", response_model=list[KeyShown])
@needs(Right.ADMIN)
def list_keys(call: Asked, page: Paged) -> JSONResponse:
    """List the keys, the newest last; revoked ones too."""
    call.refuse_scoped()
    with call.read() as session:
        found = keys.list_all(session)
    return page.cut([shown(one) for one in found])


@router.post("/keys", response_model=KeyMade, **takes(KeyGiven))
@needs(Right.ADMIN)
def create_key(call: Asked, given: Annotated[KeyGiven, Depends(body(KeyGiven))]) -> JSONResponse:
    """Make a key; the answer is the only one that holds its secret."""
    call.refuse_scoped()
    with call.write() as session:
        made = keys.create(
            session,
            identifier=given.id,
            secret=given.secret,
            role=given.role,
            bound_to=given.functions,
            limit=given.limit,
        )
    return JSONResponse(shown(made.key) | {"secret": made.secret, "key": keys.word_of(made)})


@router.delete("/keys/{key_id}", response_model=KeyShown)
@needs(Right.ADMIN)
def revoke_key(call: Asked, key_id: str) -> JSONResponse:
    """Let a key, its tokens and its sessions open nothing any more, at once."""
    call.refuse_scoped()
    with call.write() as session:
        return JSONResponse(shown(keys.revoke(session, key_id)))


def shown(key: Key) -> dict[str, Any]:
    """A key as JSON, without what is kept of its secret."""
    return {
        "id": key.id,
        "role": key.role.value,
        "functions": None if key.functions is None else list(key.functions),
        "limit": key.limit,
        "hint": key.hint,
        "created": key.created,
        "used": key.used,
        "revoked": key.revoked,
    }
