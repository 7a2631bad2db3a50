from tools import reference


def test_the_reference_page_is_what_the_program_says() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "docs/reference.md is stale: run python -m tools.reference"
    )
