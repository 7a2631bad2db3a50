import subprocess
import sys
from pathlib import Path

import pytest

from hotfit import encoders
from hotfit.registry import UnknownPart


def test_importing_the_package_loads_no_network_library() -> None:
    heavy = "onnxruntime", "tokenizers", "huggingface_hub", "sklearn", "scipy", "safetensors"
    code = f"import sys, hotfit.encoders; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownPart, match=r"encoders is called 'x'; known: .*minilm-l6\.v1"):
        encoders.open("x", cache=tmp_path)


def test_weights_that_cannot_be_had_are_an_error_before_anything_loads(tmp_path: Path) -> None:
    if list((tmp_path / "cache").glob("*")):
        pytest.fail("the cache must be empty")
    entry = encoders.Entry(
        name="gone.v1",
        input=encoders.ENCODERS.get("fake.v1").input,
        loader="hotfit.encoders.nowhere:load",
        dimensions=4,
        files=(encoders.File(name="a", sha256="0" * 64, size=1),),
    )
    with pytest.raises(encoders.WeightsUnavailable, match=r"'gone\.v1' needs a, "):
        encoders.fetch(entry, cache=tmp_path / "cache", offline=True)
