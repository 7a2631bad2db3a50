"""Which module imports which, and the largest group of modules that import each other.

Every import statement is an edge, those inside functions too; only those under TYPE_CHECKING are
not. Groups are strongly connected components (Tarjan, SIAM J. Comput. 1972).
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

Graph = dict[str, set[str]]


def module_name(path: str) -> str:
    """`hotfit.heads.base` for `src/hotfit/heads/base.py`."""
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(texts: Mapping[str, str]) -> Graph:
    """The modules each module imports, out of source text by path; only modules given count."""
    modules = {module_name(path): text for path, text in texts.items()}
    return {
        name: {target for target in _imported(ast.parse(text), set(modules)) if target != name}
        for name, text in modules.items()
    }


def _imported(tree: ast.AST, known: set[str]) -> Iterator[str]:
    for node in _runtime_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from members & known
            if node.module in known and not members <= known:
                yield node.module


def _runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield from _runtime_nodes(child)


@dataclass
class _Tarjan:
    graph: Graph
    index: dict[str, int] = field(default_factory=dict)
    low: dict[str, int] = field(default_factory=dict)
    stack: list[str] = field(default_factory=list)
    found: list[set[str]] = field(default_factory=list)

    def visit(self, node: str) -> None:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        for target in sorted(self.graph[node]):
            if target not in self.index:
                self.visit(target)
                self.low[node] = min(self.low[node], self.low[target])
            elif target in self.stack:
                self.low[node] = min(self.low[node], self.index[target])
        if self.low[node] == self.index[node]:
            at = self.stack.index(node)
            self.found.append(set(self.stack[at:]))
            del self.stack[at:]


def largest_cycle(graph: Graph) -> set[str]:
    """The largest group of two or more nodes that can reach each other; empty without one."""
    search = _Tarjan(graph)
    for node in sorted(graph):
        if node not in search.index:
            search.visit(node)
    return max((group for group in search.found if len(group) > 1), key=len, default=set())
