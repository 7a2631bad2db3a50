"""Results as JUnit XML, which every CI shows: what cannot be told is skipped, with its reason."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hotfit.behaviour.base import Result
from hotfit.behaviour.telling import details

_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def junit(name: str, results: Sequence[Result]) -> str:
    """One test suite with a case a result."""
    outcomes = [result.outcome for result in results]
    suite = Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(results)),
        failures=str(outcomes.count("fail")),
        errors="0",
        skipped=str(outcomes.count("cannot_tell")),
        time=f"{sum(result.seconds for result in results):.3f}",
    )
    for result in results:
        file, _, line = result.place.partition(":")
        case = SubElement(
            suite,
            "testcase",
            classname=_clean(file),
            name=_clean(result.name),
            file=_clean(file),
            time=f"{result.seconds:.3f}",
        )
        if line:
            case.set("line", line)
        if result.outcome == "fail":
            told = SubElement(case, "failure", message=_clean(result.message), type=result.kind)
            told.text = _clean("\n".join(details(result)))
        elif result.outcome == "cannot_tell":
            SubElement(case, "skipped", message=_clean(f"cannot tell: {result.message}"))
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
