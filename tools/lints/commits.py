"""A transaction begins and ends in the sessions of the store, and nowhere else.

A commit in the middle leaves half a change behind when the rest fails, and nobody sees it in
review: in one admired code base about a dozen survived the written decision that forbade them.
"""

import ast
from collections.abc import Iterator

from tools.lints.base import Finding, Source

EDGES = {
    "src/hotfit/store/sessions.py": "the one context manager that requests, jobs and calls use",
    "src/hotfit/local/checkup.py": "reads a database that may be too broken for a session",
}
ENDING = {"commit", "begin_nested", "begin_twophase", "autocommit"}
DATABASE = {"connection", "engine"}
"""Names under which `begin` starts a transaction; other things may begin too."""


def check(source: Source) -> Iterator[Finding]:
    """Yield what begins or ends a transaction in shipped code outside the edges."""
    if not source.in_package or source.path in EDGES:
        return
    for node in ast.walk(source.tree):
        if _ends(node) or (isinstance(node, ast.Constant) and _says_commit(node)):
            yield source.finding(
                getattr(node, "lineno", 1), "commits here: only a session of the store ends so"
            )


def _says_commit(node: ast.Constant) -> bool:
    return str(node.value).strip().upper() == "COMMIT"


def _ends(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return node.func.attr in ENDING or (node.func.attr == "begin" and name in DATABASE)
