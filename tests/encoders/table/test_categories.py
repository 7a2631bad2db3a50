"""Categories become codes by frequency; the rare share one."""

import numpy as np

from hotfit.encoders.table.categories import CodeColumn, FrequencyColumn
from hotfit.types import Cell


def codes(column: CodeColumn, cells: list[Cell]) -> list[float]:
    found: list[float] = column.encode(cells)[:, 0].tolist()
    return found


def test_codes_go_by_frequency_and_ignore_letter_case() -> None:
    column = CodeColumn.fit("c", ["b", "a", "B", "a", "b"])
    assert codes(column, ["b", "a", "A"]) == [0, 1, 1]
    assert column.categories == (2,)


def test_rare_and_unseen_values_share_a_code_where_rare_ones_were_seen() -> None:
    column = CodeColumn.fit("c", ["a", "a", "b", "b", "once"])
    assert codes(column, ["once", "never"]) == [2, 2]
    assert column.categories == (3,)


def test_unseen_values_are_missing_where_none_was_rare() -> None:
    column = CodeColumn.fit("c", ["a", "a", "b", "b"])
    assert np.isnan(codes(column, ["never", "", None])).all()


def test_best_known_word_finds_titles_in_names() -> None:
    names: list[Cell] = ["Low, Mr. Al", "Fox, Mrs. Bo", "Roe, Mr. Cy", "Day, Mrs. Di", "Ray, Mr. E"]
    column = CodeColumn.fit("name", names, reading="word")
    assert column.values == ["mr.", "mrs."]
    assert codes(column, ["New, Mrs. Person", "Odd, mr. Other"]) == [1, 0]


def test_opening_is_what_stands_before_the_first_digit() -> None:
    column = CodeColumn.fit("cabin", ["C85", "C1", "B 2", "B3"], reading="opening")
    assert column.values == ["b", "c"]
    assert codes(column, ["C999"]) == [1]


def test_numbers_and_their_texts_are_one_value() -> None:
    column = CodeColumn.fit("c", [3.0, "3", 4.0, "4"])
    assert codes(column, [3.0]) == codes(column, ["3"])


def test_frequency_is_the_logarithm_of_the_count() -> None:
    column = FrequencyColumn.fit("c", ["a", "A", "a", "b"])
    found = column.encode(["a", "b", "new", ""])[:, 0]
    np.testing.assert_allclose(found, [np.log(3), 0, 0, np.nan], rtol=1e-6)
