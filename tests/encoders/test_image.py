import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hotfit import encoders
from hotfit.encoders.base import Encoder
from hotfit.encoders.catalogue import Entry, Preparation
from hotfit.encoders.image import ImageEncoder, NotPicture, arrange, fitted, load
from hotfit.encoders.onnx_graph import Graph
from hotfit.types import Input, Picture
from tests.inputs.pictures import noise, png, saved

SIDE = 8


def _network(path: Path) -> Path:
    """A network that returns its input twice over, each channel a plane, under an output `end`."""
    graph = Graph("twice")
    graph.input("pixels", "float32", ["n", 3, SIDE, SIDE])
    inner = graph.node("Add", "pixels", "pixels")
    graph.output(graph.node("Relu", inner), "float32", ["n", 3, SIDE, SIDE])
    path.write_bytes(graph.to_bytes())
    return path


def _entry(**facts: object) -> Entry:
    preparation = Preparation(
        side=SIDE, mean=(0.0, 10.0, 20.0), deviation=(1.0, 2.0, 4.0), cut="Add_0", batch=3
    )
    values = {
        "name": "planes.v1", "input": Input.IMAGE, "loader": "hotfit.encoders.image:load",
        "dimensions": 3, "preparation": preparation, "normalised": False,
    }  # fmt: skip
    return Entry(**(values | facts))  # type: ignore[arg-type] # the test states the fields by name


@pytest.fixture
def planes(tmp_path: Path) -> ImageEncoder:
    return load(_entry(), {"a.onnx": _network(tmp_path / "a.onnx")}, threads=2)


def test_a_vector_is_the_mean_of_the_cut_value_over_its_places(planes: ImageEncoder) -> None:
    colour = (100, 50, 200)
    picture = Picture.of(saved(Image.new("RGB", (30, 20), colour)))
    expected = [2 * 100, 2 * (50 - 10) / 2, 2 * (200 - 20) / 4]
    assert planes.encode([picture]).tolist() == [pytest.approx(expected)]


def test_channels_stand_in_the_order_of_the_entry() -> None:
    image = np.tile(np.array([1, 2, 3], np.uint8), (1, SIDE, SIDE, 1))
    rgb = Preparation(side=SIDE, mean=(0, 0, 0), deviation=(1, 1, 1))
    bgr = Preparation(side=SIDE, mean=(0, 0, 0), deviation=(1, 1, 1), order="BGR")
    assert arrange(image, rgb)[0, :, 0, 0].tolist() == [1, 2, 3]
    assert arrange(image, bgr)[0, :, 0, 0].tolist() == [3, 2, 1]


def test_the_middle_square_is_seen() -> None:
    image = Image.new("RGB", (60, 20), (255, 0, 0))
    image.paste((0, 0, 255), (20, 0, 40, 20))
    seen = np.asarray(fitted(Picture.of(saved(image)), SIDE))
    assert (seen[:, 1:-1] == (0, 0, 255)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_order_does_not_depend_on_batches(planes: ImageEncoder, count: int) -> None:
    pictures = [Picture.of(png(seed)) for seed in range(count)]
    told: list[tuple[int, int]] = []
    together = planes.encode(pictures, progress=lambda done, total: told.append((done, total)))
    assert together.shape == (count, 3)
    for row, picture in enumerate(pictures):
        assert np.allclose(together[row], planes.encode([picture])[0], atol=1e-4)
    assert [total for _, total in told] == [count] * len(told)
    assert not count or told[-1] == (count, count)


def test_vectors_have_length_one_where_the_entry_says_so(tmp_path: Path) -> None:
    encoder = load(_entry(normalised=True), {"a.onnx": _network(tmp_path / "a.onnx")}, threads=1)
    lengths = np.linalg.norm(encoder.encode([Picture.of(png(1))]), axis=1)
    assert lengths == pytest.approx([1])


def test_memory_holds_few_files_at_once(planes: ImageEncoder) -> None:
    open_now, most, lock = 0, 0, threading.Lock()

    def reader() -> bytes:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        content = png(1)
        with lock:
            open_now -= 1
        return content

    planes.encode([Picture(sha256="0" * 64, reader=reader)] * 40)
    assert most <= 2


def test_refuses_what_is_no_picture(planes: ImageEncoder) -> None:
    with pytest.raises(NotPicture, match="sample 2 is str"):
        planes.encode([Picture.of(png()), "a text"])


@pytest.fixture(params=["mobilenet-v2.v1", "squeezenet-1.1.v1"])
def real(request: pytest.FixtureRequest, shared_models: Path, tmp_path: Path) -> Encoder:
    return encoders.open(request.param, cache=tmp_path, folder=shared_models, offline=True)


def test_pretrained_networks_tell_a_picture_from_another(real: Encoder) -> None:
    smooth = Image.linear_gradient("L").convert("RGB")
    pictures = [
        Picture.of(saved(smooth)),
        Picture.of(saved(smooth, "JPEG", quality=90)),
        Picture.of(saved(noise(300, 300))),
    ]
    vectors = real.encode(pictures)
    assert vectors.shape == (3, real.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.9 > likeness[0, 2]
