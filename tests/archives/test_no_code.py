"""Loading a trained function runs no code out of a file, whatever the file holds."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from hotfit.local import Home
from hotfit.store.artifacts import ArtifactCorrupt, unpack
from tests.local.messages import messages

PROGRAM = """
import json, sys
from hotfit.local import Home

home = Home.open(sys.argv[1])
first = home.load("polite")("warm up")          # everything is imported now
seen = []
BANNED = ("pickle.find_class", "marshal.loads", "exec", "compile", "os.system", "os.exec",
          "subprocess.Popen", "ctypes.dlopen", "import", "socket.connect")
sys.addaudithook(lambda event, given: seen.append((event, given)) if event in BANNED else None)
again = Home.open(sys.argv[1])
assert again.load("polite")("warm up") == first
imported = again.import_function(sys.argv[2], name="moved")
assert imported("warm up") == first
print(json.dumps([event for event, given in seen]))
"""


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    home = Home.open(tmp_path / "home")
    home.fit(messages(), name="polite", tuned=False).export(tmp_path / "polite.hotfit")
    home.app.store.close()
    return tmp_path / "polite.hotfit"


def test_loading_and_importing_a_function_unpickles_and_starts_nothing(
    exported: Path, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", PROGRAM, str(tmp_path / "home"), str(exported)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = set(json.loads(done.stdout))
    assert not events & {"pickle.find_class", "os.system", "os.exec", "subprocess.Popen"}
    assert not events & {"ctypes.dlopen", "socket.connect"}


def test_a_damaged_artifact_is_refused_or_is_data(exported: Path, tmp_path: Path) -> None:
    blobs = [each for each in (tmp_path / "home" / "blobs").rglob("*") if each.is_file()]
    assert len(blobs) == 2  # the version, and what it was trained on
    draw = random.Random(1)
    for content in [each.read_bytes() for each in blobs] * 150:
        bad = bytearray(content)
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(min(len(bad), draw.choice([16, 400, len(bad)])))
            bad[place] = draw.randrange(256)
        try:
            unpack(bytes(bad[: draw.choice([len(bad), len(bad), draw.randrange(len(bad))])]))
        except ArtifactCorrupt:
            continue
