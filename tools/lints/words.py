"""The tree speaks of the product alone.

A number of a tracker, a path of one machine or the host of one mirror means nothing to a reader
elsewhere, and a pinned host breaks every install behind another mirror.
"""

import re
from collections.abc import Iterator

from tools.lints.base import Finding, Source

FOREIGN = {
    r"\b(?:issues?|PR|pull request|ticket)[ -]?#?\d+\b": "the number of a tracker: say the reason",
    r"\b(?:closes|fixes|refs) #\d+\b": "the number of a tracker: say the reason",
    r"(?<![\w.])/(?:work|root|tmp/w|opt/pypi[\w-]*)/": "a path of one machine",
    r"\b(?:DESIGN|STYLE|RELIABILITY|ECOSYSTEM|NYCKEL|PERFORMANCE|BRIEF)\.md\b": "not in the tree",
    r"\b(?:workplace|sub-?agents?|coding agents?|AI agents?|co-?authored-by)\b": "not the product",
    r"\b(?:this|another|previous|earlier|next) (?:working )?session\b": "not the product",
    r"\b(?:pypi\.org|(?:files\.)?pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org"
    r"|crates\.io|deb\.debian\.org|conda\.anaconda\.org)\b": "the host of one registry",
    r"--(?:extra-)?index-url\b|--trusted-host\b|--find-links\b": "the host of one registry",
}
PATTERNS = {re.compile(pattern, re.IGNORECASE): why for pattern, why in FOREIGN.items()}
EXEMPT = ("tools/lints/words.py", "tests/tools/lints/test_words.py", "LICENSE")
"""The list itself, its test, and a text we do not write."""


def check(source: Source) -> Iterator[Finding]:
    """Yield the lines that speak of something else than the product."""
    if source.path in EXEMPT or source.path.endswith(".csv"):
        return
    for number, line in enumerate(source.text.splitlines(), start=1):
        for pattern, why in PATTERNS.items():
            match = pattern.search(line)
            if match:
                yield source.finding(number, f"{match[0]!r}: {why}")
