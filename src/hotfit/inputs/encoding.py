"""Tell how bytes spell text, and decode them as a stream that never fails.

A byte-order mark or the pattern of NUL bytes gives UTF-16 and UTF-32. All else is read as UTF-8;
a byte that is no UTF-8 is read as Windows-1252 (where that has none, as Latin-1), byte by byte,
so that both a whole file in Windows-1252 and a stray byte in gigabytes of UTF-8 come out right.
"""

import codecs
import io
from dataclasses import dataclass
from typing import BinaryIO

from hotfit.inputs.opening import UnknownFormat

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
STRAY = "hotfit.windows1252"
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 0} | {127})
CONTROL_SHARE = 0.02
FEW_CONTROLS = 4


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The name of a codec, and the sentence that says a guess, if it was one."""

    codec: str
    note: str | None = None

    def open(self, stream: BinaryIO) -> io.TextIOWrapper:
        """Return `stream` decoded, line ends untouched."""
        errors = STRAY if self.codec.startswith("utf-8") else "replace"
        return io.TextIOWrapper(stream, encoding=self.codec, errors=errors, newline="")

    def decode_head(self, head: bytes) -> str:
        """Decode the first bytes of a file, dropping a character cut in two at their end."""
        errors = STRAY if self.codec.startswith("utf-8") else "replace"
        return codecs.getincrementaldecoder(self.codec)(errors).decode(head, final=False)


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    text = "".join(_windows1252(byte) for byte in error.object[error.start : error.end])
    return text, error.end


def _windows1252(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(STRAY, _stray)


def find_encoding(head: bytes, *, name: str) -> Encoding:
    """Tell the encoding of a file from its first bytes; raise UnknownFormat for binary ones."""
    for bom, codec in BOMS:
        if head.startswith(bom):
            return Encoding(codec=codec)
    if wide := _utf16_by_nul(head):
        return Encoding(codec=wide, note=f"{name} looks like UTF-16 without a mark; read so.")
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls > max(FEW_CONTROLS, CONTROL_SHARE * len(head)) or head.count(0) > 0.1 * len(head):
        raise UnknownFormat(path=name, found="a binary file of no known format")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return Encoding(
            codec="utf-8",
            note=f"{name} is not UTF-8; read as Windows-1252 (Latin-1), which is a guess:"
            " save it as UTF-8 if letters look wrong.",
        )
    return Encoding(codec="utf-8")


def _utf16_by_nul(head: bytes) -> str | None:
    sample = head[:4096]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None
