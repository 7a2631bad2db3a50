"""What a server tells of itself to those who run it."""

import platform
from importlib.metadata import version
from typing import Any

from hotfit.app.app import App
from hotfit.store.engine import sqlite_version
from hotfit.types import Input

TOLD = (
    "offline",
    "rest_seconds",
    "live_functions",
    "training_attempts",
    "hosts",
    "origins",
    "resident_versions",
    "captures",
    "capture_share",
    "capture_days",
    "largest_body",
)
"""Settings that are told; none of them is a secret."""


def about(app: App) -> dict[str, Any]:
    """The facts of a home and its program as JSON."""
    settings = app.settings.model_dump(mode="json", include=set(TOLD))
    return {
        "version": version("hotfit"),
        "python": platform.python_version(),
        "home": str(app.settings.home.expanduser()),
        "database": app.store.where,
        "sqlite": sqlite_version(),
        "encoders": _encoders(app),
        "settings": {name: settings[name] for name in TOLD},
    }


def _encoders(app: App) -> list[dict[str, Any]]:
    chosen = {app.settings.text_encoder, app.settings.image_encoder}
    return [
        {
            "name": name,
            "input": app.shelf.get(name).input.value,
            "atHand": app.has_encoder(name),
            "chosen": name in chosen,
        }
        for name in app.shelf
        if app.shelf.get(name).input in {Input.TEXT, Input.IMAGE}
    ]
