"""`except Exception` stands only where a process, a request or a job ends.

Anywhere else it turns a bug into a wrong answer: a model that silently skipped its failing feature
looks like a worse model, not like an error. A handler that ends in a bare `raise` swallows nothing
and may clean up anywhere.
"""

import ast
from collections.abc import Iterator

from tools.lints.base import Finding, Source, dotted

EDGES = {
    "src/hotfit/cli/program.py": "the process: one sentence and an exit status",
    "src/hotfit/folders/python.py": "the user's own code: its failure is a sentence and a line",
    "src/hotfit/api/errors.py": "the request: one error shape",
    "src/hotfit/jobs/worker.py": "the job: its failure is recorded, the worker lives on",
}
BROAD = frozenset({"Exception", "BaseException"})


def is_broad(kind: ast.expr | None) -> bool:
    """Whether a handler of this type catches everything."""
    if isinstance(kind, ast.Tuple):
        return any(is_broad(part) for part in kind.elts)
    return kind is None or dotted(kind) in BROAD


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether the handler can end without raising again what it caught."""
    last = handler.body[-1]
    return not (isinstance(last, ast.Raise) and last.exc is None)


def suppresses(call: ast.Call) -> bool:
    """Whether the call is `contextlib.suppress` of everything."""
    named = dotted(call.func) in {"suppress", "contextlib.suppress"}
    return named and any(is_broad(argument) for argument in call.args)


def broad(tree: ast.AST) -> Iterator[ast.ExceptHandler | ast.Call]:
    """Every handler, and every `suppress(Exception)`, that swallows whatever comes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and swallows(node):
            yield node
        if isinstance(node, ast.Call) and suppresses(node):
            yield node


def check(source: Source) -> Iterator[Finding]:
    """Yield the broad handlers of shipped code outside the edges."""
    if not source.in_package or source.path in EDGES:
        return
    for node in broad(source.tree):
        yield source.finding(node.lineno, "catches everything: name the exceptions you can handle")
