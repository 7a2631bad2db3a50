"""A version in memory, ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotfit.functions.functions import Function
from hotfit.functions.labels import Label, labels_at
from hotfit.functions.names import name_key
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.serving.standing import Standing

ZERO_SHOT = "zero-shot"
"""What stands for the version where none was trained yet and the label names answer."""

TABLES = "tables"
"""The queue of everything that no frozen encoder reads alone."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Live:
    """A function as one version answers it; `version` is None where the label names answer.

    `label_ids` is the label that each name of the model meant when it was trained.
    """

    standing: Standing = field(repr=False)
    version: Version | None
    trained: TrainedFunction = field(repr=False)
    label_ids: Mapping[str, str] = field(repr=False)
    change: int
    _labels: dict[str, tuple[Mapping[str, Label], Mapping[str, Label]]] = field(
        default_factory=dict, repr=False
    )

    @property
    def function(self) -> Function:
        """The function as it was when the version was loaded."""
        return self.standing.function

    @property
    def name(self) -> str:
        """What answers say made them."""
        return ZERO_SHOT if self.version is None else self.version.id

    @property
    def queue(self) -> str:
        """Calls of one queue are encoded together."""
        representation = self.trained.representation
        return representation.encoder.name if isinstance(representation, Frozen) else TABLES

    def labels(self, standing: Standing) -> Mapping[str, Label]:
        """The labels as they are now, by their name in the model; deleted ones are left out."""
        known = self._labels.get("now")
        if known is None or known[0] is not standing.labels:
            found = {
                name: standing.labels[label]
                for name, label in self.label_ids.items()
                if label in standing.labels
            }
            known = self._labels["now"] = standing.labels, found
        return known[1]


def label_ids(names: tuple[str, ...], standing: Standing, *, change: int) -> dict[str, str]:
    """The identifiers of labels by the names that a version of `change` knows them under."""
    known = labels_at(list(standing.labels.values()), change)
    return {name: known[name_key(name)].id for name in names if name_key(name) in known}
