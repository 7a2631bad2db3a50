"""Shipped code loads data, never code: no pickle and kin, no eval, no torch.load.

A saved function may come from anywhere. Opening a pickle runs whatever its author wrote, and an
upgrade of the library that made it can make it unreadable; safetensors, ONNX and JSON do neither.
"""

import ast
from collections.abc import Iterator

from tools.lints.base import Finding, Source, dotted
from tools.lints.imports import roots

MODULES = frozenset({"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"})
CALLS = frozenset({"eval", "exec", "torch.load", "pandas.read_pickle", "pd.read_pickle"})
OWN_CODE = "src/hotfit/folders/python.py"
"""Runs the Python that a folder's owner names in it; nothing that was saved or sent comes here."""


def allows_pickle(call: ast.Call) -> bool:
    """Whether `allow_pickle=` is anything but a plain False."""
    given = [word.value for word in call.keywords if word.arg == "allow_pickle"]
    return any(not (isinstance(v, ast.Constant) and v.value is False) for v in given)


def check(source: Source) -> Iterator[Finding]:
    """Yield what could run code out of a file in shipped code."""
    if not source.in_package or source.path == OWN_CODE:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and roots(node) & MODULES:
            yield source.finding(node.lineno, "loads code with data: use safetensors or JSON")
        if isinstance(node, ast.Call) and (dotted(node.func) in CALLS or allows_pickle(node)):
            yield source.finding(node.lineno, "may run code out of a file: read plain data")
