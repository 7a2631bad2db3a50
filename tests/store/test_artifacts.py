import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.store.artifacts import ArtifactCorrupt, pack, unpack
from hotfit.store.columns import UnstorableNumber
from hotfit.types import State

ARTIFACT = State(
    arrays={
        "weights": np.arange(6, dtype=np.float32).reshape(2, 3),
        "transposed": np.arange(6, dtype=np.float64).reshape(2, 3).T,
        "codes": np.array([1, -2], dtype=np.int64),
        "number": np.array(2.5),
        "nothing": np.zeros((0, 4), dtype=np.float32),
        "flags": np.array([True, False]),
    },
    parameters={"head": "ridge.v1", "labels": ["ham", "späm"], "deep": {"x": [1.5, None, True]}},
)


def test_arrays_and_parameters_come_back_as_they_went() -> None:
    back = unpack(pack(ARTIFACT))
    assert back.parameters == ARTIFACT.parameters
    assert set(back.arrays) == set(ARTIFACT.arrays)
    for name, array in ARTIFACT.arrays.items():
        assert back.arrays[name].dtype == array.dtype
        assert back.arrays[name].shape == array.shape
        assert np.array_equal(back.arrays[name], array)


def test_an_artifact_without_arrays_is_fine() -> None:
    assert unpack(pack(State(arrays={}, parameters={"a": 1}))).parameters == {"a": 1}


def test_equal_artifacts_give_equal_bytes() -> None:
    turned = State(
        arrays=dict(reversed(list(ARTIFACT.arrays.items()))), parameters=ARTIFACT.parameters
    )
    assert pack(turned) == pack(ARTIFACT)


def test_parameters_that_are_no_json_are_refused() -> None:
    with pytest.raises(UnstorableNumber):
        pack(State(arrays={}, parameters={"a": float("nan")}))


@pytest.mark.parametrize("size", [0, 7, 8, 100, -1])
def test_a_shortened_artifact_is_told(size: int) -> None:
    with pytest.raises(ArtifactCorrupt, match="fit it again"):
        unpack(pack(ARTIFACT)[:size])


def test_safetensors_of_another_program_are_told() -> None:
    from safetensors.numpy import save

    with pytest.raises(ArtifactCorrupt):
        unpack(save({"a": np.zeros(2)}))
    with pytest.raises(ArtifactCorrupt, match="expected 'hotfit"):
        unpack(save({"a": np.zeros(2)}, metadata={"hotfit": '{"format": 1, "parameters": 2}'}))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    with pytest.raises(ArtifactCorrupt):
        unpack(content)


@given(st.integers(0, len(pack(ARTIFACT)) - 1), st.integers(0, 7))
def test_a_flipped_bit_never_does_more_than_change_values(position: int, bit: int) -> None:
    content = bytearray(pack(ARTIFACT))
    content[position] ^= 1 << bit
    try:
        back = unpack(bytes(content))
    except ArtifactCorrupt:
        return
    assert isinstance(back, State)
