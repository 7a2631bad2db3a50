"""Open a folder or a zip of images as a table of paths and labels.

Labels come from a table of paths beside the images (`labels.csv`, `metadata.csv`, also TSV and
JSONL), else from the first folder of each path; folders called train and test above those say the
split. The table is read like any other; its paths become pictures when samples are read.
"""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hotfit.errors import Refusal
from hotfit.inputs.images_place import FolderPlace, Place, ZipPlace, is_image_name, read_members
from hotfit.inputs.names import PARTS
from hotfit.inputs.report import Report
from hotfit.types import Cell

TABLES = tuple(
    f"{stem}.{suffix}"
    for stem in ("labels", "metadata", "annotations")
    for suffix in ("csv", "tsv", "jsonl")
)
"""Files that state the labels, best first."""

OFFICE = (".xls", ".doc", ".ppt", ".ods", ".odt")
MOST_FILES = 1_000_000
FILE, LABEL, SPLIT = "file", "label", "split"


class NoImages(Refusal):
    """A folder or archive without images that can be used for training."""

    def __init__(self, *, name: str, found: str) -> None:
        super().__init__(
            f"{name} {found}; a folder or zip with one sub-folder of images per label, or with"
            " images and a labels.csv of their paths and labels, was expected"
        )


class BadArchive(Refusal):
    """A zip that cannot be opened."""

    def __init__(self, *, name: str, why: str) -> None:
        super().__init__(f"{name}: the zip archive cannot be read ({why}); pack or copy it again")


@dataclass(frozen=True, kw_only=True)
class FolderTable:
    """Paths with the labels and splits that their folders state."""

    paths: Sequence[str]
    strip: int
    splits: bool
    left_out: Sequence[tuple[str, str]] = ()
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """`file`, `label`, and `split` where folders state it."""
        return (FILE, LABEL, SPLIT) if self.splits else (FILE, LABEL)

    def rows(self, report: Report) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (number from 1, cells); what is no image goes to `report`."""
        for name, why in self.left_out:
            report.leave_out(name, why)
        for number, path in enumerate(self.paths, 1):
            folders = PurePosixPath(path).parts[self.strip : -1]
            if self.splits:
                yield number, [path, _at(folders, 1), _at(folders, 0)]
            else:
                yield number, [path, _at(folders, 0)]


def _at(folders: Sequence[str], place: int) -> str | None:
    return folders[place] if len(folders) > place else None


@dataclass(frozen=True, kw_only=True)
class Images:
    """An opened folder or zip: where its files lie, and the table of labels, if it has one.

    `table` is the path of that table, unpacked where it had to be; `folders` are the labels that
    folders state where there is none. `base` is put before the paths that the table states.
    """

    name: str
    place: Place
    base: str = ""
    table: Path | None = None
    folders: FolderTable | None = None
    held: object = field(default=None, repr=False)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder that can be looked at."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_zip(path: Path) -> bool:
    """Whether a path is a zip by its first bytes, and no office document, which also is one."""
    if path.suffix.casefold().startswith(OFFICE):
        return False
    try:
        if not path.is_file():  # a pipe can be read only once
            return False
        with path.open("rb") as stream:
            return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}
    except (OSError, ValueError):
        return False


def open_folder(path: Path) -> Images:
    """Open a folder; raise NoImages."""
    place = FolderPlace(root=path)
    names = list(_bounded(place.names(), str(path)))
    table = _find_table(names)
    if table is None:
        return Images(name=path.name, place=place, folders=_by_folder(names, str(path)))
    base = str(PurePosixPath(table).parent)
    return Images(name=path.name, place=place, base=base, table=path / table)


def open_zip(path: Path) -> Images:
    """Open a zip; raise BadArchive or NoImages."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise BadArchive(name=str(path), why=str(error) or type(error).__name__) from error
    place = read_members(archive)
    names = list(_bounded(place.names(), str(path)))
    table = _find_table(names)
    if table is None:
        folders = _by_folder(names, str(path), refused=tuple(place.refused.items()))
        return Images(name=path.name, place=place, folders=folders)
    spool = _unpack(place, table)
    return Images(
        name=path.name,
        place=place,
        base=str(PurePosixPath(table).parent),
        table=Path(spool.name),
        held=spool,
    )


def _unpack(place: ZipPlace, table: str) -> "tempfile._TemporaryFileWrapper[bytes]":
    spool = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed by its owner
        prefix="hotfit-", suffix=PurePosixPath(table).suffix
    )
    spool.write(place.read(table))
    spool.flush()
    return spool


def _bounded(names: Iterator[str], source: str) -> Iterator[str]:
    for count, name in enumerate(names):
        if count >= MOST_FILES:
            raise NoImages(name=source, found=f"holds more than {MOST_FILES:,} files")
        yield name


def _find_table(names: Sequence[str]) -> str | None:
    """The table of labels, at the top or in the one folder that holds everything."""
    tops = {PurePosixPath(name).parts[0] for name in names}
    below = f"{next(iter(tops))}/" if len(tops) == 1 else ""
    known = {name.casefold(): name for name in names}
    for table in TABLES:
        for name in (table, below + table):
            if name.casefold() in known:
                return known[name.casefold()]
    return None


def _by_folder(
    names: Sequence[str], source: str, *, refused: Sequence[tuple[str, str]] = ()
) -> FolderTable:
    """Read labels from folders: the first one below those that hold everything, or a split."""
    images = [name for name in names if is_image_name(name)]
    others = [(name, "is no image by its name") for name in names if not is_image_name(name)]
    if not images:
        found = f"holds {len(names):,} files, none of them an image by its name"
        raise NoImages(name=source, found=found if names else "holds no files")
    strip = 0
    while len(_folders(images, strip)) == 1 and _deep(images, strip + 2):
        strip += 1
    if not _deep(images, strip + 1, some=True):
        raise NoImages(name=source, found="holds images, but no sub-folders that label them")
    tops = {folder.casefold() for folder in _folders(images, strip)}
    splits = tops <= PARTS.keys() and len(tops) > 1 and _deep(images, strip + 2)
    return FolderTable(
        paths=images,
        strip=strip,
        splits=splits,
        left_out=(*refused, *others),
        notes=_folder_notes(images, strip, splits=splits),
    )


def _folders(images: Sequence[str], at: int) -> set[str]:
    """The names of the folders at a depth."""
    return {parts[at] for name in images if len(parts := PurePosixPath(name).parts) > at + 1}


def _deep(images: Sequence[str], folders: int, *, some: bool = False) -> bool:
    """Whether all (or some) images lie below at least that many folders."""
    test: Callable[[Iterator[bool]], bool] = any if some else all
    return test(len(PurePosixPath(name).parts) > folders for name in images)


def _folder_notes(images: Sequence[str], strip: int, *, splits: bool) -> tuple[str, ...]:
    loose = sum(len(PurePosixPath(name).parts) <= strip + 1 + splits for name in images)
    notes = ["Each folder's name is the label of the images in it."]
    if splits:
        notes[0] = "The upper folders say the split, the folders in them the labels."
    if loose:
        notes.append(f"{loose:,} images lie in no labelling folder; they are kept without a label.")
    return tuple(notes)
