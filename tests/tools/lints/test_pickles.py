"""Shipped code never loads code with data."""

import pytest

from tools.lints.base import Source
from tools.lints.pickles import OWN_CODE, check


@pytest.mark.parametrize(
    "text",
    [
        "import pickle\n",
        "from joblib import load\n",
        "eval(text)\n",
        "torch.load(path)\n",
        "np.load(path, allow_pickle=True)\n",
        "np.load(path, allow_pickle=trusted)\n",
    ],
)
def test_finds_what_could_run_code(text: str) -> None:
    assert len(list(check(Source("src/hotfit/a.py", text)))) == 1
    assert not list(check(Source("benchmarks/a.py", text)))


@pytest.mark.parametrize(
    "text",
    ["import json\n", "model.eval()\n", "np.load(path, allow_pickle=False)\n", "json.load(file)\n"],
)
def test_accepts_plain_data(text: str) -> None:
    assert not list(check(Source("src/hotfit/a.py", text)))


def test_accepts_the_one_place_that_runs_the_code_of_a_folders_owner() -> None:
    assert not list(check(Source(OWN_CODE, "exec(code, names)\n")))
