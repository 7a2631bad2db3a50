"""What a function is written to files as: everything, what answers alone, or its samples."""

from abc import ABC
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from hotfit.app import App
from hotfit.archives.tables import TableFormat
from hotfit.functions.functions import Function as Record
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.local.moving import write_archive, write_model_file, write_onnx_folder, write_table
from hotfit.types import Data

PREPARED = "prepared"
"""The part of a plan that says that Python changes what the function is asked."""

Prepares = Callable[[Data], Data]
"""Changes an input before it is encoded, as a folder's Python does."""


class Exports(ABC):
    """The part of a function that writes it to files."""

    _app: App
    _record: Record
    _prepare: Prepares | None

    @cached_property
    def _version(self) -> Version:
        """The version that answers; raise NotTrained."""
        raise NotImplementedError

    @cached_property
    def _trained(self) -> TrainedFunction:
        """That version in memory."""
        raise NotImplementedError

    def export(self, file: Path | str) -> None:
        """Write the function with its samples and its live version to one file."""
        write_archive(self._app, self._record.id, Path(file))

    def export_model(self, file: Path | str, *, include_encoder: bool = False) -> None:
        """Write what answers to one small file that `hotfit.load` runs without a home.

        The encoder goes by name and SHA-256; with `include_encoder` its files go along.
        """
        prepared = self._prepare is not None or bool(self._record.plan.get(PREPARED))
        write_model_file(
            self._app, self._record, self._version, Path(file),
            encoder=include_encoder, prepared=prepared,
        )  # fmt: skip

    def export_onnx(self, folder: Path | str, *, include_encoder: bool = False) -> None:
        """Write what answers as plain ONNX and JSON with inputs and what they must give."""
        write_onnx_folder(
            self._app, self._record, self._version, self._trained, Path(folder),
            encoder=include_encoder,
        )  # fmt: skip

    def export_samples(
        self, file: Path | str, *, form: TableFormat = TableFormat.CSV, raw: bool = False
    ) -> int:
        """Write the samples as CSV or JSON lines; return how many.

        Cells of a CSV that a spreadsheet would run as formulas get an apostrophe, unless `raw`.
        """
        return write_table(self._app, self._record, Path(file), form=form, raw=raw)
