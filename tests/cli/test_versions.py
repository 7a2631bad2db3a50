from tests.cli.conftest import Program

CSV = "text,label\n" + "hello there,a\nhi friend,a\nbye now,b\nso long,b\n" * 3


def test_versions_are_listed_promoted_and_rolled_back(hotfit: Program) -> None:
    for _ in range(2):
        assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    found = hotfit("versions", "f", "--json").json_lines()
    numbers = [one["number"] for one in found]
    assert numbers == sorted(numbers, reverse=True)
    assert [one["live"] for one in found] == [True] + [False] * (len(found) - 1)
    newest, before = found[:2]
    done = hotfit("rollback", "f", "--json").json()
    assert (done["id"], done["live"], done["pinned"]) == (before["id"], True, True)
    assert hotfit("show", "f", "--json").json()["version"] == before["id"]
    assert hotfit("promote", "f", newest["id"], "--json").json()["id"] == newest["id"]
    told = hotfit("promote", "f", str(before["number"]))
    assert told.out == f"Version {before['number']} of f answers until another is promoted.\n"
    listed = hotfit("versions", "f").out.splitlines()
    assert [line.startswith("*") for line in listed[:2]] == [False, True]
    assert listed[1].endswith("pinned")
    assert hotfit("promote", "f", "newest", "--json").json()["id"] == newest["id"]


def test_a_version_that_is_not_there_is_refused(hotfit: Program) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    refused = hotfit("promote", "f", "99")
    assert refused.status == 2
    assert "`hotfit versions f` lists them" in refused.err
    assert hotfit("promote", "g", "1").status == 2
    assert hotfit("promote", "f", "1").status == 0
    assert hotfit("rollback", "f").status == 2
