"""The command line as programs and people meet it: real processes, exit statuses, one sentence."""

import gzip
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.local.messages import messages, write_csv

pytestmark = pytest.mark.journey


@pytest.fixture
def chat(tmp_path: Path) -> str:
    return write_csv(tmp_path / "chat.csv", messages(), ["text", "label"]).name


def test_fit_prints_the_report_as_one_json_object(hotfit: Program, chat: str) -> None:
    done = hotfit("fit", chat, "--json")
    assert (done.status, done.err) == (0, "")
    report = done.json()
    promised = {"function", "input", "output", "samples", "labels", "version", "encoder", "head"}
    assert promised <= report.keys()
    assert report["seconds"].keys() == {"first_model", "total"}
    assert {"answer", "metric", "estimate", "low", "high", "baseline", "next_steps"} <= report[
        "verdict"
    ].keys()


def test_fit_tells_people_the_verdict_and_stays_silent_on_stderr(
    hotfit: Program, chat: str
) -> None:
    done = hotfit("fit", chat)
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith("chat: text -> greeting | parting      80 examples, 2 labels\n")
    assert "Can ML do this?" in done.out


def test_invoke_answers_arguments_and_lines_of_stdin_alike(hotfit: Program, chat: str) -> None:
    hotfit("fit", chat)
    asked = ["hello dear mayor", "farewell dear mayor"]
    by_argument = hotfit("invoke", "chat", *asked, "--json").json_lines()
    by_line = hotfit("invoke", "chat", "--json", stdin="\n".join(asked) + "\n").json_lines()
    by_jsonl = hotfit(
        "invoke", "chat", "--json", stdin="".join(f'{{"text": "{text}"}}\n' for text in asked)
    ).json_lines()
    assert by_argument == by_line == by_jsonl
    assert [answer["label"] for answer in by_argument] == ["greeting", "parting"]
    assert by_argument[0].keys() == {"label", "confidence", "labels"}


def test_evaluate_prints_the_promised_keys(hotfit: Program, chat: str, tmp_path: Path) -> None:
    hotfit("fit", chat)
    rows = [("hello dear mayor", "greeting"), ("farewell dear mayor", "parting")]
    write_csv(tmp_path / "new.csv", rows, ["text", "label"])
    score = hotfit("evaluate", "chat", "new.csv", "--json").json()
    assert score["n"] == 2
    assert {"accuracy", "low", "high", "balanced_accuracy", "macro_f1", "log_loss", "ece"} <= set(
        score
    )
    assert score["per_label"].keys() == {"greeting", "parting"}


def test_a_source_may_come_by_standard_input(hotfit: Program, chat: str, tmp_path: Path) -> None:
    content = gzip.compress((tmp_path / chat).read_bytes())
    done = hotfit("fit", "-", "--name", "piped", "--json", stdin=content)
    assert (done.status, done.json()["function"]) == (0, "piped")


def test_list_show_and_delete_keep_the_home_in_order(hotfit: Program, chat: str) -> None:
    assert "No functions here yet" in hotfit("list").out
    fitted = hotfit("fit", chat, "--json").json()
    assert hotfit("list", "--json").json()["id"] == fitted["id"]
    assert hotfit("show", "chat", "--json").json() == fitted
    assert hotfit("show", fitted["id"], "--json").json() == fitted
    assert hotfit("delete", "chat").status == 0
    assert hotfit("show", "chat").status == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"text,label\n", "header"),
        (b"text,label\nhello,a\nbye,a\nciao,a\n", "'a'"),
        (b"text,label\nhello,\nbye,\n", "label"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "bad.csv"),
        (gzip.compress(b"text,label\nhello,a\n" * 50, mtime=0)[:40], "bad.csv"),
    ],
    ids=["empty", "header only", "one label", "no labels", "an image", "a cut archive"],
)
def test_a_bad_source_is_refused_in_one_sentence_and_leaves_nothing(
    hotfit: Program, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    done = hotfit("fit", "bad.csv")
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("hotfit: ")
    assert done.err.count("\n") == 1
    assert said in done.err
    assert "No functions here yet" in hotfit("list").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("fit", "missing.csv"),
        ("fit", "chat.csv", "--target", "lable"),
        ("fit", "chat.csv", "--input", "txet"),
        ("invoke", "nobody", "hello"),
        ("show", "nobody"),
        ("evaluate", "nobody", "chat.csv"),
        ("fit",),
        ("nonsense",),
        ("fit", "chat.csv", "--output", "poem"),
    ],
)
def test_wrong_arguments_exit_with_two_and_say_what_to_do(
    hotfit: Program, chat: str, arguments: tuple[str, ...]
) -> None:
    assert chat == "chat.csv"
    done = hotfit(*arguments)
    assert done.status == 2
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.err.strip()


def test_control_characters_in_data_cannot_reach_the_terminal(
    hotfit: Program, tmp_path: Path
) -> None:
    rows = [(f"text number {n} \x1b[2J", "even" if n % 2 else "odd") for n in range(30)]
    write_csv(tmp_path / "odd\x1b[31m.csv", rows, ["text", "label"])
    done = hotfit("fit", "odd\x1b[31m.csv")
    assert done.status == 0
    assert "\x1b" not in done.out


def test_a_home_that_cannot_be_written_is_refused(hotfit: Program, chat: str) -> None:
    done = hotfit("fit", chat, "--home", "/proc/hotfit")
    assert done.status in {1, 2}
    assert "/proc/hotfit" in done.err
    assert "Traceback" not in done.err


def test_findings_name_the_rows_they_speak_of(hotfit: Program, tmp_path: Path) -> None:
    rows = [*messages(), ("hello dear sailor", "parting")]
    write_csv(tmp_path / "chat.csv", rows, ["text", "label"])
    hotfit("fit", "chat.csv")
    found = hotfit("findings", "chat", "--json").json_lines()
    (twice,) = [each for each in found if each["kind"] == "contradiction"]
    assert sorted(twice["rows"]) == [1, 81]
    assert {"kind", "sample", "row", "label", "suggested", "score", "evidence"} <= twice.keys()
    only = hotfit("findings", "chat", "--kind", "contradiction").out
    listed, held, told = only.splitlines()
    assert "row 1, 81" in listed
    assert held.strip() == "hello dear sailor"
    assert told.startswith("1 x contradiction: ")


def test_the_surest_findings_of_each_kind_are_printed_and_the_rest_counted(
    hotfit: Program, tmp_path: Path
) -> None:
    rows = [(text, label) for text, label in messages() for _ in range(2)]
    write_csv(tmp_path / "chat.csv", rows, ["text", "label"])
    hotfit("fit", "chat.csv")
    whole = hotfit("findings", "chat", "--kind", "duplicate", "--json").json_lines()
    first = hotfit("findings", "chat", "--kind", "duplicate", "-n", "2", "--json").json_lines()
    assert first == whole[:2]
    *listed, told = hotfit("findings", "chat", "--kind", "duplicate", "-n", "2").out.splitlines()
    assert [line.startswith("duplicate ") for line in listed] == [True, False, True, False]
    assert listed[1].strip() == messages()[0][0]
    assert told.startswith(f"{len(whole)} x duplicate: all of the first 2 are certain")
    assert told.endswith(f"{len(whole) - 2} more (-n {len(whole)})")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("findings", "chat", "--kind", "duplicates"), "did you mean 'duplicate'?"),
        (("findings", "chat", "--label", "greeting"), "give --accept ID beside it"),
        (("label", "chat", "labels.py", "--soft"), "give --json beside it"),
        (("similar", "chat", "--sample", "500"), "no sample is row 500 of 'chat'"),
        (("similar", "chat", "hi", "--set", "golden"), "no sample set is called 'golden'"),
        (("similar", "chat", "--sample", "sample_zz"), "no sample 'sample_zz'"),
    ],
)
def test_what_is_not_there_is_named_with_what_was_expected(
    hotfit: Program, chat: str, arguments: tuple[str, ...], told: str
) -> None:
    hotfit("fit", chat)
    done = hotfit(*arguments)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_what_became_of_a_finding_is_told_and_how_it_is_taken_back(
    hotfit: Program, tmp_path: Path
) -> None:
    rows = [*messages(), ("hello dear sailor", "parting")]
    write_csv(tmp_path / "chat.csv", rows, ["text", "label"])
    hotfit("fit", "chat.csv")
    (torn,) = hotfit("findings", "chat", "--kind", "contradiction", "--json").json_lines()
    *_, told = hotfit(
        "findings", "chat", "--accept", torn["id"], "--label", "greeting"
    ).out.splitlines()
    assert told == (
        f"{torn['id']} accepted, 2 samples are labelled 'greeting' now; back with: hotfit findings "
        f"chat --undo {torn['id']}"
    )
    none = hotfit("findings", "chat", "--kind", "contradiction").out
    assert none == "No contradiction in the data of chat waits for a look.\n"
    *_, told = hotfit("findings", "chat", "--undo", torn["id"]).out.splitlines()
    assert told == f"{torn['id']} open again, as before"
    *_, told = hotfit("findings", "chat", "--dismiss", torn["id"]).out.splitlines()
    assert told.startswith(f"{torn['id']} dismissed for good; back with: hotfit findings chat ")
    *_, before, now = hotfit("statistics", "chat").out.splitlines()
    assert before.startswith("Over time ")
    assert " samples learned: " in now
