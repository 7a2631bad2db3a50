import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from hotfit.encoders import text
from hotfit.encoders.text import NotText, TextEncoder, _window_starts
from hotfit.types import Vectors
from tests.encoders.conftest import WIDTH, WORDS, small_arrays, small_entry
from tests.encoders.test_bert import naive


def alone(encoder: TextEncoder, sample: str) -> Vectors:
    vector: Vectors = encoder.encode([sample])[0]
    return vector


def test_a_text_becomes_the_vector_of_its_tokens(small: TextEncoder) -> None:
    ids = [2, *(WORDS.index(letter) for letter in "caba"), 3]
    np.testing.assert_allclose(alone(small, "c a b a"), naive(small_arrays(), ids), atol=2e-6)


def test_padding_and_truncation_of_the_tokenizer_file_are_ignored(small: TextEncoder) -> None:
    assert not np.allclose(alone(small, "a b c d e f g"), alone(small, "a b c"), atol=1e-3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abcdefg ", max_size=70), max_size=40))
def test_vectors_come_in_order_and_do_not_depend_on_the_batch(
    small: TextEncoder, texts: list[str]
) -> None:
    together = small.encode(texts)
    assert together.shape == (len(texts), WIDTH)
    assert together.dtype == np.float32
    for sample, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(vector, alone(small, sample), atol=1e-6)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_empty_text_has_a_vector(small: TextEncoder) -> None:
    np.testing.assert_allclose(alone(small, ""), naive(small_arrays(), [2, 3]), atol=2e-6)


def test_no_texts_give_no_vectors(small: TextEncoder) -> None:
    assert small.encode([]).shape == (0, WIDTH)


def test_a_long_text_is_the_mean_of_windows_that_cover_it(small: TextEncoder) -> None:
    letters = "abcdefghijklmnopponmlkjihgfedcba"
    room = small.max_tokens - 2
    starts = _window_starts(len(letters), room)
    windows = [" ".join(letters[start : start + room]) for start in starts]
    mean = small.encode(windows).mean(axis=0)
    np.testing.assert_allclose(
        alone(small, " ".join(letters)), mean / np.linalg.norm(mean), atol=2e-6
    )


@given(st.integers(0, 5000), st.integers(2, 600))
def test_windows_are_full_overlap_and_leave_no_token_out(length: int, room: int) -> None:
    starts = _window_starts(length, room)
    if length <= room:
        assert starts == [0]
        return
    assert starts[0] == 0
    assert starts[-1] + room == length
    overlap = min(text.OVERLAP, room // 2)
    for before, after in pairwise(starts):
        assert before < after <= before + room - overlap + 1


def test_progress_counts_texts_up_to_all_of_them(
    small: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "CHUNK", 50)
    seen: list[tuple[int, int]] = []
    small.encode(
        ["a b c " * (number % 9) for number in range(120)],
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == sorted(seen)
    assert seen[-1] == (120, 120)
    assert (50, 120) in seen


def test_a_stream_gives_the_same_vectors_piece_by_piece(small: TextEncoder) -> None:
    texts = ["a", "b c", "d e f", "", "a b c d"]
    pieces = list(small.stream(iter(texts), chunk=2))
    assert [len(piece) for piece in pieces] == [2, 2, 1]
    np.testing.assert_allclose(np.vstack(pieces), small.encode(texts), atol=1e-6)


def test_a_prefix_is_put_before_every_text(small_files: dict[str, Path]) -> None:
    plain = text.load(small_entry(), small_files, threads=1)
    prefixed = text.load(small_entry(prefix="a b "), small_files, threads=1)
    np.testing.assert_array_equal(alone(prefixed, "c"), alone(plain, "a b c"))


def test_half_a_surrogate_pair_is_read_as_an_unknown_character(small: TextEncoder) -> None:
    np.testing.assert_array_equal(alone(small, "a \ud800 b"), alone(small, "a \ufffd b"))


def test_a_sample_that_is_no_text_is_refused_by_number(small: TextEncoder) -> None:
    with pytest.raises(NotText, match="sample 2 is dict; a text encoder takes texts"):
        small.encode(["a", {"b": "c"}])


def test_half_precision_and_prefixed_names_are_read(small_files: dict[str, Path]) -> None:
    arrays = {f"bert.{name}": array.astype(np.float16) for name, array in small_arrays().items()}
    save_file(
        arrays | {"bert.embeddings.position_ids": np.arange(24)}, small_files["model.safetensors"]
    )
    rounded = {name.removeprefix("bert."): array for name, array in arrays.items()}
    encoder = text.load(small_entry(), small_files)
    np.testing.assert_allclose(
        alone(encoder, "a b"),
        naive({name: array.astype(np.float32) for name, array in rounded.items()}, [2, 4, 5, 3]),
        atol=2e-6,
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_encodes_the_same(small_files: dict[str, Path]) -> None:
    code = """
import os, sys
from pathlib import Path
from hotfit.encoders import text
from tests.encoders.conftest import small_entry
folder = Path(sys.argv[1])
encoder = text.load(small_entry(), {path.name: path for path in folder.iterdir()}, threads=2)
texts = ["a b c " * number for number in range(30)]
before = encoder.encode(texts)
child = os.fork()
if not child:
    os._exit(0 if (encoder.encode(texts) == before).all() else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    folder = small_files["config.json"].parent
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
