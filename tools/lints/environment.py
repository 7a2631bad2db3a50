"""Only settings.py reads the environment.

A variable read deep in the engine makes two runs of the same data differ and stands in no table of
settings; tests then fail on the one machine where it is set.
"""

import ast
from collections.abc import Iterator

from tools.lints.base import Finding, Source, dotted

READER = "src/hotfit/settings.py"
DOORS = frozenset({"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"})
NAMES = frozenset({"environ", "environb", "getenv"})


def touches(node: ast.AST) -> bool:
    """Whether the node reads or writes a variable of the environment."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool(NAMES.intersection(a.name for a in node.names))
    return isinstance(node, ast.Attribute) and dotted(node) in DOORS


def check(source: Source) -> Iterator[Finding]:
    """Yield every touch of the environment in shipped code outside the settings."""
    if not source.in_package or source.path == READER:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom | ast.Attribute) and touches(node):
            message = "touches the environment: make it a setting and pass its value"
            yield source.finding(node.lineno, message)
