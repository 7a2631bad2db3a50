from pathlib import Path

import pytest

from hotfit.cli.encoder_lines import lines
from tests.cli.conftest import Program
from tests.encoders.networks import outside_network, text_network, tokenizer, write


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTFIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOTFIT_OFFLINE", "1")


def test_encoders_are_listed_added_and_removed(hotfit: Program, tmp_path: Path) -> None:
    words = ["spam", "ham", "offer", "meeting"]
    tokenizer(tmp_path, words)
    write(tmp_path / "words.onnx", text_network(words=6))
    added = hotfit("encoders", "add", "words.onnx", "--json")
    assert added.status == 0, added.err
    assert (added.json()["name"], added.json()["dimensions"]) == ("words.v1", 6)
    rows = {row["name"]: row for row in hotfit("encoders", "--json").json_lines()}
    assert rows["words.v1"]["added"]
    assert rows["words.v1"]["latency_ms"] is not None
    assert "words.v1" in hotfit("encoders").out
    assert hotfit("encoders", "remove", "words.v1").out == "words.v1 is removed.\n"
    gone = hotfit("encoders", "remove", "words.v1")
    assert gone.status == 2
    assert "nothing among encoders is called 'words.v1'" in gone.err


def test_a_network_with_weights_elsewhere_is_refused_in_one_line(
    hotfit: Program, tmp_path: Path
) -> None:
    write(tmp_path / "outside.onnx", outside_network())
    refused = hotfit("encoders", "add", "outside.onnx")
    assert refused.status == 2
    assert refused.err.count("\n") == 1
    assert "external data" in refused.err


def test_what_cannot_be_verified_or_had_says_how(hotfit: Program) -> None:
    loose = hotfit("encoders", "fetch", "e5-small.v2")
    assert loose.status == 2
    assert "hotfit encoders fetch e5-small.v2 --trust" in loose.err
    missing = hotfit("encoders", "fetch", "bge-small-en.v1")
    assert missing.status != 0
    assert "hf download BAAI/bge-small-en-v1.5" in missing.err


def test_an_offer_is_told_with_its_price() -> None:
    tried = {
        "encoder": "new.v1",
        "end": "won",
        "latency_ms": 9.0,
        "more_ms": 4.0,
        "samples": 500,
        "gain": 0.02,
        "low": 0.01,
        "high": 0.03,
        "fixed": 14,
        "broken": 4,
    }
    slow = tried | {"encoder": "slow.v1", "end": "too slow", "samples": 0}
    told = list(lines("mail", {"kept": "old.v1", "tried": [tried, slow], "offer": tried}))
    first = (
        "Encoder tried     new.v1: +2.0 points (+1.0 to +3.0) on 500 examples, 14 fixed, 4 broken,"
        " 9.0 ms a call (+4.0); better"
    )
    offer = (
        "Offer             new.v1 instead of old.v1: +2.0 points (+1.0 to +3.0) on 500 examples,"
        " 14 fixed, 4 broken, 9.0 ms a call (+4.0); accept it with: hotfit fit mail --encoder"
        " new.v1"
    )
    second = "Encoder tried     slow.v1: 9.0 ms a call (+4.0); slower than allowed"
    assert told == [first, second, offer]
    taken = list(lines("mail", {"kept": "new.v1", "tried": [tried], "offer": None}))
    assert taken[0].endswith("; taken")
