"""Who is asking, and what that lets them do."""

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a route asks for."""

    NONE = "none"
    INVOKE = "invoke"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Role(StrEnum):
    """What a key was made for."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"
    INVOKE = "invoke"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.EDITOR: frozenset({Right.NONE, Right.INVOKE, Right.READ, Right.WRITE}),
    Role.VIEWER: frozenset({Right.NONE, Right.INVOKE, Right.READ}),
    Role.INVOKE: frozenset({Right.NONE, Right.INVOKE}),
}
"""The rights of each role."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who is asking.

    `name` is what annotations keep as their author; `functions` holds the identifiers of the only
    functions this identity may reach, None where it may reach all.
    """

    name: str
    role: Role
    functions: frozenset[str] | None = None

    def may(self, right: Right) -> bool:
        """Whether the role has the right."""
        return right in RIGHTS[self.role]

    def reaches(self, function: str) -> bool:
        """Whether the function of this identifier is within reach."""
        return self.functions is None or function in self.functions
