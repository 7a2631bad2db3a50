"""Images as cells of rows: small ones as they are, large ones shrunk, bad ones refused."""

import io

import numpy as np
import pytest
from PIL import Image

from hotfit.inputs.images_cells import MOST_BYTES, image_cell, picture_in, small, to_data_uri
from hotfit.inputs.images_loading import Pictures, from_data_uri
from hotfit.inputs.picture import BadPicture
from tests.inputs.pictures import noise, png, saved


def test_a_small_file_is_kept_as_it_is() -> None:
    assert small(png()) == png()
    uri = to_data_uri(png())
    assert uri.startswith("data:image/png;base64,")
    assert from_data_uri(uri) == png()
    picture = picture_in(uri)
    assert picture is not None
    assert picture.read() == png()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("size", [(900, 1500), (1500, 900), (400, 3000)])
def test_a_large_photograph_is_shrunk_and_looks_the_same(size: tuple[int, int], kind: str) -> None:
    whole = noise(*size)
    kept = Image.open(io.BytesIO(small(saved(whole, kind))))
    assert min(kept.size) == min(512, *size)
    assert kept.width / kept.height == pytest.approx(size[0] / size[1], abs=0.01)
    means = [np.asarray(image.resize((1, 1), Image.Resampling.BOX)) for image in (whole, kept)]
    assert np.abs(means[0].astype(int) - means[1]).max() < 4


def test_what_is_no_image_is_refused_whatever_its_size() -> None:
    for content in (b"only a note", bytes(2 * MOST_BYTES)):
        with pytest.raises(BadPicture):
            small(content)


@pytest.mark.parametrize("cell", [None, "", "  ", 3.0, True])
def test_a_cell_that_names_nothing_holds_no_image(cell: str | float | bool | None) -> None:
    assert image_cell(Pictures(place=None), cell) is None


def test_text_in_a_cell_is_no_picture() -> None:
    assert picture_in("a.png") is None
