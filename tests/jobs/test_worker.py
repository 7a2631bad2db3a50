from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from hotfit.functions import functions, versions
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of, rename_label
from hotfit.functions.learning import trained_through, waiting
from hotfit.functions.preferences import prefer
from hotfit.functions.pruning import collect, prune
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.heads.live import Live
from hotfit.jobs.leases import job_of
from hotfit.samples.adding import remove
from hotfit.samples.imports import add
from hotfit.samples.rows import read_rows
from hotfit.store import tables
from hotfit.store.artifacts import unpack
from hotfit.store.faults import DiskFull
from hotfit.store.sessions import Store
from hotfit.training import live
from hotfit.training.bench import Bench
from hotfit.training.encoded import encode
from hotfit.training.material import gather
from hotfit.training.run import run
from hotfit.types import Features, Field, Input, Kind, Output, Prediction, Sample
from tests.jobs.bench import (
    Clock,
    Publications,
    counted,
    make_worker,
    relabel,
    settle,
    teach,
)


@pytest.fixture
def published() -> Publications:
    return Publications()


def _live(bench: Bench, function: str) -> tuple[Version, TrainedFunction]:
    with bench.store.read() as session:
        version = versions.live_version(session, function)
    assert version is not None
    state = unpack(bench.blobs.get(version.artifact))
    return version, TrainedFunction.load(state, open_encoder=bench.open_encoder)


def _labels(bench: Bench, function: str, texts: list[str]) -> list[str]:
    answers = _live(bench, function)[1].answer(texts)
    return [answer.label for answer in answers if isinstance(answer, Prediction)]


def test_new_samples_are_learned(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    settle(make_worker(bench, published, clock))
    assert published.through == taught.change
    assert _labels(bench, taught.id, ["ruby things", "the sky"]) == ["red", "blue"]
    with bench.store.read() as session:
        assert waiting(session) == {}


def test_an_edit_is_learned_as_if_everything_had_been_fitted_afresh(
    bench: Bench, clock: Clock, taught: Function, published: Publications, monkeypatch: Any
) -> None:
    monkeypatch.setattr(live, "SHARE", 1)
    worker = make_worker(bench, published, clock)
    settle(worker)
    learner = worker._held[taught.id].learner
    assert isinstance(learner, live.LiveClassifier)
    for row in (3, 9, 17):
        relabel(bench.store, taught.id, row, "green")
    relabel(bench.store, taught.id, 20, None)
    with bench.store.write() as session:
        add(session, taught.id, [Sample(number=1, data="a leaf of 7 things", label="green")])
    settle(worker)
    version, trained = _live(bench, taught.id)
    assert worker._held[taught.id].learner is learner
    with bench.store.read() as session:
        rows = read_rows(session, taught.id)
    assert version.change == rows.change - 1  # the last change is the publication's own
    material = gather(taught, rows)
    learner._live.retune()
    codes, groups = learner._live.codes(learner._live.rows), learner._live._groups
    encoded = encode(bench, material)
    assert version.fingerprint == material.fingerprint()
    assert trained.labels == material.labels
    fresh = Live(
        encoded.features.values,
        material.targets.astype(np.int64),
        groups[learner._live.rows],
        labels=3,
        choice=learner._live.choice,
    )
    texts = ["ruby 5 things", "a leaf", "ice like 3"]
    values = bench.open_encoder("fake.v1").encode(texts)
    ours = learner._live.model().predict(Features(values=values))
    theirs = fresh.model().predict(Features(values=values))
    assert np.abs(ours - theirs).max() < 1e-4
    assert sorted(codes.tolist()) == sorted(material.targets.tolist())


def test_a_version_never_claims_a_change_it_has_not_learned(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    change = relabel(bench.store, taught.id, 0, "blue")
    held = worker._held[taught.id]
    assert held.learner is not None
    held.learner.look()
    later = relabel(bench.store, taught.id, 1, "blue")
    held.learner.learn()
    assert change <= held.learner.publish().change < later
    settle(worker)
    assert published.through >= later


def test_changes_that_arrive_together_become_one_version(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    last = [relabel(bench.store, taught.id, row, "blue") for row in (0, 1, 2)][-1]
    settle(worker)
    assert counted(published.all)[1:] == [last]


def test_a_renamed_label_is_answered_under_its_new_name(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    with bench.store.write() as session:
        label = next(one for one in labels_of(session, taught.id) if one.name == "red")
        rename_label(session, taught.id, label.id, "crimson")
    settle(worker)
    assert _labels(bench, taught.id, ["ruby things"]) == ["crimson"]


def test_removed_samples_are_forgotten(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    with bench.store.write() as session:
        ids = list(read_rows(session, taught.id).ids)
        change = remove(session, taught.id, [ids[4], ids[40]])
    settle(worker)
    version, _ = _live(bench, taught.id)
    assert version.change == change
    assert version.scores["trained_on"] == 58


def test_changes_that_teach_nothing_wake_nobody_and_are_counted_as_learned(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    with bench.store.write() as session:
        renamed = functions.rename(session, taught.id, "colors")
    settle(worker)
    assert len(published.all) == 1
    with bench.store.read() as session:
        assert trained_through(session, taught.id, published.through) == renamed.change
    change = relabel(bench.store, taught.id, 0, "blue")
    with bench.store.read() as session:
        assert trained_through(session, taught.id, published.through) == change - 1


def test_a_function_that_cannot_be_trained_says_why_and_learns_once_it_can(
    bench: Bench, clock: Clock, store: Store, published: Publications
) -> None:
    with store.write() as session:
        made = functions.create(session, name="one", input=Input.TEXT, output=Output.CLASSIFICATION)
        add(session, made.id, [Sample(number=1, data="a rose", label="red")])
    worker = make_worker(bench, published, clock)
    settle(worker)
    with store.read() as session:
        job = job_of(session, made.id)
    assert job is not None
    assert job.state == "waiting"
    assert "label more samples" in str(job.reason)
    with store.write() as session:
        more = [Sample(number=n, data=f"{n} seas", label="blue") for n in (1, 2)]
        add(session, made.id, [*more, Sample(number=3, data="a ruby", label="red")])
    settle(worker)
    assert len(published.all) == 1


def test_a_poisoned_function_is_parked_and_others_go_on(
    bench: Bench, clock: Clock, store: Store, published: Publications, monkeypatch: Any
) -> None:
    poisoned, healthy = teach(store, "poisoned"), teach(store, "healthy")
    whole = live.open_learner

    def opened(bench: Bench, function: Function) -> live.Learner:
        if function.id == poisoned.id:
            raise ZeroDivisionError
        return whole(bench, function)

    monkeypatch.setattr("hotfit.jobs.worker.open_learner", opened)
    worker = make_worker(bench, published, clock)
    for _ in range(8):
        settle(worker)
        clock.now += 100
    assert counted(published.all) == [healthy.change]
    with store.read() as session:
        job = job_of(session, poisoned.id)
    assert job is not None
    assert (job.state, job.attempts, job.reason) == ("parked", 3, "ZeroDivisionError")
    monkeypatch.setattr("hotfit.jobs.worker.open_learner", whole)
    change = relabel(store, poisoned.id, 0, "blue")
    settle(worker)
    assert published.through == change


def test_a_broken_candidate_never_answers(
    bench: Bench, clock: Clock, taught: Function, published: Publications, monkeypatch: Any
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    before = _live(bench, taught.id)[0]
    model = Live.model

    def broken(self: Live) -> Any:
        made = model(self)
        return replace(made, bias=made.bias * np.nan)

    monkeypatch.setattr(Live, "model", broken)
    relabel(bench.store, taught.id, 0, "blue")
    for _ in range(6):
        settle(worker)
        clock.now += 100
    assert _live(bench, taught.id)[0].id == before.id
    with bench.store.read() as session:
        job = job_of(session, taught.id)
    assert job is not None
    assert job.state == "parked"
    assert "NaN" in str(job.reason)


def test_workers_side_by_side_never_publish_twice_for_one_change(
    bench: Bench, clock: Clock, store: Store
) -> None:
    made = [teach(store, f"f{n}", 24) for n in range(3)]
    said = [Publications(), Publications()]
    workers = [make_worker(bench, one, clock) for one in said]
    settle(*workers)
    for turn in range(4):
        for function in made:
            relabel(store, function.id, turn, "blue")
        settle(*workers)
    for function in made:
        with store.read() as session:
            kept = versions.history(session, function.id)
            now = functions.get(session, function.id)
        changes = counted(kept)
        assert len(changes) == len(set(changes)) == 5
        assert changes[0] == now.change - 1


def test_few_functions_stay_in_memory(
    bench: Bench, clock: Clock, store: Store, published: Publications
) -> None:
    made = [teach(store, f"f{n}", 24) for n in range(5)]
    worker = make_worker(bench, published, clock, live=2)
    settle(worker)
    assert len(worker._held) == 2
    for function in made:
        relabel(store, function.id, 0, "blue")
    settle(worker)
    assert len(worker._held) == 2
    assert len(published.all) == 10


def test_what_fit_has_trained_is_not_trained_again(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    for _ in run(bench, taught, tuned=False):
        pass
    settle(make_worker(bench, published, clock))
    assert published.all == []
    with bench.store.read() as session:
        assert waiting(session) == {}


def test_superseded_versions_are_pruned_but_never_the_live_or_an_examined_one(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    for _ in run(bench, taught, tuned=False):
        pass
    worker = make_worker(bench, published, clock)
    for turn in range(44):
        relabel(bench.store, taught.id, turn % 10, ("red", "blue")[turn // 10 % 2])
        settle(worker)
    with bench.store.read() as session:
        kept = versions.history(session, taught.id)
        now = functions.get(session, taught.id)
        retired = session.rows(select(tables.retired_blobs.c.key))
    assert kept[0].id == now.live
    assert kept[-1].number == 1
    assert kept[-1].scores["examined"] is True
    assert len(kept) <= 41
    assert {version.number for version in kept[:20]} == set(range(26, 46))
    assert retired


def test_tables_learn_by_fitting_afresh(
    bench: Bench, clock: Clock, store: Store, published: Publications
) -> None:
    with store.write() as session:
        made = functions.create(
            session,
            name="table",
            input=Input.TABULAR,
            output=Output.CLASSIFICATION,
            fields=[Field(name="size", kind=Kind.NUMBER)],
        )
        rng = np.random.default_rng(0)
        sizes = rng.normal(size=60)
        rows = [
            Sample(number=n + 1, data={"size": float(size)}, label="big" if size > 0 else "small")
            for n, size in enumerate(sizes)
        ]
        add(session, made.id, rows)
    worker = make_worker(bench, published, clock)
    settle(worker)
    change = relabel(store, made.id, 0, "big" if sizes[0] <= 0 else "small")
    settle(worker)
    assert published.through == change


def test_old_artifacts_of_pruned_versions_are_deleted_unless_they_are_in_use(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    for turn in range(25):
        relabel(bench.store, taught.id, turn % 10, ("red", "blue")[turn // 10 % 2])
        settle(worker)
    with bench.store.write() as session:
        prune(session, taught.id, keep=3)
    with bench.store.read() as session:
        kept = {version.artifact for version in versions.history(session, taught.id)}
        kept |= {row.blob for row in session.rows(select(tables.rolls.c.blob))}
        retired = {row.key for row in session.rows(select(tables.retired_blobs.c.key))}
    assert retired
    assert collect(bench.store, bench.blobs, age=3600.0) == 0
    assert collect(bench.store, bench.blobs, age=0) == len(retired - kept)
    for artifact in kept:
        bench.blobs.get(artifact)
    assert not any(bench.blobs.has(key) for key in retired - kept)


def test_a_function_that_is_to_be_read_by_another_encoder_is_fitted_afresh(
    bench: Bench, clock: Clock, taught: Function, published: Publications
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)
    with bench.store.write() as session:
        prefer(session, taught.id, encoder="other.v1", max_latency_ms=None)
    settle(worker)
    assert [version.encoders for version in published.all] == [("fake.v1",), ("other.v1",)]
    change = relabel(bench.store, taught.id, 0, "blue")
    settle(worker)
    assert published.all[-1].encoders == ("other.v1",)
    assert published.through == change


def test_a_full_disk_parks_nothing_and_is_waited_out(
    bench: Bench, clock: Clock, taught: Function, published: Publications, monkeypatch: Any
) -> None:
    worker = make_worker(bench, published, clock)
    settle(worker)

    def full(content: bytes) -> str:
        raise DiskFull(where="here")

    with monkeypatch.context() as broken:
        broken.setattr(bench.blobs, "put", full)
        change = relabel(bench.store, taught.id, 0, "blue")
        for _ in range(8):
            settle(worker)
            clock.now += 100
        assert len(published.all) == 1
    clock.now += 100
    settle(worker)
    assert published.through == change
