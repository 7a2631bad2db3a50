"""Run every lint over the tree: `python -m tools.lints [path prefix ...]`."""

import sys
from collections.abc import Callable, Iterable

from tools.lints import (
    commits,
    environment,
    excepts,
    imports,
    links,
    names,
    pickles,
    size,
    words,
)
from tools.lints.base import Finding, Source, tracked

Lint = Callable[[Source], Iterable[Finding]]
LINTS: tuple[Lint, ...] = (
    size.check,
    names.check,
    excepts.check,
    commits.check,
    imports.check,
    environment.check,
    pickles.check,
    words.check,
    links.check,
)


def main(prefixes: list[str]) -> int:
    """Print what was found below the given paths (default: everywhere); 1 where anything was."""
    sources = [s for s in tracked() if not prefixes or s.path.startswith(tuple(prefixes))]
    found = [finding for source in sources for lint in LINTS for finding in lint(source)]
    for finding in found:
        print(finding)
    print(f"project rules: {len(LINTS)} over {len(sources)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
