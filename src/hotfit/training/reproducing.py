"""Train one head on one encoder exactly as a search that chose them would have left it."""

from dataclasses import replace

from hotfit.functions.functions import Function
from hotfit.functions.versions import Version
from hotfit.samples.rows import read_rows
from hotfit.training.bench import Bench, Stopwatch
from hotfit.training.candidates import INSTANT
from hotfit.training.crossing import declared
from hotfit.training.encoded import encode, fit_first
from hotfit.training.falls import measure_falls
from hotfit.training.judging import first_look, leaking_fields
from hotfit.training.learning_curve import learning_curve
from hotfit.training.material import gather, refuse_untrainable
from hotfit.training.publishing import publish
from hotfit.training.run import finish


def reproduce(bench: Bench, function: Function, *, head: str) -> Version:
    """Train `head` on the samples of a function as the bench's encoders read them, and publish.

    Nothing is searched, so that equal samples give an equal artifact.
    """
    watch = Stopwatch(bench.clock)
    with bench.store.read() as session:
        rows = read_rows(session, function.id, blobs=bench.blobs)
    material, test = gather(function, rows), gather(function, rows, test=True)
    refuse_untrainable(function.name, material)
    found = first_look(material)
    material = material.without(leaking_fields(found))
    instant = INSTANT[function.input, function.output]
    encoded, trained = fit_first(encode(bench, material), instant)
    curve = learning_curve(encoded, trained)
    exact = trained if head == instant else encoded.fit(head)
    encoded = measure_falls(bench, function, found, encoded, exact)
    tested = declared(bench, function, encoded, test)
    outcome = finish(encoded, exact, curve, tested, instant=trained)
    build = outcome.build if head == instant else "tuned"
    return publish(bench, function, replace(outcome, build=build), watch)
