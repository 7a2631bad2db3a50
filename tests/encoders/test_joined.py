import numpy as np

from hotfit.encoders.fake import FakeEncoder
from hotfit.encoders.joined import JoinedEncoder


def test_parts_weigh_the_same_and_the_whole_has_length_one() -> None:
    narrow, wide = FakeEncoder(name="a.v1", dimensions=8), FakeEncoder(name="b.v1", dimensions=64)
    joined = JoinedEncoder([narrow, wide])
    vectors = joined.encode(["one text", "another"])
    assert (joined.name, joined.dimensions) == ("a.v1+b.v1", 72)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors[:, :8], axis=1), np.sqrt(0.5), atol=1e-6)
    alone = wide.encode(["one text", "another"])
    np.testing.assert_allclose(vectors[:, 8:] * np.sqrt(2), alone, atol=1e-6)


def test_a_part_that_sees_nothing_leaves_the_others() -> None:
    class Blind(FakeEncoder):
        def encode(self, samples, *, progress=None):  # type: ignore[no-untyped-def] # a test's stand-in
            return np.zeros((len(samples), self.dimensions), np.float32)

    vectors = JoinedEncoder([FakeEncoder(), Blind(name="blind.v1")]).encode(["x"])
    assert np.isfinite(vectors).all()
