"""What `import hotfit` offers, and what it costs."""

import subprocess
import sys

import pytest

import hotfit

HEAVY = ("numpy", "scipy", "sklearn", "onnxruntime", "sqlalchemy", "pydantic", "rich", "duckdb")


def test_the_root_offers_these_names_and_no_others() -> None:
    assert hotfit.__all__ == [
        "Client",
        "Function",
        "Home",
        "HotfitError",
        "Prediction",
        "Quantity",
        "Refusal",
        "Tagging",
        "Unavailable",
        "encode",
        "fit",
        "list_functions",
        "load",
    ]
    assert len(hotfit.__all__) <= 15


@pytest.mark.parametrize("name", hotfit.__all__)
def test_each_name_can_be_had(name: str) -> None:
    assert getattr(hotfit, name) is not None
    assert name in dir(hotfit)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        hotfit.fitt  # noqa: B018  # the access is what is tested


@pytest.mark.parametrize("code", ["import hotfit", "from hotfit.cli.program import program"])
def test_importing_loads_nothing_heavy(code: str) -> None:
    check = f"import sys; {code}; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_library_loads_nothing_of_the_server() -> None:
    check = (
        "import sys, hotfit.local; print([n for n in ('fastapi', 'uvicorn') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
