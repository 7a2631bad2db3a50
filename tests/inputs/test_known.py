import pytest

from hotfit.errors import Refusal
from hotfit.inputs.known import plan_known
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.types import Field, Input, Kind, Output, Sample

FIELDS = (Field(name="age", kind=Kind.NUMBER), Field(name="zip", kind=Kind.CATEGORY))


def read(values: object, **known: object) -> list[Sample]:
    source = open_source(values)
    made = plan_known(source, **known)  # type: ignore[arg-type]
    return [sample for batch in read_samples(source, made) for sample in batch]


def test_a_text_function_reads_its_column_and_spells_labels_its_way() -> None:
    rows = [{"text": "1", "kind": "HAM"}, {"text": "2", "kind": "none"}]
    samples = read(
        rows, input=Input.TEXT, output=Output.CLASSIFICATION, text="text", target="kind",
        labels=["ham", "None"],
    )  # fmt: skip
    assert [(s.data, s.label) for s in samples] == [("1", "ham"), ("2", "None")]


def test_a_text_column_under_another_name_is_found() -> None:
    rows = [{"message": f"message number {i}", "label": "ab"[i % 2]} for i in range(9)]
    samples = read(rows, input=Input.TEXT, output=Output.CLASSIFICATION, text="text")
    assert samples[3].data == "message number 3"
    assert samples[3].label == "b"


def test_a_table_function_keeps_the_kinds_it_has() -> None:
    rows = [{"zip": "80331", "age": "4", "y": "a", "more": "x"}] * 2
    samples = read(
        rows, input=Input.TABULAR, output=Output.CLASSIFICATION, fields=FIELDS, target="y"
    )
    assert samples[0].data == {"age": "4", "zip": "80331"}
    assert samples[0].label == "a"


def test_a_source_without_labels_can_be_read() -> None:
    samples = read(
        [{"zip": "1", "age": 3}], input=Input.TABULAR, output=Output.NUMBER, fields=FIELDS
    )
    assert samples[0].label is None


def test_a_field_that_the_source_lacks_is_refused() -> None:
    with pytest.raises(Refusal, match="'zip'"):
        read([{"age": 3}], input=Input.TABULAR, output=Output.NUMBER, fields=FIELDS)
