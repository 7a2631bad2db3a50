"""Builds the console when a wheel or an sdist is built; an editable install leaves it to make.

Node.js is asked for only where a build is due, so an sdist, which holds the built files, installs
without it.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _console(root: str) -> ModuleType | None:
    """The module that builds the console; None where its sources are not here."""
    path = Path(root, "console", "build.py")
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("hotfit_console_build", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class CustomBuildHook(BuildHookInterface[Any]):
    """The hook that hatchling calls."""

    def dependencies(self) -> list[str]:
        """Node.js, where the console is to be built with it."""
        console = _console(self.root)
        return [console.NODE] if console is not None and console.is_due() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the console before its files are collected."""
        console = _console(self.root)
        if version == "editable" or console is None:
            return
        try:
            console.build()
        except console.NotBuilt as error:
            self.app.abort(str(error))
