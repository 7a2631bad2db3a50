"""Which samples a list asks for: the parameters of GET samples, read and run."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, islice
from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from hotfit.api.errors import BadRequest
from hotfit.api.paging import Page
from hotfit.api.showing import Said, Shower
from hotfit.functions.functions import Function
from hotfit.samples.captures import Reason
from hotfit.samples.ids import as_sample
from hotfit.samples.listing import Filter, Kept, count_listed, found_samples, list_samples
from hotfit.store.ids import as_id
from hotfit.store.sessions import Reading

PAST = "after"
"""Parameter of the link to the next page: the last sample of this one."""

LARGEST_PAGE = 32 << 20
IMAGE_WEIGHT = 128 << 10
"""Bytes of data on a page, and what an image counts for: pages of long samples end early."""

SCANNED = 2000
"""Samples that are predicted at once where predictions decide which are on the page."""


COUNTED = 20_000
"""Samples that are predicted at most to count those whose predictions are asked for."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of samples, and the parameters of the next page where there is one."""

    samples: Sequence[Kept]
    then: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many samples are asked for; where not `exact`, there are at least so many."""

    count: int
    exact: bool


class WantedPredictions:
    """What is asked of the predictions of the samples in a list."""

    def __init__(
        self,
        *,
        predicted: bool | None = None,
        prediction_label_id: Annotated[str | None, Query(alias="predictionLabelId")] = None,
        agree: Annotated[bool | None, Query(alias="predictionAndAnnotationAgree")] = None,
        least: Annotated[
            float | None,
            Query(alias="confidenceAtLeast", ge=0, le=1, description="Of predictions."),
        ] = None,
        most: Annotated[float | None, Query(alias="confidenceAtMost", ge=0, le=1)] = None,
    ) -> None:
        label = None if prediction_label_id is None else _id("label", prediction_label_id)
        self.said = Said(predicted=predicted, label=label, agree=agree, least=least, most=most)


class WantedOrder:
    """The order of the samples in a list."""

    def __init__(
        self,
        *,
        sort_by: Annotated[
            Literal["creation", "confidence"],
            Query(
                alias="sortBy",
                description="`confidence` of predictions orders the newest 20,000 that are asked "
                "for; those without a prediction come last.",
            ),
        ] = "creation",
        sort_order: Annotated[
            Literal["ascending", "descending"], Query(alias="sortOrder")
        ] = "descending",
    ) -> None:
        self.ranked = sort_by == "confidence"
        self.descending = sort_order == "descending"


class WantedSamples:
    """The samples that a list asks for."""

    def __init__(
        self,
        *,
        after: Annotated[
            str | None, Query(description="The last sample of the page before.")
        ] = None,
        external_id: Annotated[str | None, Query(alias="externalId")] = None,
        annotated: bool | None = None,
        foreseen: Annotated[WantedPredictions, Depends()],
        annotation_label_id: Annotated[str | None, Query(alias="annotationLabelId")] = None,
        capture_reason: Annotated[Reason | None, Query(alias="captureReason")] = None,
        finding_kind: Annotated[
            str | None, Query(alias="findingKind", description="Of open findings of this kind.")
        ] = None,
        origin: str | None = None,
        search_text: Annotated[str | None, Query(alias="searchText")] = None,
        sample_ids: Annotated[list[str] | None, Query(alias="sampleIds")] = None,
        sample_set_id: Annotated[str | None, Query(alias="sampleSetId")] = None,
        in_train_set: Annotated[bool | None, Query(alias="inTrainSet")] = None,
        created_before: Annotated[datetime | None, Query(alias="createdBefore")] = None,
        created_after: Annotated[datetime | None, Query(alias="createdAfter")] = None,
        order: Annotated[WantedOrder, Depends()],
        include_data: Annotated[bool, Query(alias="includeData")] = True,
    ) -> None:
        self.include_data = include_data
        self.said = foreseen.said
        self.finding = finding_kind
        self.ranked = order.ranked
        self.descending = order.descending
        self.past = None if after is None else _sample(after)
        self.filter = Filter(
            external_id=external_id,
            annotated=annotated,
            label=None if annotation_label_id is None else _id("label", annotation_label_id),
            origin=origin,
            text=search_text,
            ids=None if sample_ids is None else [_sample(one) for one in _split(sample_ids)],
            sample_set=None if sample_set_id is None else _id("sampleset", sample_set_id),
            trains=in_train_set,
            captured=capture_reason,
            created_before=_moment(created_before),
            created_after=_moment(created_after),
            newest_first=self.ranked or self.descending,
        )

    def page(self, session: Reading, shower: Shower, function: Function, page: Page) -> Found:
        """The page of the function's samples that is asked for, and where the next begins."""
        step = SCANNED if self.said.asks or self.ranked else page.size + 1
        self._find(session, function)
        if self.ranked:
            return self._by_confidence(session, shower, function, page)
        walk = self._walk(session, shower, function, offset=page.start, step=step)
        found = list(islice(walk, page.size + 1))
        samples = _light(found[: page.size])
        if len(found) == len(samples):
            return Found(samples=samples, then=None)
        return Found(samples=samples, then={PAST: samples[-1].name, "startIndex": 0})

    def count(self, session: Reading, shower: Shower, function: Function) -> Counted:
        """How many samples are asked for; where predictions decide, among the first COUNTED."""
        self._find(session, function)
        if not self.said.asks:
            return Counted(count=count_listed(session, function.id, self.filter), exact=True)
        count, seen, past = 0, 0, self.past
        while seen < COUNTED:
            part = list_samples(session, function.id, self.filter, limit=SCANNED, past=past)
            count += len(shower.fitting(part, self.said))
            if len(part) < SCANNED:
                return Counted(count=count, exact=True)
            seen, past = seen + len(part), part[-1].id
        return Counted(count=count, exact=False)

    def _find(self, session: Reading, function: Function) -> None:
        """Ask for those alone that findings of a kind speak of, where a kind is given."""
        if self.finding is None:
            return
        found = found_samples(session, function.id, self.finding)
        if self.filter.ids is not None:
            asked = frozenset(self.filter.ids)
            found = [one for one in found if one in asked]
        self.filter = replace(self.filter, ids=found)

    def _by_confidence(
        self, session: Reading, shower: Shower, function: Function, page: Page
    ) -> Found:
        """A page of the samples in the order of how sure their predictions are."""
        walk = self._walk(session, shower, function, offset=0, step=SCANNED)
        found = list(islice(walk, COUNTED))
        sign = -1.0 if self.descending else 1.0
        sure = [math.inf if one is None else sign * one for one in shower.confidences(found)]
        order = sorted(range(len(found)), key=sure.__getitem__)
        end = page.start + page.size
        samples = _light([found[at] for at in order[page.start : end]])
        end = page.start + len(samples)
        return Found(samples=samples, then={"startIndex": end} if end < len(order) else None)

    def _walk(
        self, session: Reading, shower: Shower, function: Function, *, offset: int, step: int
    ) -> Iterator[Kept]:
        """The samples that are asked for, in order, after the first `offset`."""
        asks = self.said.asks
        past, skip = self.past, 0
        if asks:  # what predictions leave out is known only here, so nothing is left out by SQL
            offset, skip = 0, offset
        while True:
            part = list_samples(
                session,
                function.id,
                self.filter,
                limit=step,
                offset=offset,
                past=past,
            )
            fitting = shower.fitting(part, self.said) if asks else part
            yield from fitting[skip:]
            skip = max(0, skip - len(fitting))
            if len(part) < step:
                return
            past, offset = part[-1].id, 0


def _light(samples: Sequence[Kept]) -> Sequence[Kept]:
    """As many samples as a page may weigh, at least one."""
    weights = accumulate(len(one.data or "") or IMAGE_WEIGHT for one in samples)
    fitting = sum(weight <= LARGEST_PAGE for weight in weights)
    return samples[: max(fitting, 1)]


Wanted = Annotated[WantedSamples, Depends()]
"""The parameter by which an endpoint takes its `WantedSamples`."""


def _split(given: Sequence[str]) -> list[str]:
    return [one for part in given for one in part.split(",") if one]


def _sample(given: str) -> int:
    number = as_sample(given)
    if number is None:
        raise BadRequest(reason="a sample's identifier is expected in the query")
    return number


def _id(kind: str, given: str) -> str:
    identifier = as_id(kind, given)
    if identifier is None:
        raise BadRequest(reason=f"the identifier of a {kind} is expected in the query")
    return identifier


def _moment(given: datetime | None) -> str | None:
    """A time as it is kept; one without a zone is UTC."""
    if given is None:
        return None
    try:
        there = given if given.tzinfo else given.replace(tzinfo=UTC)
        return there.astimezone(UTC).isoformat(timespec="milliseconds")
    except OverflowError as error:
        raise BadRequest(reason="a time is before or after all that a calendar has") from error
