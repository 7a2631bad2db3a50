"""What is said about the encoder of a function: how others fared, and what is offered."""

from collections.abc import Iterator, Mapping
from typing import Any

ENDS = {
    "won": "taken",
    "not better": "no surer",
    "cannot win": "cannot win",
    "too slow": "slower than allowed",
    "too long": "would take too long to try",
}
"""How a trial ended, for people."""


def lines(function: str, encoders: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each encoder that was tried, and one for an offer."""
    offer = encoders["offer"]
    for tried in encoders["tried"]:
        end = ENDS[tried["end"]]
        if tried["end"] == "not better" and tried["high"] < 0:
            end = "worse"
        if tried["end"] == "won" and offer is not None:
            end = "better"
        yield f"Encoder tried     {tried['encoder']}: {_result(tried)}{end}"
    if offer is not None:
        yield (
            f"Offer             {offer['encoder']} instead of {encoders['kept']}: {_result(offer)}"
            f"accept it with: hotfit fit {function} --encoder {offer['encoder']}"
        )


def _result(tried: Mapping[str, Any]) -> str:
    price = f"{tried['latency_ms']:.1f} ms a call ({tried['more_ms']:+.1f})"
    if not tried["samples"]:
        return f"{price}; "
    return (
        f"{100 * tried['gain']:+.1f} points ({100 * tried['low']:+.1f} to "
        f"{100 * tried['high']:+.1f}) on {tried['samples']:,} examples, {tried['fixed']:,} fixed, "
        f"{tried['broken']:,} broken, {price}; "
    )
