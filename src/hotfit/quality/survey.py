"""One door to all kinds of findings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotfit.quality.base import Finder, Finding, NotApplicable
from hotfit.quality.blank_image import BlankImage
from hotfit.quality.blurred_image import BlurredImage
from hotfit.quality.boilerplate import Boilerplate
from hotfit.quality.broken_encoding import BrokenEncoding
from hotfit.quality.contradiction import Contradiction
from hotfit.quality.dark_image import DarkImage
from hotfit.quality.duplicate import Duplicate, NearDuplicate
from hotfit.quality.empty_content import EmptyContent
from hotfit.quality.evidence import Evidence
from hotfit.quality.golden_feature import GoldenFeature
from hotfit.quality.group_key import GroupKey
from hotfit.quality.idle_column import ConstantColumn, IdentifierColumn
from hotfit.quality.label_in_text import LabelInText
from hotfit.quality.leaking_column import LeakingColumn
from hotfit.quality.merged_label import MergedLabel
from hotfit.quality.odd_aspect import OddAspect
from hotfit.quality.other_language import OtherLanguage
from hotfit.quality.outlier import Outlier
from hotfit.quality.overlapping_labels import OverlappingLabels
from hotfit.quality.split_leak import SplitLeak
from hotfit.quality.suspect_label import SuspectLabel
from hotfit.quality.suspect_quantity import SuspectQuantity
from hotfit.quality.suspect_tag import SuspectTag
from hotfit.quality.thin_label import ThinLabel
from hotfit.quality.time_order import TimeOrder
from hotfit.quality.tiny_image import TinyImage
from hotfit.quality.truncated import Truncated
from hotfit.quality.weak_slice import WeakSlice
from hotfit.registry import Registry

findings: Registry[Finder] = Registry("findings")
for _finder in (
    SuspectLabel(),
    Contradiction(),
    Duplicate(),
    NearDuplicate(),
    SplitLeak(),
    ThinLabel(),
    LeakingColumn(),
    GoldenFeature(),
    GroupKey(),
    IdentifierColumn(),
    ConstantColumn(),
    TimeOrder(),
    SuspectQuantity(),
    SuspectTag(),
    OverlappingLabels(),
    MergedLabel(),
    WeakSlice(),
    Outlier(),
    LabelInText(),
    BrokenEncoding(),
    EmptyContent(),
    Truncated(),
    Boilerplate(),
    OtherLanguage(),
    BlurredImage(),
    DarkImage(),
    BlankImage(),
    TinyImage(),
    OddAspect(),
):
    findings.register(_finder.kind, _finder)


@dataclass(frozen=True, kw_only=True)
class Survey:
    """All findings, and the kinds that could not be looked for."""

    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings there are of each kind that has any."""
        return Counter(finding.kind for finding in self.findings)


def survey(evidence: Evidence) -> Survey:
    """Run every kind of finding that applies."""
    found: list[Finding] = []
    skipped: list[NotApplicable] = []
    for kind in findings:
        result = findings.get(kind).find(evidence)
        if isinstance(result, NotApplicable):
            skipped.append(result)
        else:
            found.extend(result)
    return Survey(findings=tuple(_unexplained(found)), not_applicable=tuple(skipped))


EXPLAIN = frozenset({"empty_content", "other_language", "broken_encoding", "blank_image"})
"""Kinds that say why a sample is unlike all others."""


def _unexplained(found: Iterable[Finding]) -> Iterator[Finding]:
    """All but the outliers of which another finding says what they are."""
    found = list(found)
    explained = {each.samples for each in found if each.kind in EXPLAIN}
    return (one for one in found if one.kind != Outlier.kind or one.samples not in explained)


def find(evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings of every kind that applies."""
    return survey(evidence).findings
