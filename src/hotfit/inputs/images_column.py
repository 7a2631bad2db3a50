"""Recognise the column of a table that names images, and read it alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from hotfit.errors import Refusal
from hotfit.inputs.choice import Choice, Ignored
from hotfit.inputs.columns import Column
from hotfit.inputs.images_loading import is_address, is_data_uri
from hotfit.inputs.images_place import is_image_name
from hotfit.inputs.names import plain
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.source import Source
from hotfit.types import Kind

NAMES = (
    "file image path file_name filename img picture photo image_path file_path filepath img_path"
    " image_file image_name image_id images files"
)
"""Names of a column of images, best first."""

RANK = {name: rank for rank, name in enumerate(NAMES.split())}
MOSTLY = 0.8
LOOKED_AT = 50
TRIED = 5


class OnlyAddresses(Refusal):
    """The images of a table lie on the network."""

    def __init__(self, *, source: str, column: str) -> None:
        super().__init__(
            f"{source}: the column {column!r} holds addresses of images on the network, which are"
            " not fetched; download them and name the files instead, or set"
            " HOTFIT_IMAGE_ADDRESSES=1 to have them fetched"
        )


class NoImageColumn(Refusal):
    """No column of a source names images, and the function is given images."""

    def __init__(self, *, source: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{source}: no column names images that are there, and the function is given images;"
            f" it has: {', '.join(repr(name[:60]) for name in known[:12])}"
        )


def image_column(
    source: Source,
    columns: Sequence[Column],
    asked: Sequence[str],
    *,
    besides: Sequence[str | None],
) -> Column:
    """The column of images; raise NoImageColumn or OnlyAddresses."""
    found = find_image_column(source, columns, asked, besides=besides)
    if found is None:
        raise NoImageColumn(source=source.name, known=[column.name for column in columns])
    return found


def find_image_column(
    source: Source,
    columns: Sequence[Column],
    asked: Sequence[str],
    *,
    besides: Sequence[str | None],
) -> Column | None:
    """The column of images; None where there is none, or where other columns were asked for.

    In a table of its own a path counts only if some of the first files are there. Raise
    OnlyAddresses where the images of the source, or those asked for, are on the network.
    """
    if source.pictures is None or len(asked) > 1:
        return None
    free = [
        column
        for column in columns
        if column.name not in besides and (not asked or column.name in asked)
    ]
    named = sorted(free, key=lambda column: RANK.get(plain(column.name), len(RANK)))
    for column in named:
        cells = list(column.counts)[:LOOKED_AT]
        if not cells:
            continue
        if _share(cells, is_data_uri) or (
            _share(cells, is_image_name) and _is_there(source, cells)
        ):
            return column
        if _share(cells, is_address) and _is_meant(source, column, asked, cells):
            if source.pictures.fetch is not None:
                return column
            if not asked and not source.of_images:
                continue
            raise OnlyAddresses(source=source.name, column=column.name)
    if source.of_images:
        return next((column for column in named if plain(column.name) in RANK), None)
    return None


def with_images(source: Source, columns: Sequence[Column], choice: Choice) -> Choice:
    """Of the fields of a row, the one that names images is read as images."""
    asked = {field.name for field in choice.fields}
    among = [column for column in columns if column.name in asked]
    found = find_image_column(source, among, (), besides=())
    if found is None or not choice.fields:
        return choice
    fields = tuple(
        replace(field, kind=Kind.IMAGE) if field.name == found.name else field
        for field in choice.fields
    )
    return replace(choice, fields=fields)


def read_alone(
    column: Column, columns: Sequence[Column], *, besides: Sequence[str | None]
) -> Choice:
    """The images are the whole input; other columns are left out, and that is said."""
    others = [each for each in columns if each.name not in {column.name, *besides}]
    identifier = next((each.name for each in others if each.kind is Kind.IDENTIFIER), None)
    listed = ", ".join(repr(each.name) for each in others[:4]) + (" ..." if others[4:] else "")
    said = f"Reading the images in {column.name!r} alone, not {listed}; --input names what to use."
    notes = (said,) if others else ()
    return Choice(
        id=identifier,
        ignored=tuple(Ignored(name=e.name, reason="the images are read alone") for e in others),
        notes=notes,
    )


def _is_meant(source: Source, column: Column, asked: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether addresses are those of images: by what was asked, the column's name or their own."""
    if asked or source.of_images or plain(column.name) in RANK:
        return True
    return _share(cells, lambda cell: is_image_name(urlsplit(cell).path))


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> bool:
    return sum(map(is_one, cells)) >= MOSTLY * len(cells)


def _is_there(source: Source, cells: Sequence[str]) -> bool:
    """Whether one of the first images is there; those of an image source are missed later."""
    if source.of_images:
        return True
    assert source.pictures is not None
    for cell in cells[:TRIED]:
        try:
            source.pictures.read(cell)
        except BadPicture:
            continue
        return True
    return False
