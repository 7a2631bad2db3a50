from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from hotfit.encoders import safetensors_map


def test_arrays_read_back_as_they_were_saved(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays: dict[str, NDArray[Any]] = {
        "a": rng.normal(size=(3, 4)).astype(np.float32),
        "b": np.arange(5),
        "c": rng.normal(size=7).astype(np.float16),
        "d": np.array([[1, 2]], np.int8),
    }
    save_file(arrays, tmp_path / "x.safetensors", metadata={"format": "np"})
    found = safetensors_map.read(tmp_path / "x.safetensors")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_arrays_cannot_be_written(tmp_path: Path) -> None:
    save_file({"a": np.zeros(3, np.float32)}, tmp_path / "x.safetensors")
    array = safetensors_map.read(tmp_path / "x.safetensors")["a"]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
