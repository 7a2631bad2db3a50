import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from hotfit.api import images
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.store.thumbnails import Thumbnails
from tests.api.conftest import ADDRESS


@pytest.fixture
def client(parts: Parts, tmp_path: Path) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    parts = replace(parts, extras={"thumbnails": Thumbnails(tmp_path / "small", parts.blobs)})
    app = create_app(parts, routers=[images.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def sample(client: TestClient, kind: str, data: object) -> str:
    body = {"input": kind, "output": "Classification"}
    path = f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}/samples"
    made = client.post(path, json={"data": data})
    assert made.status_code == 200, made.text
    return f"{path}/{made.json()['id']}"


def uri(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def picture(comment: str = "") -> bytes:
    from PIL.PngImagePlugin import PngInfo

    told, stream = PngInfo(), io.BytesIO()
    told.add_text("Comment", comment)
    Image.new("RGB", (900, 300), "red").save(stream, "PNG", pnginfo=told)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("address", "size"),
    [("thumbnail", (256, 85)), ("thumbnail?side=60", (64, 21)), ("image", (900, 300))],
)
def test_an_image_is_made_anew(client: TestClient, address: str, size: tuple[int, int]) -> None:
    hostile = "<script>alert(1)</script>"
    one = sample(client, "Image", uri(picture(hostile)))
    done = client.get(f"{one}/{address}")
    assert done.status_code == 200
    assert done.headers["content-type"] == "image/jpeg"
    assert done.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in done.headers["content-security-policy"]
    assert Image.open(io.BytesIO(done.content)).size == size
    assert hostile.encode() not in done.content
    assert done.headers["cache-control"].startswith("private, max-age=")
    again = client.get(f"{one}/{address}", headers={"If-None-Match": done.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_text_has_no_image(client: TestClient) -> None:
    one = sample(client, "Text", "<svg onload=alert(1)>")
    for address in ("thumbnail", "image"):
        done = client.get(f"{one}/{address}")
        assert (done.status_code, done.json()["name"]) == (404, "NotFound")


@pytest.mark.parametrize("query", ["side=1", "side=100000", "side=x"])
def test_sizes_have_bounds(client: TestClient, query: str) -> None:
    one = sample(client, "Image", uri(picture()))
    assert client.get(f"{one}/thumbnail?{query}").status_code == 400
