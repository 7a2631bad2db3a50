from tools.openapi import PATH, render


def test_the_committed_document_is_that_of_the_routes() -> None:
    written = PATH.read_text(encoding="utf-8")
    assert written == render(), "write it anew: python -m tools.openapi"
