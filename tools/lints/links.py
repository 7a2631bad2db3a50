"""A link in a page of the tree leads somewhere in the tree.

Pages move and links stay; a reader who meets one dead link stops trusting the page.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from tools.lints.base import Finding, Source

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
FENCE = re.compile(r"\s*(?:```|~~~)")


def targets(text: str) -> Iterator[tuple[int, str]]:
    """Line and target of every link outside code blocks."""
    in_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        if FENCE.match(line):
            in_code = not in_code
        elif not in_code:
            yield from ((number, match[1]) for match in LINK.finditer(line))


def check(source: Source) -> Iterator[Finding]:
    """Yield the relative links of Markdown pages that lead nowhere."""
    if not source.path.endswith(".md"):
        return
    folder = source.root / PurePosixPath(source.path).parent
    for line, target in targets(source.text):
        if ELSEWHERE.match(target):
            continue
        plain = unquote(target.split("#")[0])
        if not (folder / plain).exists():
            yield source.finding(line, f"the link to {target!r} leads nowhere")
