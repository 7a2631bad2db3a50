"""Memory while images by the ten thousand are brought in and encoded, and the cost of one more.

A folder of small photographs made by code is read, kept and encoded without weights, each size in
a process of its own. Peaks are those of resident memory (Linux) above what the process held before
the step, the vectors asked for apart; memory is flat where ten times as many images cost it little
more. Then one image is added and the folder is brought in again.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from hotfit.app import App
from hotfit.encoders import PIXELS
from hotfit.encoders.base import Encoder, Progress
from hotfit.functions import functions
from hotfit.inputs.plan import plan
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.samples import imports
from hotfit.samples.rows import read_rows
from hotfit.settings import Settings
from hotfit.store.vectors import CachedEncoder
from hotfit.types import Data, Input, Output, Vectors

SIZES = (5_000, 50_000)
ROOT = Path(__file__).resolve().parents[1]
STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
MEBIBYTE = 2**20


def run(*, sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Peaks by number of images, and what one image more costs."""
    measured = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="hotfit-many-") as folder:
            make(Path(folder) / "images", range(size))
            code = f"from benchmarks.many_images import child; child({folder!r}, {size})"
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            )
            measured[str(size)] = json.loads(done.stdout)
    return {"benchmark": "many_images", "images": measured}


def make(folder: Path, numbers: range) -> None:
    """Write small photographs, no two alike, in two folders."""
    for label in ("left", "right"):
        (folder / label).mkdir(parents=True, exist_ok=True)
    for number in numbers:
        coarse = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        image = Image.fromarray(coarse).resize((96, 72), Image.Resampling.BILINEAR)
        image.save(folder / ("left", "right")[number % 2] / f"{number}.jpg", quality=80)


def child(folder: str, size: int) -> None:
    """Bring a folder in, encode it, add an image, and print what that took."""
    app = App(Settings(home=Path(folder) / "home", image_encoder=PIXELS.name))
    images, inner = Path(folder) / "images", Counting(app.open_encoder(PIXELS.name))
    encoder = CachedEncoder(inner, app.store)
    found: dict[str, Any] = {}
    before = start()
    bring_in(app, images)
    found["import_mib"] = round(peak() - before, 1)
    before = start()
    data = kept(app)
    vectors = encoder.encode(data)
    found["encode_mib"] = round(peak() - before - vectors.nbytes / MEBIBYTE, 1)
    found["vectors_mib"] = round(vectors.nbytes / MEBIBYTE, 1)
    make(images, range(size, size + 1))
    before = inner.given
    added = bring_in(app, images)
    encoder.encode(kept(app))
    found["one_more"] = {"samples_added": added, "images_encoded": inner.given - before}
    print(json.dumps(found))


def bring_in(app: App, images: Path) -> int:
    """Import a folder as the function `many`; how many samples were new."""
    source = open_source(images)
    reading = plan(source)
    with app.store.write() as session:
        record = functions.find(session, "many") or functions.create(
            session, name="many", input=Input.IMAGE, output=Output.CLASSIFICATION
        )
        batches = read_samples(source, reading, known=app.blobs.has)
        return imports.replace(session, record.id, "source", batches, blobs=app.blobs).added


def kept(app: App) -> list[Data]:
    """The images of the function, as training reads them."""
    with app.store.read() as session:
        record = functions.get(session, "many")
        return list(read_rows(session, record.id, blobs=app.blobs).data)


class Counting:
    """An encoder that counts what it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.input = encoder.name, encoder.input
        self.dimensions = encoder.dimensions
        self.given = 0

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode, and count."""
        self.given += len(samples)
        return self._encoder.encode(samples, progress=progress)


def start() -> float:
    """Forget the peak; the mebibytes resident now."""
    CLEAR.write_text("5", encoding="ascii")
    return _resident("VmRSS")


def peak() -> float:
    """The most mebibytes resident since `start`."""
    return _resident("VmHWM")


def _resident(name: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(run(sizes=tuple(map(int, sys.argv[1:])) or SIZES), indent=1))
