from tests.cli.conftest import Program

CSV = "text,label\n" + "hello there,a\nhi friend,a\nbye now,b\nsee you,b\n" * 3


def test_a_key_is_made_listed_and_revoked(hotfit: Program) -> None:
    made = hotfit("keys", "create", "--id", "ci", "--role", "editor", "--json").json()
    assert made["id"] == "ci"
    assert made["role"] == "editor"
    assert made["key"] == made["secret"]
    listed = hotfit("keys", "list", "--json")
    assert listed.json()["id"] == "ci"
    assert made["secret"] not in listed.out
    assert hotfit("keys", "revoke", "ci", "--json").json()["revoked"]
    assert "revoked" in hotfit("keys", "list").out


def test_a_chosen_id_and_secret_are_taken(hotfit: Program) -> None:
    made = hotfit("keys", "create", "--id", "me", "--secret", "my-own-secret", "--json").json()
    assert (made["id"], made["secret"], made["key"]) == (
        "me",
        "my-own-secret",
        "me:my-own-secret",
    )
    assert made["role"] == "admin"


def test_a_secret_may_come_by_standard_input(hotfit: Program) -> None:
    made = hotfit("keys", "create", "--secret", "-", "--json", stdin="my-own-secret\n").json()
    assert made["secret"] == "my-own-secret"


def test_a_key_is_bound_to_functions_by_name(hotfit: Program) -> None:
    assert hotfit("fit", "-", "--name", "mine", "--build", "instant", stdin=CSV).status == 0
    made = hotfit("keys", "create", "--function", "mine", "--role", "invoke", "--json").json()
    assert len(made["functions"]) == 1
    assert "mine" in hotfit("keys", "list").out


def test_people_are_told_the_secret_and_how_to_use_it(hotfit: Program) -> None:
    done = hotfit("keys", "create", "--id", "me")
    assert "Authorization: Bearer hf_" in done.out


def test_what_cannot_be_a_key_is_refused(hotfit: Program) -> None:
    for arguments in (
        ["create", "--secret", "short"],
        ["create", "--function", "nothing"],
        ["create", "--id", "a b"],
        ["create", "--role", "king"],
        ["revoke", "nobody"],
    ):
        assert hotfit("keys", *arguments).status == 2
