"""No module or package is called utils, helpers, common, misc, core, manager or service.

Such a name says nothing, so it refuses nothing: in one project nearest to this one a fifth of the
code had ended up in files of these names. A shared thing gets a subject and a home.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.base import Finding, Source

VAGUE = frozenset({
    "util", "utils", "utilities", "helper", "helpers", "common", "commons", "misc", "shared",
    "core", "base_utils", "manager", "managers", "service", "services", "stuff", "lib", "tools",
})  # fmt: skip


def vague_parts(path: str) -> list[str]:
    """The words of a path below its top folder that name no subject."""
    parts = PurePosixPath(path).with_suffix("").parts[1:]
    words = [word for part in parts for word in (part, *part.split("_"))]
    return sorted(VAGUE.intersection(words))


def check(source: Source) -> Iterator[Finding]:
    """Yield the file where its path holds a vague word; the folder tests/tools mirrors tools/."""
    if not source.is_python or source.path.startswith("tests/tools/"):
        return
    for word in vague_parts(source.path):
        yield source.finding(1, f"{word!r} names no subject: call it by what it is about")
