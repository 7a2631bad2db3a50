"""The default text encoder beside vectors made with sentence-transformers 6.2 on the same files."""

from pathlib import Path

import numpy as np
import pytest

from hotfit import encoders
from hotfit.encoders.base import Encoder

GOLDEN = {
    "": [-0.118838, 0.048299, -0.002548, -0.011011, 0.051951, 0.010292, 0.115433, 0.000701],
    "I am still waiting on my card?": [
        *(-0.035352, -0.042137, -0.002757, 0.031937, 0.02319, -0.018297, 0.030449, -0.02911),
    ],
    "You have WON a free cruise!!! reply YES": [
        *(-0.007122, 0.021738, 0.085511, 0.001306, 0.027906, 0.004098, 0.084234, -0.061915),
    ],
    "Ünïcödé \u2013 漢字 and emoji 🎉": [
        *(-0.045126, -0.01558, 0.048614, -0.009311, 0.001364, -0.066379, 0.005031, -0.030674),
    ],
    "a" * 300: [
        *(-0.041596, -0.024682, 0.077893, -0.006149, 0.017001, 0.001262, 0.12374, -0.001972),
    ],
}
SENTENCES = [*GOLDEN, "one two three " * 60, "How long does a transfer take", "ok"]


def test_vectors_are_those_of_the_published_network(minilm: Encoder) -> None:
    found = minilm.encode(list(GOLDEN))
    np.testing.assert_allclose(found[:, :8], list(GOLDEN.values()), atol=2e-6)


def test_a_vector_does_not_depend_on_its_neighbours(minilm: Encoder) -> None:
    together = minilm.encode(SENTENCES * 3)
    for row, sentence in enumerate(SENTENCES):
        np.testing.assert_allclose(together[row], minilm.encode([sentence])[0], atol=1e-6)


def test_meaning_counts_more_than_wording(minilm: Encoder) -> None:
    a, b, c = minilm.encode(["my card was stolen", "someone took my debit card", "my cat was sick"])
    assert a @ b > a @ c + 0.2


def test_a_text_longer_than_the_network_takes_is_read_to_its_end(minilm: Encoder) -> None:
    filler = "the weather is nice today " * 250
    plain, other = minilm.encode([filler, filler + "and the bank refused my transfer " * 40])
    assert plain @ other < 0.98
    assert np.linalg.norm(other) == pytest.approx(1, abs=1e-5)


@pytest.mark.journey
@pytest.mark.filterwarnings("ignore")
def test_equals_sentence_transformers(minilm: Encoder, tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    layers = pytest.importorskip("sentence_transformers.models")
    cache = tmp_path.parents[1] / "hotfit-weights"
    entry = encoders.ENCODERS.get(minilm.name)
    for name, path in encoders.fetch(entry, cache=cache).items():
        (tmp_path / name).symlink_to(path)
    words = layers.Transformer(str(tmp_path), max_seq_length=entry.max_tokens)
    parts = [words, layers.Pooling(entry.dimensions, "mean"), layers.Normalize()]
    rival = library.SentenceTransformer(modules=parts, device="cpu")
    np.testing.assert_allclose(minilm.encode(SENTENCES), rival.encode(SENTENCES), atol=1e-5)
