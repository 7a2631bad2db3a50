"""A function as one small file: written from a home, run without one."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hotfit
from hotfit.archives.layout import ARTIFACT, MANIFEST, WEIGHTS
from hotfit.archives.model_reading import ModelRefused, Newer
from hotfit.folders import Folder
from hotfit.local import Function, Home
from hotfit.local.folders import fit_folder
from hotfit.local.loaded import OnlyAnswers, Unprepared
from hotfit.store.artifacts import pack, unpack
from hotfit.types import Data, Output, State
from tests.archives.members import drop, put, restate, rewrite
from tests.local.messages import messages, write_csv

ASKED = ["hello dear sailor", "farewell", "see you later", ""]


def plain(function: Function) -> Any:
    """What it answers, as it travels."""
    return json.loads(json.dumps([each.to_json() for each in function.predict(ASKED)]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Any]]:
    """A model's file, and what the function answers where it was made."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
        function = Home.open(folder / "home").fit(messages(), name="polite")
        function.export_model(folder / "polite.hotfit")
        answers = plain(function)
    return (folder / "polite.hotfit").read_bytes(), answers


@pytest.fixture
def file(made: tuple[bytes, list[Any]], tmp_path: Path) -> Path:
    path = tmp_path / "polite.hotfit"
    path.write_bytes(made[0])
    return path


def load(file: Path) -> Function:
    return hotfit.load(file)


def test_it_answers_the_same_without_a_home(
    file: Path, made: tuple[bytes, list[Any]], tmp_path: Path
) -> None:
    """In a process of its own, whose home cannot be made."""
    code = (
        "import hotfit, json, sys; f = hotfit.load(sys.argv[1]);"
        "print(json.dumps([each.to_json() for each in f.predict(json.loads(sys.argv[2]))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), json.dumps(ASKED)],
        env={**os.environ, "HOTFIT_HOME": "/dev/null/home"},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(done.stdout) == made[1]
    assert [each.name for each in tmp_path.iterdir()] == ["polite.hotfit"]


def test_it_says_what_it_is_and_was_worth(file: Path) -> None:
    function = load(file)
    assert (function.name, function.labels) == ("polite", ("greeting", "parting"))
    assert function.verdict["answer"] in {"yes", "not yet", "no", "cannot tell"}
    assert repr(function) == "Function('polite', Text -> Classification)"
    assert hotfit.load(str(file)).predict(function.parse(["hello"]))


def test_what_only_a_home_has_is_refused(file: Path) -> None:
    function = load(file)
    for asked in (function.versions, function.report, function.train, lambda: function.findings):
        with pytest.raises(OnlyAnswers, match="ask the home or server"):
            asked()


def test_equal_versions_give_equal_files(home: Home, tmp_path: Path) -> None:
    function = home.fit(messages(), name="polite", tuned=False)
    for name in ("one", "two"):
        function.export_model(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").stat().st_size < 40_000


@pytest.mark.parametrize("output", [Output.TAGS, Output.NUMBER])
def test_tables_with_tags_and_quantities_answer_the_same(
    home: Home, tmp_path: Path, output: Output
) -> None:
    rng = np.random.default_rng(0)
    rows = [
        {"size": float(size), "hue": hue, "out": float(size) if output is Output.NUMBER else tags}
        for size, hue, tags in zip(
            rng.uniform(0, 9, 90), ["red", "blue"] * 45, ["a;b", "b;c", "a;c"] * 30, strict=True
        )
    ]
    function = home.fit(rows, name="table", target="out", output=output)
    function.export_model(tmp_path / "table.hotfit")
    asked: list[Data] = [{"size": 3.0, "hue": "red"}, {"size": None, "hue": "green"}]
    assert load(tmp_path / "table.hotfit").predict(asked) == function.predict(asked)


def test_python_that_changes_inputs_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    path = tmp_path / "mood"
    (path / "data").mkdir(parents=True)
    (path / "hotfit.toml").write_text(
        '[function]\nname = "mood"\ninput = "Text"\noutput = "Classification"\n'
        'prepare = "prepare.py"\n'
    )
    (path / "prepare.py").write_text("def prepare(sample):\n    return sample[::-1]\n")
    write_csv(path / "data" / "rows.csv", messages(), ["text", "label"])
    fitted = fit_folder(Folder.open(path), tuned=False)
    target = tmp_path / "mood.hotfit"
    fitted.home.load("mood").export_model(target)
    with pytest.raises(Unprepared, match=r"prepare=\.\.\."):
        hotfit.load(target)
    function = hotfit.load(target, prepare=lambda data: str(data)[::-1])
    assert function("hello dear sailor") == fitted.function("hello dear sailor")


def other_arrays(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    """Change the trained version, its sums and its name along with it: a lie all through."""

    def lie(members: dict[str, bytes]) -> None:
        state = unpack(members[ARTIFACT])
        arrays, parameters = dict(state.arrays), dict(state.parameters)
        change({"arrays": arrays, "parameters": parameters})
        content = pack(State(arrays=arrays, parameters=parameters))
        digest = hashlib.sha256(content).hexdigest()
        members[ARTIFACT] = content
        restate(["files", ARTIFACT], digest)(members)
        restate(["version", "artifact"], digest)(members)

    return lie


def narrow(told: dict[str, Any]) -> None:
    name = next(name for name in told["arrays"] if name.endswith("weights"))
    told["arrays"][name] = told["arrays"][name][:-1]


def infinite(told: dict[str, Any]) -> None:
    name = next(name for name in told["arrays"] if name.endswith("bias"))
    told["arrays"][name] = np.full_like(told["arrays"][name], np.inf)


def unknown_head(told: dict[str, Any]) -> None:
    told["parameters"]["head"] = "oracle.v9"


def newer_artifact(told: dict[str, Any]) -> None:
    told["parameters"]["format"] = 99


RUNS_CODE = {"name": "evil.v1", "input": "Text", "loader": "os:system", "dimensions": 256}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("../outside", b"x"), "a file that no such archive has"),
        (put("/etc/passwd", b"x"), "a file that no such archive has"),
        (put("model.pkl", b"\x80\x04"), "a file that no such archive has"),
        (put(WEIGHTS + "a" * 64, b"x"), "none of its encoders has"),
        (put(MANIFEST, b"not JSON"), "states no format"),
        (put(MANIFEST, b"[" * 100_000), "states no format"),
        (put(ARTIFACT, b"not an artifact"), "another SHA-256"),
        (drop(MANIFEST), "hotfit.json is missing"),
        (drop(ARTIFACT), "artifact.safetensors is missing"),
        (restate(["format"], "else"), "something else than expected at format"),
        (restate(["format"], "hotfit.function.v1"), "hotfit import"),
        (restate(["function", "output"], "Number"), "of another function"),
        (restate(["version", "head"], "another.v1"), "of another function"),
        (restate(["version", "artifact"], "0" * 64), "not the one that hotfit.json names"),
        (restate(["version", "surprise"], 1), "at version.surprise"),
        (restate(["encoders"], []), "do not fit together"),
        (restate(["encoders", 0], RUNS_CODE), "is not known here"),
        (restate(["files"], {}), "another SHA-256"),
        (other_arrays(narrow), "do not fit together"),
        (other_arrays(infinite), "do not fit together"),
        (other_arrays(unknown_head), "oracle.v9"),
    ],
)
def test_a_file_that_lies_is_refused(
    file: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    with pytest.raises(ModelRefused) as refused:
        load(rewrite(file, change))
    assert said in str(refused.value)
    assert str(file) in str(refused.value)
    assert "hotfit export NAME -o polite.hotfit" in str(refused.value)


@pytest.mark.parametrize(
    "change", [restate(["format"], "hotfit.model.v2"), other_arrays(newer_artifact)]
)
def test_a_file_of_a_newer_hotfit_is_refused(
    file: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    with pytest.raises(Newer, match="Install that, or export"):
        load(rewrite(file, change))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_is_refused(file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelRefused):
        load(file)


def test_any_byte_that_is_changed_is_seen_or_does_not_matter(
    file: Path, made: tuple[bytes, list[Any]]
) -> None:
    content, answers = made
    for place in range(0, len(content), max(1, len(content) // 50)):
        bad = bytearray(content)
        bad[place] ^= 0x10
        file.write_bytes(bytes(bad))
        try:
            function = load(file)
        except hotfit.Refusal:
            continue
        assert plain(function) == answers


def test_a_link_and_a_bomb_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo(MANIFEST)
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.hotfit", "w") as packed:
        packed.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(tmp_path / "bomb.hotfit", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(WEIGHTS + "a" * 64, b"\0" * (100 << 20))
    for name, why in (("link", "a link"), ("bomb", "out of proportion")):
        with pytest.raises(ModelRefused, match=why):
            load(tmp_path / f"{name}.hotfit")


def test_a_missing_file_is_refused_and_an_archive_is_told_apart(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="there is no such file"):
        hotfit.load("nowhere.hotfit")
    home.fit(messages(), name="polite", tuned=False).export(tmp_path / "whole.hotfit")
    with pytest.raises(ModelRefused, match="hotfit import"):
        load(tmp_path / "whole.hotfit")


@pytest.mark.journey
def test_a_file_with_its_encoder_needs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real encoder, in a process that has an empty cache and no network."""
    function = Home.open().fit(messages(), name="polite", tuned=False)
    target = tmp_path / "polite.hotfit"
    function.export_model(target, include_encoder=True)
    code = "import hotfit, sys; print(hotfit.load(sys.argv[1])('hello dear sailor').to_json())"
    told = []
    for cache in (tmp_path / "cache", Path("/dev/null/cache")):
        done = subprocess.run(
            [sys.executable, "-c", code, str(target)],
            env={**os.environ, "HOTFIT_HOME": "/dev/null/home", "HOTFIT_CACHE": str(cache),
                 "HOTFIT_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.append(done.stdout.strip())
    assert told == [str(function("hello dear sailor").to_json())] * 2
