"""Files larger than the memory allowed are read row by row."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

READER = """
import resource, sys
from hotfit.inputs.plan import plan
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
source = open_source(sys.argv[1])
made = plan(source)
count, last = 0, None
for batch in read_samples(source, made):
    count += len(batch)
    last = batch[-1]
print(count, last.number, last.label, made.input.value, made.target)
"""
ROWS = 400_000
FILLER = "many words that fill the line and tell nothing at all " * 12
LIMIT = 230 * 2**20


def write(path: Path) -> None:
    with path.open("w") as file:
        if path.suffix == ".csv":
            file.write("text,label\n")
        if path.suffix == ".json":
            file.write("[")
        for row in range(ROWS):
            text, label = f"{row} {FILLER}", "ab"[row % 2]
            if path.suffix == ".csv":
                file.write(f"{text},{label}\n")
            else:
                end = "," if path.suffix == ".json" and row < ROWS - 1 else ""
                file.write(json.dumps({"text": text, "label": label}) + end + "\n")
        if path.suffix == ".json":
            file.write("]")


@pytest.mark.journey
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json"])
def test_a_file_larger_than_memory_is_read_to_its_end(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"large.{suffix}"
    write(path)
    assert path.stat().st_size > LIMIT
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path), str(LIMIT)],
        capture_output=True, text=True, check=False, timeout=1200,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # each thread takes room of its own
    )  # fmt: skip
    assert done.stdout.split() == [str(ROWS), str(ROWS), "b", "Text", "label"], done.stderr[-500:]
