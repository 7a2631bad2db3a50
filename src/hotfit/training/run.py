"""The whole story: the samples of a function in, judged and published versions out.

    read -> encode (cached) -> fit -> judge -> publish

An early model answers as soon as a part is encoded, and is replaced as more is. When everything
is encoded, the data is searched for mistakes and the verdict is given. Then other encoders and
other heads are tried, and one takes over only where a paired test on the same held-out predictions
says that it is better. No step asks what kind of input it has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.evaluation.paired import Comparison, compare
from hotfit.functions.functions import Function
from hotfit.functions.learning import newest_learned
from hotfit.functions.scoring import score_on
from hotfit.functions.versions import Version
from hotfit.heads.base import Trained
from hotfit.samples.rows import read_rows
from hotfit.training.bench import Bench, Stopwatch
from hotfit.training.candidates import INSTANT, SEARCHED_SCORES, TUNED
from hotfit.training.choosing import choose, reads, remember
from hotfit.training.crossing import Tested, declared
from hotfit.training.encoded import Encoded, encode, fit_first
from hotfit.training.falls import measure_falls
from hotfit.training.growth import parts
from hotfit.training.judging import examine, first_look, leaking_fields, quick
from hotfit.training.learning_curve import learning_curve
from hotfit.training.material import Material, gather, refuse_untrainable
from hotfit.training.outputs import learn_reading
from hotfit.training.publishing import Outcome, publish


def run(
    bench: Bench,
    function: Function,
    *,
    tuned: bool = True,
    growing: bool = True,
    since: float | None = None,
) -> Iterator[Version]:
    """Train a function on its samples; yields each version as it goes live.

    Versions state the seconds since `since` on the bench's clock, else since the call. Without
    `growing` none is made of a part of the samples.
    """
    watch = Stopwatch(bench.clock, since=since)
    bench = reads(bench, function)
    with bench.store.read() as session:
        rows = read_rows(session, function.id, blobs=bench.blobs)
        learned = newest_learned(session, function.id)
    material, test = gather(function, rows), gather(function, rows, test=True)
    refuse_untrainable(function.name, material)
    found = first_look(material)
    material = material.without(leaking_fields(found))
    instant = INSTANT[function.input, function.output]

    if growing:
        yield from grow(bench, function, replace(material, change=learned), watch)
    encoded, trained = fit_first(encode(bench, material), instant)
    encoded = measure_falls(bench, function, found, encoded, trained)
    curve = learning_curve(encoded, trained)
    tested = declared(bench, function, encoded, test)
    outcome = finish(encoded, trained, curve, tested, instant=trained)
    yield publish(bench, function, outcome, watch)

    if tuned:
        choice = choose(bench, function, encoded, trained)
        heads = TUNED[function.input, function.output]
        best, won = improve(bench, choice.encoded, choice.trained, heads)
        won = won or choice.won
        if won is not None:
            encoded = measure_falls(bench, function, found, choice.encoded, best)
            outcome = finish(encoded, best, curve, tested, instant=choice.trained)
            outcome = replace(outcome, build="tuned", won=won)
            yield publish(bench, function, outcome, watch)
        remember(bench, function, choice)


def grow(
    bench: Bench, function: Function, material: Material, watch: Stopwatch
) -> Iterator[Version]:
    """Publish early versions of growing parts of the samples, all but the last.

    What has seen a part must not claim the last change: `material.change` is one learned before.
    """
    for selection in list(parts(material))[:-1]:
        encoded = encode(bench, material.part(selection), looked_at=False)
        yield publish(bench, function, fit_quickly(encoded), watch)


def fit_quickly(encoded: Encoded) -> Outcome:
    """Train the head that learns at once, judged by its score alone."""
    instant = INSTANT[encoded.material.input, encoded.material.output]
    encoded, trained = fit_first(encoded, instant)
    read = learn_reading(encoded, trained)
    opinion = quick(encoded, trained, read)
    return Outcome(encoded=encoded, trained=trained, reading=read.reading, opinion=opinion)


def finish(
    encoded: Encoded,
    trained: Trained,
    curve: Sequence[CurvePoint],
    test: Tested,
    *,
    instant: Trained,
) -> Outcome:
    """Learn how scores are read, judge the model fully, score it on the declared test rows."""
    read = learn_reading(encoded, trained)
    outcome = Outcome(
        encoded=encoded,
        trained=trained,
        reading=read.reading,
        opinion=examine(encoded, trained, read, curve, test, instant=instant),
    )
    rows = test.material
    if not len(rows):
        return outcome
    score = score_on(outcome.function(), rows.data, rows.answers(), apart=test.apart)
    return replace(outcome, test=score)


def improve(
    bench: Bench, encoded: Encoded, incumbent: Trained, heads: Sequence[str]
) -> tuple[Trained, Comparison | None]:
    """Try other heads; the best that wins a paired test, and the test that it won."""
    best, won = incumbent, None
    if len(encoded.material) * len(encoded.material.labels) > SEARCHED_SCORES:
        return best, won
    for place, head in enumerate(heads):
        bench.report("trying heads", place, len(heads))
        challenger = encoded.fit(head)
        rows = encoded.judged
        comparison = compare(
            encoded.material.output,
            encoded.material.targets[rows],
            best.held_out[rows],
            challenger.held_out[rows],
            encoded.groups[rows],
        )
        if comparison.better:
            best, won = challenger, comparison
    return best, won
