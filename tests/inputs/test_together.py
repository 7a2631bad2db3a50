"""Columns that a person names because their values tie rows together."""

import random

import pytest

from hotfit.errors import Refusal
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.source import open_source
from hotfit.types import Input, Kind

N = 120
CHANCE = random.Random(1)
WORDS = "red blue green house tree fast slow bird fish stone river light".split()  # noqa: SIM905
TABLE = {
    "customer": [f"C{row // 4}" for row in range(N)],
    "age": [CHANCE.randrange(20, 80) for _ in range(N)],
    "message": [" ".join(CHANCE.choice(WORDS) for _ in range(8)) for _ in range(N)],
    "row": [f"r-{row:05d}" for row in range(N)],
    "churned": [CHANCE.choice(["yes", "no"]) for _ in range(N)],
}


def planned(*columns: str, inputs: tuple[str, ...] = (), together: tuple[str, ...] = ()) -> Plan:
    source = open_source({name: TABLE[name] for name in columns})
    return plan(source, target="churned", inputs=inputs or None, together=together)


def refused(*columns: str, inputs: tuple[str, ...] = (), together: tuple[str, ...] = ()) -> str:
    with pytest.raises(Refusal) as fault:
        planned(*columns, inputs=inputs, together=together)
    return str(fault.value)


def test_a_column_of_a_table_ties_rows_together() -> None:
    made = planned("customer", "age", "churned", together=("customer",))
    assert (made.input, made.together) == (Input.TABULAR, ("customer",))
    assert [field.name for field in made.fields] == ["customer", "age"]


def test_it_stands_beside_inputs_that_are_named_and_makes_a_table_of_a_text() -> None:
    made = planned(*TABLE, inputs=("message",), together=("Customer",))
    assert (made.input, made.text, made.together) == (Input.TABULAR, None, ("customer",))
    assert made.fields[0].kind is Kind.TEXT
    assert [field.name for field in made.fields] == ["message", "customer"]


def test_nobody_is_asked_twice_for_a_column_that_is_an_input_too() -> None:
    made = planned(*TABLE, inputs=("customer", "age"), together=("customer",))
    assert [field.name for field in made.fields] == ["customer", "age"]


def test_a_text_that_is_read_alone_says_which_inputs_to_name() -> None:
    said = refused("customer", "message", "churned", together=("customer",))
    assert "by 'customer': the text in 'message' is read alone" in said
    assert "--input, such as 'message'" in said


def test_what_cannot_tie_rows_is_refused_with_the_reason() -> None:
    assert "by 'churned': it is the answer" in refused("age", "churned", together=("churned",))
    beside = refused("age", "churned", inputs=("age",), together=("churned",))
    assert "by 'churned': it is the answer" in beside
    said = refused("row", "age", "churned", together=("row",))
    assert "by 'row': it identifies the row" in said
    assert "'misprint' (--together)" in refused("age", "churned", together=("misprint",))
    alone = refused("customer", "churned", inputs=("customer",), together=("customer",))
    assert "'customer'" in alone
    two = refused(*TABLE, inputs=("customer", "age"), together=("customer", "age"))
    assert "no other column is learned from" in two
