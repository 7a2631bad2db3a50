"""Write an ONNX model as bytes, without the `onnx` package.

ONNX models are Protocol Buffers. A message is a run of fields, each a key `(number << 3) | wire`
followed by its value: wire 0 a base-128 varint, wire 2 a length and that many bytes, wire 5 four
bytes. The field numbers below are those of `onnx/onnx.proto` (https://onnx.ai), which promises to
keep them for ever; only the fields an encoder needs are written.

Weights stay outside: `Graph.weight` declares a tensor as external data, and ONNX Runtime is handed
the arrays by name when the session starts, so that nothing is copied or parsed.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

IR_VERSION = 8
OPSET = 17
CONTRIB = "com.microsoft"

ELEMENT = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7, "bool": 9, "float64": 11}
"""TensorProto.DataType by NumPy name."""

Attribute = int | float | str | Sequence[int]
Shape = Sequence[int | str]
"""One entry a dimension: a number where it is fixed, a name where it varies."""


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers travel as their two's complement
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field_number: int, value: int) -> bytes:
    return _varint(field_number << 3) + _varint(value)


def chunk(field_number: int, value: bytes | str) -> bytes:
    """Write a field of bytes, a string or an inner message."""
    data = value.encode() if isinstance(value, str) else value
    return _varint(field_number << 3 | 2) + _varint(len(data)) + data


def _single(field_number: int, value: float) -> bytes:
    return _varint(field_number << 3 | 5) + struct.pack("<f", value)


def _attribute(name: str, value: Attribute) -> bytes:
    """AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20."""
    head = chunk(1, name)
    if isinstance(value, float):
        return head + _single(2, value) + _number(20, 1)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return head + chunk(4, value) + _number(20, 3)
    return head + b"".join(_number(8, item) for item in value) + _number(20, 7)


def _node(
    operator: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    domain: str,
    attributes: Mapping[str, Attribute],
) -> bytes:
    """NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7."""
    parts = [chunk(1, name) for name in inputs]
    parts += [chunk(2, name) for name in outputs]
    parts += [chunk(3, outputs[0]), chunk(4, operator)]
    parts += [chunk(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join(parts) + chunk(7, domain)


def _tensor(name: str, array: NDArray[np.generic]) -> bytes:
    """TensorProto: dims 1, data_type 2, name 8, raw_data 9 (little-endian)."""
    dims = b"".join(_number(1, size) for size in array.shape)
    return dims + _number(2, ELEMENT[array.dtype.name]) + chunk(8, name) + chunk(9, array.tobytes())


def _external(name: str, array: NDArray[np.generic]) -> bytes:
    """TensorProto whose data is handed over later: external_data 13, data_location 14."""
    dims = b"".join(_number(1, size) for size in array.shape)
    place = chunk(1, "location") + chunk(2, "memory")  # StringStringEntryProto: key 1, value 2
    head = dims + _number(2, ELEMENT[array.dtype.name]) + chunk(8, name)
    return head + chunk(13, place) + _number(14, 1)


def _value(name: str, element: str, shape: Shape) -> bytes:
    """ValueInfoProto: name 1, type 2; TypeProto.tensor_type 1: elem_type 1, shape 2.

    TensorShapeProto: dim 1; Dimension: dim_value 1, dim_param 2.
    """
    dims = b"".join(
        chunk(1, _number(1, size) if isinstance(size, int) else chunk(2, size)) for size in shape
    )
    tensor = _number(1, ELEMENT[element]) + chunk(2, dims)
    return chunk(1, name) + chunk(2, chunk(1, tensor))


@dataclass
class Graph:
    """An ONNX graph under construction; every method returns the name of what it adds."""

    name: str
    weights: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    _nodes: list[bytes] = field(default_factory=list)
    _tensors: list[bytes] = field(default_factory=list)
    _inputs: list[bytes] = field(default_factory=list)
    _outputs: list[bytes] = field(default_factory=list)
    _contributed: bool = False

    def input(self, name: str, element: str, shape: Shape) -> str:
        """Declare an input of the model."""
        self._inputs.append(_value(name, element, shape))
        return name

    def output(self, name: str, element: str, shape: Shape) -> str:
        """Declare that the value called `name` is an output of the model."""
        self._outputs.append(_value(name, element, shape))
        return name

    def constant(self, name: str, array: NDArray[np.generic]) -> str:
        """Add a small tensor, kept inside the model."""
        self._tensors.append(_tensor(name, array))
        return name

    def weight(self, name: str, array: NDArray[np.generic]) -> str:
        """Add a large tensor, handed to the session beside the model (see `weights`)."""
        self.weights[name] = np.ascontiguousarray(array)
        return name

    def node(
        self,
        operator: str,
        *inputs: str,
        domain: str = "",
        outputs: int = 1,
        name: str = "",
        **attributes: Attribute,
    ) -> str:
        """Add an operator and return its first output; an empty input name means left out."""
        name = name or f"{operator}_{len(self._nodes)}"
        self._contributed |= domain == CONTRIB
        names = [name, *(f"{name}_{number}" for number in range(1, outputs))]
        self._nodes.append(_node(operator, inputs, names, domain=domain, attributes=attributes))
        return name

    def to_bytes(self, *, whole: bool = False) -> bytes:
        """Return the model, its weights inside where it is to be `whole`.

        ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8.

        GraphProto: node 1, name 2, initializer 5, input 11, output 12. OperatorSetIdProto: domain
        1, version 2.
        """
        parts = [chunk(1, node) for node in self._nodes]
        parts.append(chunk(2, self.name))
        write = _tensor if whole else _external
        weights = [write(name, array) for name, array in self.weights.items()]
        parts += [chunk(5, tensor) for tensor in (*self._tensors, *weights)]
        parts += [chunk(11, value) for value in self._inputs]
        parts += [chunk(12, value) for value in self._outputs]
        opsets = [_number(2, OPSET)]
        if self._contributed:
            opsets.append(chunk(1, CONTRIB) + _number(2, 1))
        head = _number(1, IR_VERSION) + chunk(2, "hotfit") + chunk(7, b"".join(parts))
        return head + b"".join(chunk(8, opset) for opset in opsets)
