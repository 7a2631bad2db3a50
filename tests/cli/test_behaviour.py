"""`hotfit test` as a person and as CI run it."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

from tests.cli.conftest import Program


def test_a_new_folder_passes_and_a_broken_example_fails(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("init", "desk").status == 0
    tests = tmp_path / "desk" / "tests"
    (tests / "behaviour.toml").write_text("[[floor]]\naccuracy = 0.05\n")
    rows = (tmp_path / "desk" / "data" / "messages.csv").read_text().splitlines()
    text = rows[1].rsplit(",", 1)[0]
    (tests / "wrong.csv").write_text(f"text,label\n{text},account\n")
    failed = hotfit("test", "desk", "--junit", "report.xml")
    assert failed.status == 1
    assert "FAIL         tests/wrong.csv:2  account: " in failed.out
    assert "learned from data/messages.csv:" in failed.out
    suite = fromstring((tmp_path / "report.xml").read_text())[0]
    assert suite.get("failures") == "1"
    told = hotfit("test", "desk", "--json")
    assert told.status == 1
    outcomes = {each["place"]: each["outcome"] for each in told.json_lines()}
    assert outcomes["tests/wrong.csv:2"] == "fail"
    (tests / "wrong.csv").unlink()
    passed = hotfit("test", "desk", "-v")
    assert passed.status == 0
    assert "pass         tests/behaviour.toml:1  accuracy at least 5 %" in passed.out


def test_what_cannot_be_told_fails_only_where_that_is_asked(
    hotfit: Program, tmp_path: Path
) -> None:
    hotfit("init", "desk")
    test = tmp_path / "desk" / "tests" / "behaviour.toml"
    test.write_text('[[invariance]]\nchange = "names"\n')
    unsure = hotfit("test", "desk")
    assert unsure.status == 0
    assert "cannot tell" in unsure.out
    assert hotfit("test", "desk", "--strict").status == 1


def test_a_bad_test_file_is_the_users_fault(hotfit: Program, tmp_path: Path) -> None:
    hotfit("init", "desk")
    test = tmp_path / "desk" / "tests" / "behaviour.toml"
    test.write_text("[[floor]]\naccuracy = 2\n")
    refused = hotfit("test", "desk")
    assert refused.status == 2
    assert refused.err.startswith("hotfit: tests/behaviour.toml, line 2: accuracy is 2;")
    assert hotfit("test", "nowhere").status == 2
    test.write_text("[[floor]]\naccuracy = 0.05\n")
    assert hotfit("test", "desk", "--junit", "no/such/folder.xml").status == 2
