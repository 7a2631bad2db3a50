"""What `hotfit blame --json` prints."""

from typing import Any

from hotfit.samples.ids import sample_id
from hotfit.serving.explaining import Explanation, Pushed, sentence
from hotfit.types import Data, Picture


def blamed(found: Explanation) -> dict[str, Any]:
    """An explanation as JSON."""
    turning = found.turning
    return {
        "answer": found.answer.to_json(),
        "answer_sentence": found.answer.sentence(),
        "label": found.label,
        "sentence": sentence(found),
        "reasons": [_reason(each) for each in found.reasons],
        "turning": None
        if turning is None
        else {
            "samples": [sample_id(each) for each in turning.samples],
            "answer": turning.answer.to_json(),
        },
        "exact": found.exact,
        "method": found.method,
        "trained_on": found.trained_on,
        "version": found.version.id,
    }


def _reason(reason: Pushed) -> dict[str, Any]:
    origin = reason.origin
    return {
        "sample": sample_id(reason.samples[0]),
        "samples": [sample_id(each) for each in reason.samples],
        "label": reason.label,
        "weight": reason.weight,
        "row": None if origin is None else origin.row,
        "origin": None if origin is None else origin.origin,
        "external_id": None if origin is None else origin.external_id,
        "author": None if origin is None else origin.author,
        "created": None if origin is None else origin.created,
        "data": None if origin is None else _shown(origin.data),
        "without": reason.without.to_json(),
    }


def _shown(data: Data) -> Any:
    """A sample as JSON; an image by the SHA-256 of its file."""
    if isinstance(data, Picture):
        return data.sha256
    return data if isinstance(data, str) else dict(data)
