import numpy as np
import pytest

from hotfit.encoders.fake import FakeEncoder
from hotfit.functions.labels import Label, add_label
from hotfit.labeling.names import SCALE
from hotfit.serving.serving import Serving
from hotfit.serving.zero_shot import from_names
from hotfit.types import Output, Prediction
from tests.serving.worlds import World, soon


def label(name: str, description: str | None = None) -> Label:
    return Label(id=f"label_{name}", name=name, description=description, position=0)


def test_probabilities_are_the_softmax_of_scaled_cosines() -> None:
    encoder = FakeEncoder()
    texts = ["lost my card", "where is my card?"]
    names = ["lost_card", "cardArrival", "money"]
    found = from_names([label(name) for name in names], encoder).scores(texts)
    x, e = encoder.encode(texts), encoder.encode(["lost card", "card Arrival", "money"])
    for row in range(2):
        cosines = [x[row] @ y / np.linalg.norm(x[row]) / np.linalg.norm(y) for y in e]
        weights = [np.exp(SCALE * cosine) for cosine in cosines]
        assert found[row] == pytest.approx([w / sum(weights) for w in weights], rel=1e-5)


def test_a_description_counts() -> None:
    told = from_names([label("a", "lost or stolen cards"), label("b", "weather")], FakeEncoder())
    (answer,) = told.answer(["my card was stolen"])
    assert isinstance(answer, Prediction)
    assert answer.label == "a"


def test_a_name_of_signs_alone_is_read_as_it_is() -> None:
    (answer,) = from_names([label("+"), label("-")], FakeEncoder()).answer(["+"])
    assert isinstance(answer, Prediction)
    assert answer.label == "+"


def test_label_names_answer_until_a_version_does(world: World) -> None:
    function = world.function("topics", labels=("lunch", "money"))

    async def story(serving: Serving) -> None:
        reply = await serving.answer(serving.standing("topics"), ["see you at lunch"])
        (answer,) = reply.answers
        assert isinstance(answer, Prediction)
        assert (answer.label, reply.live.name, reply.through) == ("lunch", "zero-shot", 1)
        version = world.publish(function, labels=("lunch", "money")).id
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == version)

    world.serve(story)


def test_a_new_label_is_known_to_the_next_call(world: World) -> None:
    function = world.function("topics", labels=("lunch", "money"))

    async def story(serving: Serving) -> None:
        await serving.answer(serving.standing("topics"), ["weather"])
        with world.store.write() as session:
            add_label(session, function, "weather")
        reply = await serving.answer(serving.standing("topics"), ["weather"])
        (answer,) = reply.answers
        assert isinstance(answer, Prediction)
        assert answer.label == "weather"

    world.serve(story)


def test_tags_are_not_guessed_from_their_names(world: World) -> None:
    world.function("tags", output=Output.TAGS)

    async def story(serving: Serving) -> None:
        with pytest.raises(Exception, match="two labelled samples") as refused:
            await serving.answer(serving.standing("tags"), ["free money"])
        assert "whose names then answer" not in str(refused.value)

    world.serve(story)
