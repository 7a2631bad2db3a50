"""Bad and odd sources through the real program: one sentence and nothing kept, or an answer."""

import csv
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from hotfit.local import Home
from tests.cli.conftest import Program
from tests.local.messages import messages

pytestmark = pytest.mark.journey

CHAT = messages()


def table(rows: Iterable[Sequence[object]], header: Sequence[str] = ("text", "label")) -> bytes:
    """Rows as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue().encode()


def lines(rows: Iterable[object]) -> bytes:
    """Rows as JSONL."""
    return "\n".join(map(json.dumps, rows)).encode()


PLAIN = table(CHAT)
NOISE = random.Random(0)
PACKED = gzip.compress(table((f"{text} {NOISE.randbytes(6).hex()}", label) for text, label in CHAT))
DEEP = b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b', "label": "a"}'

REFUSED = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\n \n\n", "is empty"),
    "header.csv": (b"text,label\n", "no rows"),
    "one_label.csv": (table((text, "a") for text, _ in CHAT), "'a'"),
    "no_label.csv": (table((text, "") for text, _ in CHAT), "'label'"),
    "labels.csv": (table((f"a{n} b{n % 7}", f"l{n}") for n in range(10_000)), "10,000 different"),
    "huge_cell.csv": (PLAIN + b"x" * 10_000_000 + b",greeting\n", "row 81"),
    "open_quote.csv": (PLAIN + b'"never closed,greeting\n' + PLAIN, "row 81"),
    "wide_rows.csv": (b"text,label\n" + b"a,b,c,d\n" * 50, "cells of the header"),
    "binary.csv": (bytes(range(256)) * 20, "binary"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG"),
    "short.csv.gz": (PACKED[: len(PACKED) // 2], "gzip"),
    "wrong_sum.csv.gz": (PACKED[:-8] + b"12345678", "gzip"),
    "bomb.csv.gz": (gzip.compress(PLAIN + (b"x" * 1_000_000 + b",greeting\n") * 70), "unpack"),
    "broken.parquet": (b"PAR1" + b"junk" * 100 + b"PAR1", "Parquet"),
    "deep.jsonl": (lines({"text": t, "label": n} for t, n in CHAT) + b"\n" + DEEP, "line 81"),
    "broken.jsonl": (b'{"text": "a", "label": "b"}\n{"text": oops}\n', "line 2"),
    "wrapped.json": (b'{"data": [{"text": "a", "label": "b"}]}', "--target"),
    "numbers.jsonl": (b"[1, 2]\n" * 9, "element 1"),
    "escape.csv": (table((text, f"{label}\x1b[31m") for text, label in CHAT), "control"),
    "reorder.csv": (table((text, f"{label}\u202e") for text, label in CHAT), "reorders"),
    "same_id.csv": (
        table(((f"id{min(n, 78)}", *row) for n, row in enumerate(CHAT)), ("id", "text", "label")),
        "'id78'",
    ),
    "id_only.csv": (table(((n, "ab"[n % 2]) for n in range(80)), ("id", "label")), "'id'"),
    "alike.csv": (table(((1, 2, "ab"[n % 2]) for n in range(80)), ("x", "y", "label")), "'x'"),
    "constant.csv": (table(((n % 7, n, "a") for n in range(80)), ("x", "y", "label")), "'a'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hopeless_source_is_refused_in_one_sentence(
    hotfit: Program, tmp_path: Path, name: str
) -> None:
    content, said = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    done = hotfit("fit", name)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("hotfit: ")
    assert done.err.count("\n") == 1
    assert len(done.err) < 600
    assert said in done.err
    assert Home.open(tmp_path / "home").functions() == []


def _spelled(label: str, n: int) -> str:
    return (label, label.upper(), f" {label} ")[n % 3 if n % 5 == 0 else 0]


ODD: dict[str, tuple[bytes, int, int, str]] = {
    "one_each.csv": (table((text, f"l{n}") for n, (text, _) in enumerate(CHAT)), 80, 80, ""),
    "two_rows.csv": (table([CHAT[0], CHAT[-1]]), 2, 2, ""),
    "case.csv": (table((t, _spelled(s, n)) for n, (t, s) in enumerate(CHAT)), 80, 2, "case or"),
    "forms.csv": (
        table(
            (text, unicodedata.normalize(("NFC", "NFD")[n % 2], f"é{label}"))
            for n, (text, label) in enumerate(CHAT)
        ),
        80,
        2,
        "",
    ),
    "latin.csv": (table((f"{t} grüße", s) for t, s in CHAT).decode().encode("cp1252"), 80, 2, "8"),
    "mark.csv": (b"\xef\xbb\xbf" + PLAIN, 80, 2, ""),
    "utf16.csv": (PLAIN.decode().encode("utf-16"), 80, 2, ""),
    "ragged.csv": (PLAIN + b"short\n" + b"too,many,cells\n", 81, 2, "1 where 2 were expected"),
    "long.csv": (PLAIN + b"word " * 100_000 + b",greeting\n", 81, 2, ""),
    "nested.jsonl": (
        lines({"text": t, "meta": {"a": [1, {"b": 2}]}, "label": s} for t, s in CHAT),
        80,
        2,
        "nested",
    ),
    "nul.csv": (PLAIN.replace(b"mayor", b"may\0or").replace(b"baker", b"b\0"), 80, 2, "NUL"),
    "html.csv": (table((f"<script>x</script> =1+1 {t}", s) for t, s in CHAT), 80, 2, ""),
    "formula.csv": (table((f"=cmd|x {t}", f"={s}") for t, s in CHAT), 80, 2, ""),
    "two_labels.csv": (table([*CHAT, *((t, "parting") for t, _ in CHAT[:5])]), 85, 2, ""),
    "surrogate.jsonl": (
        b"\n".join(b'{"text": "\\ud800 %d", "label": "%c"}' % (n, 97 + n % 2) for n in range(40)),
        40,
        2,
        "surrogate",
    ),
    "infinite.csv": (
        table(
            ((("NaN", "inf", n)[n % 3], n % 7, "ab"[n % 2]) for n in range(60)), ("x", "y", "label")
        ),
        60,
        2,
        "",
    ),
    "mixed.jsonl": (
        lines(
            {"x": (1, "two", None, True)[n % 4], "y": n % 9, "label": "ab"[n % 2]}
            for n in range(60)
        ),
        60,
        2,
        "",
    ),
    "missing.csv": (
        table(((n % 7, "", n % 5, "ab"[n % 2]) for n in range(60)), ("x", "y", "z", "label")),
        60,
        2,
        "'y'",
    ),
    "contrary.csv": (
        table(((n // 4, n % 3, "ab"[n % 2]) for n in range(60)), ("x", "y", "label")),
        60,
        2,
        "",
    ),
    "wide.csv": (
        table(
            ([n * c % 17 for c in range(1, 301)] + ["ab"[n % 2]] for n in range(60)),
            [*(f"c{c}" for c in range(300)), "label"],
        ),
        60,
        2,
        "",
    ),
    "dates.csv": (
        table(
            ((f"2024-{n % 12 + 1:02}-03", f"{n % 28 + 1}/2/2023", "ab"[n % 2]) for n in range(60)),
            ("start", "end", "label"),
        ),
        60,
        2,
        "",
    ),
    "lists.jsonl": (
        lines({"v": ["x", "y"][: n % 3], "w": n % 5, "label": "ab"[n % 2]} for n in range(60)),
        60,
        2,
        "",
    ),
}
"""Name: content, samples kept, labels, and a word of the notice."""


@pytest.mark.parametrize("name", ODD)
def test_an_odd_source_is_read_and_what_was_done_is_said(
    hotfit: Program, tmp_path: Path, name: str
) -> None:
    content, samples, labels, said = ODD[name]
    (tmp_path / name).write_bytes(content)
    done = hotfit("fit", name, "--json", "--build", "instant")
    assert (done.status, done.err) == (0, "")
    report = json.loads(done.out, parse_constant=_no_constant)
    assert (report["samples"], len(report["labels"])) == (samples, labels)
    assert said in " ".join(report["notes"])
    assert report["verdict"]["low"] <= report["verdict"]["estimate"] <= report["verdict"]["high"]


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


@pytest.fixture
def chat(tmp_path: Path, hotfit: Program) -> str:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    assert hotfit("fit", "chat.csv", "--build", "instant").status == 0
    return "chat"


def test_answers_are_strict_json_and_shares_of_one(hotfit: Program, chat: str) -> None:
    asked = ["", "😀😀", "x" * 100_000, '{"text": "hello dear mayor"}', "null", "\u202e"]
    answers = hotfit("invoke", chat, "--json", *asked).json_lines()
    assert len(answers) == len(asked)
    for answer in answers:
        assert sum(each["confidence"] for each in answer["labels"]) == pytest.approx(1, abs=1e-6)
    array = '[{"text": "hello dear mayor"}, {"text": "farewell dear mayor"}]'
    assert [a["label"] for a in hotfit("invoke", chat, "--json", stdin=array).json_lines()] == [
        "greeting",
        "parting",
    ]
    assert hotfit("invoke", chat, stdin="\n\n").out == ""


def test_an_object_without_the_text_is_refused(hotfit: Program, chat: str) -> None:
    done = hotfit("invoke", chat, '{"message": "hello"}')
    assert (done.status, done.out) == (2, "")
    assert "'message'" in done.err
    assert '{"text": "..."}' in done.err


def _start(tmp_path: Path, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "hotfit", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ
        | {"HOTFIT_HOME": str(tmp_path / "home"), "HOTFIT_TEXT_ENCODER": "fake.v1"}
        | environment,
        # A shell that runs the tests in the background has its children ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def test_answers_appear_before_standard_input_ends(tmp_path: Path, chat: str) -> None:
    with _start(tmp_path, "invoke", chat) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"hello dear mayor\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"greeting")
        out, err = process.communicate(b"farewell dear mayor")
    assert (out.split()[0], err, process.returncode) == (b"parting", b"", 0)


def test_an_interrupt_ends_without_a_trace(tmp_path: Path, chat: str) -> None:
    with _start(tmp_path, "invoke", chat) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"hello dear mayor\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_a_reader_that_leaves_ends_the_program_quietly(tmp_path: Path, chat: str) -> None:
    with _start(tmp_path, "show", chat) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("arguments", [("invoke", "chat"), ("fit", "-", "--name", "piped")])
def test_a_closed_standard_input_is_told(
    tmp_path: Path, chat: str, arguments: tuple[str, ...]
) -> None:
    assert chat in {"chat"}
    command = [sys.executable, "-m", "hotfit", *arguments]
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *command],
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"HOTFIT_HOME": str(tmp_path / "home"), "HOTFIT_TEXT_ENCODER": "fake.v1"},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_without_utf8_gets_escapes(tmp_path: Path, hotfit: Program) -> None:
    (tmp_path / "umlaut.csv").write_bytes(table((text, f"ü{label}") for text, label in CHAT))
    hotfit("fit", "umlaut.csv", "--build", "instant")
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "40"}
    with _start(tmp_path, "show", "umlaut", **narrow) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"\\xfcgreeting" in out
    with _start(tmp_path, "show", "umlaut", "--json", **narrow) as process:
        out, _ = process.communicate()
    assert "ügreeting" in json.loads(out)["labels"]


def test_two_programs_fit_in_one_home_at_once(tmp_path: Path, hotfit: Program) -> None:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    names = ("one", "two", "both", "both")
    running = [_start(tmp_path, "fit", "chat.csv", "--name", name) for name in names]
    ended = [(process.communicate(), process.returncode) for process in running]
    assert [status for _, status in ended[:2]] == [0, 0]
    for (_, err), status in ended[2:]:
        assert status == 0 or (status == 2 and err.count(b"\n") == 1), err
    assert {f.name for f in Home.open(tmp_path / "home").functions()} == set(names)
    assert hotfit("invoke", "both", "hello dear mayor").out.startswith("greeting")


@pytest.mark.parametrize("name", ["", "   ", "x" * 300, "bell\a"])
def test_a_name_nobody_could_read_is_refused(hotfit: Program, tmp_path: Path, name: str) -> None:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    done = hotfit("fit", "chat.csv", "--name", name)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert Home.open(tmp_path / "home").functions() == []


def test_a_name_that_looks_like_a_path_stays_a_name(hotfit: Program, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    assert hotfit("fit", "chat.csv", "--name", "../../out", "--build", "instant").status == 0
    assert hotfit("invoke", "../../out", "hello dear mayor").out.startswith("greeting")
    assert {path.name for path in tmp_path.iterdir()} == {"chat.csv", "home"}


def _a_file(path: Path) -> None:
    path.write_text("")


def _below_a_file(path: Path) -> None:
    path.parent.mkdir()
    path.parent.rmdir()
    path.parent.write_text("")


@pytest.mark.parametrize(("home", "make"), [("file", _a_file), ("file/home", _below_a_file)])
def test_a_home_that_is_no_folder_is_refused(
    hotfit: Program, tmp_path: Path, home: str, make: Callable[[Path], None]
) -> None:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    make(tmp_path / home)
    done = hotfit("fit", "chat.csv", "--home", home)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "cannot be a folder" in done.err


def test_a_full_disk_is_told_and_the_home_opens_afterwards(hotfit: Program, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_bytes(
        table((f"{text} {n} " + "long " * 40, label) for n in range(60) for text, label in CHAT)
    )
    limited = (
        "import resource, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000));"
        "from hotfit.cli import main; sys.argv = ['hotfit', *sys.argv[1:]]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "fit", "chat.csv"],
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"HOTFIT_HOME": str(tmp_path / "home"), "HOTFIT_TEXT_ENCODER": "fake.v1"},
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"hotfit: ")
    assert done.stderr.count(b"\n") == 1
    assert hotfit("list").status == 0


def test_a_column_cannot_be_input_and_answer(hotfit: Program, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_bytes(PLAIN)
    done = hotfit("fit", "chat.csv", "--target", "label", "--input", "label")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "'label'" in done.err


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hotfit", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert loaded.isdisjoint({"numpy", "sqlalchemy", "pydantic", "rich", "onnxruntime", "scipy"})
