"""Make an inner value of an ONNX model its only output, without the `onnx` package.

A model is a run of fields, each a key `(number << 3) | wire` and a value (`onnx_graph` says how
they are written). ModelProto.graph is field 7, GraphProto.output field 12: the outputs are left
out, and one with the wanted name is put in their place. The runtime infers its type.
"""

from collections.abc import Iterator

from hotfit.encoders.onnx_graph import chunk
from hotfit.errors import Unavailable

GRAPH, NODE, OUTPUT, NODE_OUTPUT = 7, 1, 12, 2


class NotAModel(Unavailable):
    """A file that was to hold an ONNX model does not, or lacks the wanted value."""

    def __init__(self, *, why: str) -> None:
        super().__init__(f"the ONNX file cannot be used: {why}; fetch the encoder's weights again")


def cut(model: bytes, value: str) -> bytes:
    """Return the model with `value` as its only output; raise NotAModel."""
    out: list[bytes] = []
    for number, start, body, end in fields(model):
        if number != GRAPH:
            out.append(model[start:end])
            continue
        graph = model[body:end]
        parts = list(fields(graph))
        if not any(_makes(graph[at:stop], value) for kind, _, at, stop in parts if kind == NODE):
            raise NotAModel(why=f"no value in it is called {value!r}")
        kept = [graph[at:stop] for kind, at, _, stop in parts if kind != OUTPUT]
        out.append(chunk(GRAPH, b"".join([*kept, chunk(OUTPUT, chunk(1, value))])))
    return b"".join(out)


def fields(message: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield (number, start, start of the value, end) of each field; raise NotAModel."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        body, at = _skip(message, at, key & 7)
        if at > len(message):
            raise NotAModel(why="it ends too early")
        yield key >> 3, start, body, at


def _makes(node: bytes, value: str) -> bool:
    wanted = value.encode()
    return any(
        number == NODE_OUTPUT and node[body:end] == wanted for number, _, body, end in fields(node)
    )


def _skip(message: bytes, at: int, wire: int) -> tuple[int, int]:
    """Where the value at `at` starts and ends."""
    if wire == 2:
        size, at = _varint(message, at)
        return at, at + size
    if wire == 0:
        return at, _varint(message, at)[1]
    if wire in {1, 5}:
        return at, at + (8 if wire == 1 else 4)
    raise NotAModel(why="it is no ONNX model")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 70:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise NotAModel(why="it ends too early")
