"""Measure what images look like under the interface of an encoder, so that what is found is kept.

A survey of the data then decodes no image again.
"""

from collections.abc import Sequence

import numpy as np

from hotfit.encoders import onnx_session
from hotfit.encoders.base import Progress
from hotfit.encoders.image import encode_in_batches
from hotfit.inputs.looks import DIMENSIONS, measure
from hotfit.types import Data, Input, Picture, Vectors

_BATCH = 32


class LooksEncoder:
    """Turns images into what `hotfit.inputs.looks` measures."""

    name = "looks.v1"
    input = Input.IMAGE
    dimensions = DIMENSIONS

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Measure n images in order, shape (n, dimensions)."""
        return encode_in_batches(
            samples,
            _measured,
            dimensions=self.dimensions,
            batch=_BATCH,
            threads=onnx_session.cores(),
            progress=progress,
        )


def _measured(pictures: Sequence[Picture]) -> Vectors:
    return np.stack([measure(picture.read()) for picture in pictures])
