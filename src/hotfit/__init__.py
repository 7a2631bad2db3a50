"""hotfit: ML functions for software engineers.

    import hotfit

    triage = hotfit.fit("messages.csv")
    triage("where is my parcel?")

`fit` makes and trains a function, `load` finds one again, `list_functions` lists them, `encode`
turns texts into vectors. Everything else is reached from a `Function`. Importing this loads
nothing heavy; the first use does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotfit.answers import Prediction, Quantity, Tagging
    from hotfit.client import Client
    from hotfit.errors import HotfitError, Refusal, Unavailable
    from hotfit.local import Function, Home
    from hotfit.local.library import encode, fit, list_functions, load

__all__ = [
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

__version__ = "0.1.0"

_HOMES = {
    "Client": "hotfit.client",
    "Function": "hotfit.local",
    "Home": "hotfit.local",
    "HotfitError": "hotfit.errors",
    "Prediction": "hotfit.answers",
    "Quantity": "hotfit.answers",
    "Refusal": "hotfit.errors",
    "Tagging": "hotfit.answers",
    "Unavailable": "hotfit.errors",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'hotfit' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "hotfit.local.library")), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
