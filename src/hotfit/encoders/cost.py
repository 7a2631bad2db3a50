"""What an encoder costs on this machine, measured on a few samples."""

import statistics
from collections.abc import Callable

from hotfit.encoders.base import Cost, Encoder
from hotfit.encoders.probes import probes

CALLS = 5
"""Single calls that are timed; their median counts."""

BATCH = 16
"""Samples encoded at once."""


def measure(encoder: Encoder, *, clock: Callable[[], float]) -> Cost:
    """Time an encoder on probes; takes about 25 samples' time. `clock` counts seconds."""
    samples = probes(encoder.input, BATCH + CALLS + 1)
    encoder.encode(samples[:1])
    latencies = []
    for sample in samples[1 : CALLS + 1]:
        began = clock()
        encoder.encode([sample])
        latencies.append(clock() - began)
    began = clock()
    encoder.encode(samples[CALLS + 1 :])
    return Cost(latency=statistics.median(latencies), each=(clock() - began) / BATCH)
