"""Imports stand at the top; inside a function only those of an optional or heavy library.

A deferred import hides a dependency, and most often a cycle (two products measured for the house
style had about 900 of them). Those listed here buy something: `import hotfit` and `hotfit --help`
answer in under 0.3 s, and a base install runs without the extras.
"""

import ast
from collections.abc import Iterator

from tools.lints.base import Finding, Source, functions

LIBRARIES = {
    "alembic": "0.1 s; only when a home is opened by an older version",
    "duckdb": "0.1 s; only Parquet needs it",
    "huggingface_hub": "0.2 s; only when weights are fetched",
    "lightgbm": "a rival of the benchmarks",
    "onnxruntime": "0.1 s; only when something is encoded",
    "pandas": "not a dependency: accepted where a caller brings it",
    "PIL": "only images need it",
    "psycopg": "an extra",
    "rich": "0.1 s; only people see tables and progress",
    "safetensors": "imports NumPy's whole",
    "scipy": "0.2 s; only fitting needs it",
    "sklearn": "1 s; only tables need it",
    "sqlalchemy": "0.2 s; only an opened home needs it",
    "tokenizers": "0.1 s; only when something is encoded",
    "torch": "never a dependency: the reference in tests",
    "watchfiles": "only `hotfit dev` watches",
    "typer": "0.1 s; only the command line",
}
HEAVY_MODULES = {
    "hotfit.heads.growing": "stands on scikit-learn; only tables need it",
    "hotfit.store.migrations": "stands on Alembic; only an older home needs it",
}
LAZY_DOORS = {
    "src/hotfit/__init__.py": "the root loads the program at the first use of a name",
}


def roots(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The top-level packages that a statement imports."""
    return {name.split(".")[0] for name in modules(node)}


def modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The modules that a statement names; `from a import b` names a.b where that one is heavy."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    heavy = {f"{node.module}.{alias.name}" for alias in node.names} & HEAVY_MODULES.keys()
    return heavy or {node.module or ""}


def hidden(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and module of every import inside a function that buys nothing."""
    inside = (node for function in functions(tree) for node in ast.walk(function))
    statements = {node for node in inside if isinstance(node, ast.Import | ast.ImportFrom)}
    found = {(node.lineno, name) for node in statements for name in modules(node)}
    return sorted((line, name) for line, name in found if not is_heavy(name))


def is_heavy(module: str) -> bool:
    """Whether importing this module late buys time, or a base install without extras."""
    return module.split(".", maxsplit=1)[0] in LIBRARIES or module in HEAVY_MODULES


def check(source: Source) -> Iterator[Finding]:
    """Yield the hidden imports of shipped code that buy nothing."""
    if not source.in_package or source.path in LAZY_DOORS:
        return
    for line, module in hidden(source.tree):
        yield source.finding(line, f"imports {module!r} inside a function: move it to the top")
