"""Every error hotfit raises on purpose.

    HotfitError                the root: `name` is stable, `status` the HTTP status
    ├── Refusal                the user's input or arguments are at fault (exit status 2)
    │   └── ...                domain refusals stand beside the code that raises them
    └── Unavailable            something hotfit needs cannot be had right now (exit status 1)
        └── ...

A refusal says in one sentence what was found and where, what was expected and what to do.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class HotfitError(Exception):
    """The root of all errors hotfit raises on purpose."""

    status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1

    @property
    def details(self) -> Mapping[str, Any]:
        """What programs may read of this error besides its sentence, as JSON."""
        return {}

    @property
    def headers(self) -> Mapping[str, str]:
        """What an HTTP answer says of this error besides its body."""
        return {}

    @property
    def name(self) -> str:
        """The stable name of this error, for programs."""
        return type(self).__name__


class Refusal(HotfitError):
    """The user's input or arguments are at fault; nothing was changed."""

    status: ClassVar[int] = 400
    exit_status: ClassVar[int] = 2


class Unavailable(HotfitError):
    """Something hotfit needs (weights, a database, disk space) cannot be had right now."""

    status: ClassVar[int] = 503
