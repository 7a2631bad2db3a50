"""Files made to hurt: each is refused in one sentence with exit status 2, or read with a notice."""

import gzip
import json
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.inputs import opening
from hotfit.inputs.plan import plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.types import Sample

GOOD = "text,label\nhello there,a\ngood bye,b\nhow are you,a\nsee you soon,b\n"


def fit_like(path: Path) -> tuple[list[Sample], Report]:
    source = open_source(path)
    report = Report()
    return [s for b in read_samples(source, plan(source), report=report) for s in b], report


def csv_of(rows: int) -> str:
    return "text,label\n" + "".join(f"message {i} of many,{'ab'[i % 2]}\n" for i in range(rows))


def bomb() -> bytes:
    rows = b"a" * 4_000 + b",b\n" + b"a" * 4_000 + b",c\n"
    return gzip.compress(b"text,label\n" + rows * 1_000, compresslevel=6)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IEND", b"")
    )


REFUSED: dict[str, tuple[str, bytes, str, str]] = {
    "empty": ("a.csv", b"", "EmptyFile", "is empty"),
    "only a byte-order mark": ("a.csv", b"\xef\xbb\xbf", "EmptyFile", "is empty"),
    "only blank lines": ("a.csv", b"\n\n  \n\r\n", "EmptyFile", "is empty"),
    "empty gzip": ("a.csv.gz", gzip.compress(b""), "EmptyFile", "is empty"),
    "header only": ("a.csv", b"text,label\n", "HeaderOnly", "no rows"),
    "header only without line end": ("a.csv", b"text,label", "HeaderOnly", "no rows"),
    "one label": ("a.csv", b"text,label\nx y,a\nz w,a\nq r,a\n", "OneLabel", "'a'"),
    "no label in any row": ("a.csv", b"text,label\nx y,\nz w,\nq r,\n", "NoLabels", "'label'"),
    "only missing markers": ("a.csv", b"text,label\nx y,NA\nz w,?\nq r,\n", "NoLabels", "'label'"),
    "no answer column": ("a.csv", b"text\nhello there\ngood bye\n", "NoTarget", "--target"),
    "only the answer": ("a.csv", b"label\na\nb\na\nb\n", "NoInput", "--input"),
    "png": ("a.csv", png(), "UnknownFormat", "PNG"),
    "jpeg": ("a.csv", b"\xff\xd8\xff\xe0" + bytes(50), "UnknownFormat", "JPEG"),
    "pdf": ("a.csv", b"%PDF-1.7\n%\xe2\xe3", "UnknownFormat", "PDF"),
    "excel": ("a.xlsx", b"PK\x03\x04" + bytes(50), "UnknownFormat", "Excel"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(50), "UnknownFormat", "Excel"),
    "pickle": ("a.pkl", b"\x80\x04\x95" + bytes(50), "UnknownFormat", "pickle"),
    "sqlite": ("a.db", b"SQLite format 3\x00" + bytes(90), "UnknownFormat", "SQLite"),
    "zstd": ("a.csv.zst", b"\x28\xb5\x2f\xfd" + bytes(50), "UnknownFormat", "zstd"),
    "noise": ("a.csv", bytes(range(256)) * 40, "UnknownFormat", "binary"),
    "zeros": ("a.csv", bytes(10_000), "UnknownFormat", "binary"),
    "gzip in gzip": ("a.gz", gzip.compress(gzip.compress(b"x,y\n")), "UnknownFormat", "gzip"),
    "cut gzip": ("a.csv.gz", gzip.compress(csv_of(9_000).encode())[:-900], "BrokenGzip", "broken"),
    "gzip with a wrong sum": (
        "a.csv.gz",
        gzip.compress(GOOD.encode())[:-8] + bytes(8),
        "BrokenGzip",
        "broken",
    ),
    "gzip magic alone": ("a.csv.gz", b"\x1f\x8b", "BrokenGzip", "broken"),
    "parquet magic alone": ("a.parquet", b"PAR1", "BrokenParquet", "broken"),
    "parquet of noise": ("a.parquet", b"PAR1" + bytes(500) + b"PAR1", "BrokenParquet", "broken"),
    "broken json line": (
        "a.jsonl",
        b'{"text":"a b","label":"x"}\n{"text":\n',
        "BrokenJson",
        "line 2",
    ),
    "json list line": ("a.jsonl", b'{"text":"a","label":"x"}\n[1]\n', "NotAnObject", "line 2"),
    "cut json array": ("a.json", b'[{"text":"a","label":"x"},', "BrokenJson", "element 2"),
    "cut json element": ("a.json", b'[{"text":"a","label":"x"},{"te', "BrokenJson", "element 2"),
    "empty json array": ("a.json", b"[]", "EmptyFile", "is empty"),
    "empty json object": ("a.jsonl", b"{}\n{}\n", "EmptyFile", "is empty"),
    "json array of numbers": ("a.json", b"[1, 2, 3]", "NotAnObject", "a number"),
    "deep json": (
        "a.jsonl",
        b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
        "BrokenJson",
        "line 1",
    ),
    "deep json array": ("a.json", b"[" * 200_000, "BrokenJson", "element 1"),
    "deep json objects": ("a.jsonl", b'{"a":' * 100_000, "BrokenJson", "line 1"),
    "endless json number": (
        "a.jsonl",
        b'{"text":"a","label":' + b"9" * 5_000 + b"}\n",
        "BrokenJson",
        "line 1",
    ),
    "100,000 columns": (
        "a.csv",
        (",".join(f"c{i}" for i in range(100_000)) + "\n").encode() * 2,
        "TooManyColumns",
        "columns",
    ),
    "quote never closed": (
        "a.csv",
        b'text,label\n"open' + b" sesame\n" * 400_000,
        "CellTooLong",
        "row 1",
    ),
    "one endless line": ("a.csv", b"text,label\n" + b"x" * 3_000_000, "CellTooLong", "row 1"),
    "mostly ragged": (
        "a.csv",
        b"text,label,more\n" + b"just one\n" * 30 + b"x y,a,1\nz w,b,2\n" * 5,
        "MostlyRagged",
        "of the first",
    ),
    "bidi label": (
        "a.csv",
        "text,label\nx y,a\u202eb\nz w,c\nq r,c\n".encode(),
        "BadLabel",
        "row 1",
    ),
    "bell in a label": ("a.csv", b"text,label\nx y,a\nz w,b\x07b\nq r,c\n", "BadLabel", "row 2"),
    "essay as label": (
        "a.csv",
        b"text,label\nx y,a\nz w," + b"long " * 60 + b"\nq r,a\n",
        "BadLabel",
        "characters",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_in_one_sentence(case: str, tmp_path: Path) -> None:
    name, content, error, part = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        fit_like(path)
    sentence = str(refused.value)
    assert refused.value.name == error, sentence
    assert part in sentence
    assert refused.value.exit_status == 2
    assert "\n" not in sentence
    assert len(sentence) < 700


def test_refuses_a_gzip_bomb_before_it_fills_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BOMB_FREE_BYTES", 2**20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(bomb())
    with pytest.raises(Refusal, match="grows from") as refused:
        fit_like(path)
    assert refused.value.name == "ExpandsTooMuch"


@pytest.mark.parametrize(
    ("name", "error"),
    [("nowhere.csv", "MissingFile"), ("a.csv/b.csv", "MissingFile"), ("", "NoImages")],
)
def test_refuses_paths_that_lead_nowhere(name: str, error: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    with pytest.raises(Refusal) as refused:
        open_source(tmp_path / name)
    assert refused.value.name == error


@pytest.mark.parametrize("path", ["nul\0byte.csv", "x" * 5_000, "/dev/zero"])
def test_refuses_paths_no_system_has(path: str) -> None:
    with pytest.raises(Refusal):
        open_source(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_refuses_a_file_it_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD)
    path.chmod(0)
    with pytest.raises(Refusal, match="permissions"):
        open_source(path)


def test_reads_a_file_whose_permission_error_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Refusal, match="Permission denied"):
        open_source(path)


Check = Callable[[list[Sample], Report], bool]


def labels(samples: list[Sample]) -> list[object]:
    return [sample.label for sample in samples]


TEXTS = ["one two", "three four", "five six", "seven eight"]
READ: dict[str, tuple[str, bytes, Check]] = {
    "byte-order mark": ("a.csv", GOOD.encode("utf-8-sig"), lambda s, r: s[0].data == "hello there"),
    "UTF-16": ("a.csv", GOOD.encode("utf-16"), lambda s, r: len(s) == 4),
    "UTF-16 without mark": ("a.csv", GOOD.encode("utf-16-le"), lambda s, r: len(s) == 4),
    "UTF-16 big-endian without mark": ("a.csv", GOOD.encode("utf-16-be"), lambda s, r: len(s) == 4),
    "UTF-32": ("a.csv", GOOD.encode("utf-32"), lambda s, r: len(s) == 4),
    "Windows-1252": (
        "a.csv",
        GOOD.replace("hello", "grüße “é”").encode("cp1252"),
        lambda s, r: s[0].data == "grüße “é” there",
    ),
    "stray byte": (
        "a.csv",
        GOOD.replace("hello", "größe").encode() + b"caf\xe9 bar,a\n",
        lambda s, r: s[0].data == "größe there" and s[4].data == "café bar",
    ),
    "gzip without suffix": ("a", gzip.compress(GOOD.encode()), lambda s, r: len(s) == 4),
    "gzip of two members": (
        "a.gz",
        gzip.compress(GOOD.encode()) + gzip.compress(b"last one,a\n"),
        lambda s, r: len(s) == 5,
    ),
    "CR LF": ("a.csv", GOOD.replace("\n", "\r\n").encode(), lambda s, r: labels(s) == list("abab")),
    "CR": ("a.csv", GOOD.replace("\n", "\r").encode(), lambda s, r: labels(s) == list("abab")),
    "no last line end": ("a.csv", GOOD.strip().encode(), lambda s, r: len(s) == 4),
    "blank lines": ("a.csv", GOOD.replace("\n", "\n\n").encode(), lambda s, r: s[3].number == 4),
    "line break in a cell": (
        "a.csv",
        b'text,label\n"two\nlines, ""quoted""",a\nx y,b\nz w,a\n',
        lambda s, r: s[0].data == 'two\nlines, "quoted"',
    ),
    "semicolons": (
        "a.csv",
        b"text;label\nwell, hello;a\nno, bye;b\nso, what;a\n",
        lambda s, r: s[0].data == "well, hello",
    ),
    "bars": ("a.txt", b"text|label\nx y|a\nz w|b\nq r|a\n", lambda s, r: labels(s) == list("aba")),
    "tabs with bare quotes": (
        "a.tsv",
        b'ham\t"Open and never closed\nspam\twin a prize\nham\tsee you "later\nspam\tcall now\n',
        lambda s, r: len(s) == 4 and s[0].data == '"Open and never closed',
    ),
    "no header": (
        "a.csv",
        b"ham,how are you\nspam,win a prize\nham,see you\nspam,call now\nham,good\n",
        lambda s, r: s[0].label == "ham" and s[0].data == "how are you",
    ),
    "NUL in a cell": (
        "a.csv",
        GOOD.encode().replace(b"hello", b"he\0llo"),
        lambda s, r: s[0].data == "hello there" and r.counts["NUL characters removed"] == 1,
    ),
    "a long row": (
        "a.csv",
        GOOD.encode() + b"one, two, three,a\n",
        lambda s, r: len(s) == 4 and r.notices[0].row == 5,
    ),
    "a short row": (
        "a.csv",
        GOOD.encode() + b"no label here\n",
        lambda s, r: s[4].label is None and r.counts["ragged"] == 1,
    ),
    "an empty text": (
        "a.csv",
        GOOD.encode() + b",a\n",
        lambda s, r: len(s) == 4 and r.notices[0].row == 5,
    ),
    "labels apart by case and space": (
        "a.csv",
        b"text,label\nx y,Good  one\nz w,good one\nq r,good one\nu v,bad\n",
        lambda s, r: labels(s) == ["good one", "good one", "good one", "bad"],
    ),
    "labels apart by Unicode form": (
        "a.csv",
        "text,label\nx y,cafe\u0301\nz w,caf\u00e9\nq r,b\n".encode(),
        lambda s, r: labels(s) == ["caf\u00e9", "caf\u00e9", "b"],
    ),
    "label None": (
        "a.csv",
        b"text,label\nx y,None\nz w,bug\nq r,None\nu v,bug\n",
        lambda s, r: labels(s) == ["None", "bug", "None", "bug"],
    ),
    "gaps in the label": (
        "a.csv",
        b"text,label\nx y,NA\nz w,bug\nq r,\nu v,fix\n",
        lambda s, r: labels(s) == [None, "bug", None, "fix"],
    ),
    "formulas and markup": (
        "a.csv",
        b'text,label\n=cmd|x,a\n<script>alert(1)</script>,b\n"@SUM(1,2)",a\n',
        lambda s, r: s[1].data == "<script>alert(1)</script>",
    ),
    "JSON array": (
        "a.json",
        json.dumps([{"text": t, "label": "ab"[i % 2]} for i, t in enumerate(TEXTS)]).encode(),
        lambda s, r: labels(s) == list("abab"),
    ),
    "JSON array over lines without suffix": (
        "a",
        json.dumps([{"text": t, "label": i % 2} for i, t in enumerate(TEXTS)], indent=2).encode(),
        lambda s, r: labels(s) == ["0", "1", "0", "1"],
    ),
    "lone surrogate": (
        "a.jsonl",
        b'{"text":"cut \\ud83d","label":"a"}\n{"text":"whole \\ud83d\\ude00","label":"b"}\n',
        lambda s, r: s[0].data == "cut \ufffd" and s[1].data == "whole \U0001f600",
    ),
    "NaN and Infinity": (
        "a.jsonl",
        b'{"x":NaN,"z":1,"label":"a"}\n{"x":1e999,"z":2,"label":"b"}\n{"x":3,"z":5,"label":"a"}\n',
        lambda s, r: s[0].data == {"x": None, "z": 1} and s[1].data == {"x": None, "z": 2},
    ),
    "nested once": (
        "a.jsonl",
        b'{"in":{"text":"x y"},"label":"a"}\n{"in":{"text":"z w"},"label":"b"}\n',
        lambda s, r: s[1].data == "z w",
    ),
    "nested twice": (
        "a.jsonl",
        b'{"text":"x y","m":{"n":{"o":1}},"label":"a"}\n{"text":"z w","m":{},"label":"b"}\n',
        lambda s, r: s[0].data == "x y" and r.counts["nested values left out"] == 1,
    ),
    "late key": (
        "a.jsonl",
        b'{"text":"x y","label":"a"}\n{"text":"z w","label":"b"}\n' * 600
        + b'{"text":"q r","label":"a","late":1}\n',
        lambda s, r: r.notices[0].row == 1_201,
    ),
    "lists of labels": (
        "a.jsonl",
        (
            b'{"text":"x y","labels":["a","b"]}\n{"text":"z w","labels":["b"]}\n'
            b'{"text":"q r","labels":[]}\n{"text":"u v","labels":["a"]}\n'
        ),
        lambda s, r: labels(s) == [("a", "b"), ("b",), (), ("a",)],
    ),
    "huge whole number": (
        "a.jsonl",
        b'{"n":123456789012345678901,"text":"x y","label":"a"}\n{"n":2,"text":"z w","label":"b"}\n',
        lambda s, r: len(s) == 2,
    ),
    "blank, twice named and padded columns": (
        "a.csv",
        b" text ,label,label,\nx y,a,k,1\nz w,b,l,2\nq r,a,m,3\n",
        lambda s, r: labels(s) == list("aba"),
    ),
}


@pytest.mark.parametrize("case", READ)
def test_reads_what_can_be_read(case: str, tmp_path: Path) -> None:
    name, content, check = READ[case]
    path = tmp_path / name
    path.write_bytes(content)
    samples, report = fit_like(path)
    assert check(samples, report), (samples[:5], report)
