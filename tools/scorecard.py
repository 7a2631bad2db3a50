"""Print how the tree measures against the house style's targets: `python -m tools.scorecard`.

Nothing here fails a build; the hard limits are lints. Measured over shipped code (src) without
migrations; "best elsewhere" is the best of twelve well-kept projects measured the same way.
"""

import ast
import math
import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tools.graph import import_graph, largest_cycle
from tools.lints import excepts, imports, names
from tools.lints.base import ROOT, Source, functions, tracked

IGNORE = re.compile(r"#\s*(?:type:\s*ignore|noqa|pyright:\s*ignore)")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One line of the card: what was found, and whether the target is met."""

    name: str
    target: str
    elsewhere: str
    value: float
    met: bool
    unit: str = ""

    def __str__(self) -> str:
        shown = f"{self.value:g}{self.unit}"
        mark = "ok" if self.met else "MISSED"
        return f"{self.name:<34}{shown:>10}   {self.target:<10}{self.elsewhere:<10}{mark}"


def quantile(values: Sequence[int], share: float) -> int:
    """The smallest value that at least `share` of the values do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0


def lengths(sources: Sequence[Source]) -> list[int]:
    """Lines of each module."""
    return [len(source.text.splitlines()) for source in sources]


def function_lengths(sources: Sequence[Source]) -> list[int]:
    """Lines of each function."""
    found = (function for source in sources for function in functions(source.tree))
    return [(function.end_lineno or function.lineno) - function.lineno + 1 for function in found]


def annotated_returns(sources: Sequence[Source]) -> float:
    """Percentage of functions that state what they return."""
    stated = [f.returns is not None for source in sources for f in functions(source.tree)]
    return 100 * sum(stated) / len(stated) if stated else 100.0


def ignores(sources: Sequence[Source]) -> float:
    """Silenced checks (type: ignore, noqa) per thousand lines."""
    found = sum(len(IGNORE.findall(source.text)) for source in sources)
    return 1000 * found / max(sum(lengths(sources)), 1)


def vague_lines(sources: Sequence[Source]) -> int:
    """Lines in files whose name says nothing."""
    return sum(lengths([s for s in sources if names.vague_parts(s.path)]))


def hidden_imports(sources: Sequence[Source]) -> int:
    """Imports inside functions of anything but an optional or heavy library."""
    return sum(len(imports.hidden(s.tree)) for s in sources if s.path not in imports.LAZY_DOORS)


def broad_excepts(sources: Sequence[Source]) -> int:
    """Handlers that swallow everything, the listed edges included."""
    return sum(1 for source in sources for _ in excepts.broad(source.tree))


def root_names(sources: Sequence[Source]) -> int:
    """How many names `__all__` of the package root lists."""
    root = next((s for s in sources if s.path == "src/hotfit/__init__.py"), None)
    for node in root.tree.body if root else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        if isinstance(target, ast.Name) and target.id == "__all__":
            value = getattr(node, "value", None)
            return len(value.elts) if isinstance(value, ast.List | ast.Tuple) else 0
    return 0


def base_dependencies() -> int:
    """Direct dependencies of a plain install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return len(project["dependencies"])


def at_most(limit: float) -> Callable[[float], bool]:
    """A target from above."""
    return lambda value: value <= limit


def card(shipped: Sequence[Source], tests: Sequence[Source]) -> list[Measure]:
    """Every measure, in the order of the house style."""
    modules, bodies = lengths(shipped), function_lengths(shipped)
    ratio = round(sum(lengths(tests)) / max(sum(modules), 1), 2)
    texts = {source.path: source.text for source in shipped}
    lines: list[tuple[str, float, str, str, Callable[[float], bool], str]] = [
        ("modules in the largest cycle", cycle_size(texts), "0", "0", at_most(0), ""),
        ("median module", quantile(modules, 0.5), "<= 120", "70", at_most(120), " lines"),
        ("90th percentile module", quantile(modules, 0.9), "<= 350", "319", at_most(350), " lines"),
        ("longest module", max(modules, default=0), "<= 400", "", at_most(400), " lines"),
        ("95th percentile function", quantile(bodies, 0.95), "<= 40", "28", at_most(40), " lines"),
        ("longest function", max(bodies, default=0), "<= 50", "", at_most(50), " lines"),
        ("return types", annotated_returns(shipped), "100 %", "100 %", lambda v: v >= 100, " %"),
        ("ignores per 1,000 lines", round(ignores(shipped), 2), "<= 1", "0.4", at_most(1), ""),
        ("lines in utils-like files", vague_lines(shipped), "0", "0", at_most(0), ""),
        ("hidden imports", hidden_imports(shipped), "0", "0", at_most(0), ""),
        ("broad excepts", broad_excepts(shipped), "<= 3", "4", at_most(3), ""),
        ("root names", root_names(shipped), "<= 15", "", at_most(15), ""),
        ("base dependencies", base_dependencies(), "<= 15", "2", at_most(15), ""),
        ("test lines per line of code", ratio, ">= 0.8", "1 to 1.6", lambda v: v >= 0.8, ""),
    ]
    return [
        Measure(name=n, value=v, target=t, elsewhere=e, met=met(v), unit=u)
        for n, v, t, e, met, u in lines
    ]


def cycle_size(texts: Mapping[str, str]) -> int:
    """Modules that can reach each other by imports, deferred ones included."""
    return len(largest_cycle(import_graph(texts)))


def main() -> int:
    """Print the card."""
    python = [source for source in tracked() if source.is_python and not source.is_generated]
    shipped = [source for source in python if source.in_package]
    tests = [source for source in python if source.path.startswith("tests/")]
    print(f"\nscorecard: {len(shipped)} modules, {sum(lengths(shipped)):,} lines")
    print(f"{'':<34}{'measured':>10}   {'target':<10}{'best elsewhere'}")
    for measure in card(shipped, tests):
        print(measure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
