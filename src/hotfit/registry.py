"""Named, versioned parts of one family; built-ins and plugins enter by the same entry points."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from hotfit.errors import Refusal

T = TypeVar("T")


class UnknownPart(Refusal):
    """A name that no member of the family carries."""

    def __init__(self, *, family: str, name: str, known: list[str]) -> None:
        super().__init__(
            f"nothing among {family} is called {name!r}; known: {', '.join(known) or 'none'}. "
            f"A plug-in adds one by the entry-point group 'hotfit.{family}'."
        )


@dataclass
class Registry(Generic[T]):
    """The members of one family by versioned name, such as `ridge.v1`.

    Entry points of the group `hotfit.<family>` are loaded when the first name is looked up that
    is not built in, so that importing a family costs nothing.
    """

    family: str
    parts: dict[str, T] = field(default_factory=dict)
    _plugins_loaded: bool = False

    def register(self, name: str, part: T) -> T:
        """Add `part` under `name`; a name is taken once and means the same thing for ever."""
        if name in self.parts:
            raise ValueError(f"{self.family} {name!r} is registered twice")
        self.parts[name] = part
        return part

    def get(self, name: str) -> T:
        """Return the part called `name`; raise UnknownPart where there is none."""
        if name not in self.parts:
            self._load_plugins()
        if name not in self.parts:
            raise UnknownPart(family=self.family, name=name, known=sorted(self.parts))
        return self.parts[name]

    def __iter__(self) -> Iterator[str]:
        self._load_plugins()
        return iter(sorted(self.parts))

    def _load_plugins(self) -> None:
        if self._plugins_loaded:
            return
        self._plugins_loaded = True
        for point in entry_points(group=f"hotfit.{self.family}"):
            if point.name not in self.parts:
                self.register(point.name, point.load())
