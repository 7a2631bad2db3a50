import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from hotfit.encoders import Shelf, Unpinned, WeightsUnavailable, fetch, is_at_hand, pin
from hotfit.encoders.catalogue import Entry, File
from hotfit.types import Input

REVISION = "0123456789abcdef0123456789abcdef01234567"
CONTENT = b"weights nobody vouches for"
ENTRY = Entry(
    name="loose.v1",
    input=Input.TEXT,
    loader="nowhere:load",
    dimensions=4,
    repository="someone/loose",
    revision=REVISION,
    files=(File(name="onnx/model.onnx"),),
)


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, and no hub to call."""
    folder = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return folder


def snapshot(hub: Path, content: bytes = CONTENT, revision: str = REVISION) -> Path:
    """Lay `content` out as the hub's client does: a blob, a link to it and a reference."""
    model = hub / "models--someone--loose"
    blob = model / "blobs" / hashlib.sha256(content).hexdigest()
    link = model / "snapshots" / revision / "onnx" / "model.onnx"
    for folder in (blob.parent, link.parent, model / "refs"):
        folder.mkdir(parents=True, exist_ok=True)
    blob.write_bytes(content)
    link.symlink_to(Path("../../../blobs") / blob.name)
    (model / "refs" / "main").write_text(revision)
    return blob


def test_what_has_no_known_hash_is_not_used(tmp_path: Path, hub: Path) -> None:
    snapshot(hub)
    with pytest.raises(Unpinned, match=r"without a SHA-256 for onnx/model.onnx.* --trust"):
        fetch(ENTRY, cache=tmp_path / "cache", offline=True)


def test_trust_records_the_hash_that_was_seen_and_binds_from_then_on(
    tmp_path: Path, hub: Path
) -> None:
    blob = snapshot(hub)
    pinned = pin(ENTRY, cache=tmp_path / "cache", offline=True)
    assert pinned.files[0] == File(
        name="onnx/model.onnx", sha256=hashlib.sha256(CONTENT).hexdigest(), size=len(CONTENT)
    )
    assert fetch(pinned, cache=tmp_path / "cache", offline=True)
    blob.write_bytes(CONTENT[::-1])
    with pytest.raises(WeightsUnavailable, match=r"has SHA-256 \w{64}, not the pinned"):
        fetch(pinned, cache=tmp_path / "other", offline=True)


def test_a_reference_of_the_hub_leads_to_its_snapshot(tmp_path: Path, hub: Path) -> None:
    snapshot(hub)
    pinned = pin(replace(ENTRY, revision="main"), cache=tmp_path / "cache", offline=True)
    assert pinned.pinned
    with pytest.raises(WeightsUnavailable):
        pin(replace(ENTRY, revision="other"), cache=tmp_path / "cache", offline=True)


def test_a_dangling_link_in_the_cache_of_the_hub_is_no_source(tmp_path: Path, hub: Path) -> None:
    snapshot(hub).unlink()
    with pytest.raises(WeightsUnavailable, match=r"onnx/model\.onnx, which is neither in"):
        pin(ENTRY, cache=tmp_path / "cache", offline=True)
    stated = replace(ENTRY, files=(replace(ENTRY.files[0], sha256="0" * 64),))
    assert not is_at_hand(stated, cache=tmp_path / "cache")
    with pytest.raises(WeightsUnavailable):
        fetch(stated, cache=tmp_path / "cache", offline=True)


def test_a_hub_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="the hub: "):
        pin(ENTRY, cache=tmp_path / "cache")


def test_pinned_files_keep_the_hash_of_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "mine" / "onnx").mkdir(parents=True)
    (tmp_path / "mine" / "onnx" / "model.onnx").write_bytes(CONTENT)
    known = File(name="config.json", sha256="1" * 64)
    entry = replace(ENTRY, files=(known, *ENTRY.files))
    pinned = pin(entry, cache=tmp_path / "cache", folder=tmp_path / "mine", offline=True)
    assert pinned.files[0] == known
    assert pinned.files[1].size == len(CONTENT)


def test_a_file_whose_size_was_not_published_is_judged_by_its_hash(tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "onnx"
    mine.mkdir(parents=True)
    (mine / "model.onnx").write_bytes(CONTENT)
    right = replace(ENTRY.files[0], sha256=hashlib.sha256(CONTENT).hexdigest())
    entry = replace(ENTRY, files=(right,))
    assert is_at_hand(entry, cache=tmp_path / "cache", folder=tmp_path / "mine")
    found = fetch(entry, cache=tmp_path / "cache", folder=tmp_path / "mine", offline=True)
    assert found["onnx/model.onnx"].read_bytes() == CONTENT
    wrong = replace(ENTRY, files=(replace(right, sha256="2" * 64),))
    with pytest.raises(WeightsUnavailable, match="has SHA-256"):
        fetch(wrong, cache=tmp_path / "cache", folder=tmp_path / "mine", offline=True)


def test_what_lies_here_is_told_without_reading_it(tmp_path: Path, hub: Path) -> None:
    entry = replace(ENTRY, files=(replace(ENTRY.files[0], sha256="3" * 64, size=len(CONTENT)),))
    assert not is_at_hand(entry, cache=tmp_path / "cache")
    snapshot(hub)
    assert is_at_hand(entry, cache=tmp_path / "cache")
    assert not is_at_hand(ENTRY, cache=tmp_path / "cache")  # it could not be verified


def test_a_home_remembers_what_it_trusts(tmp_path: Path, hub: Path) -> None:
    snapshot(hub)
    shelf = Shelf(tmp_path / "home")
    entry = shelf.get("e5-small.v2")
    assert not entry.pinned
    seen = tuple(
        file if file.sha256 else File(name=file.name, sha256="4" * 64, size=9)
        for file in entry.files
    )
    shelf.trust(replace(entry, files=seen))
    again = Shelf(tmp_path / "home").get("e5-small.v2")
    assert again.files == seen
    assert Shelf(tmp_path / "home").trusts("e5-small.v2")
    shelf.forget("e5-small.v2")
    assert not shelf.get("e5-small.v2").pinned
