"""A folder and a server, changed on either side and kept in step row by row."""

from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.sync.keeping import FunctionGone, TooManyGone, Unrelated
from tests.sync.conftest import URL, Make, World, make_folder


def test_a_first_push_makes_the_function_with_rows_labels_and_descriptions(world: World) -> None:
    report = world.push()
    assert (report.made, report.rows["added"], report.clean) == (True, 4, True)
    assert world.server_rows()["give it back, all of it"] == "refund"
    told = {one["name"]: one.get("description") for one in world.function.rows.labels()}
    assert told == {"refund": "wants money back", "delivery": None}
    assert world.in_step()
    assert not any(world.push().rows.values())


def test_edits_additions_and_deletions_of_the_folder_reach_the_server(world: World) -> None:
    world.push()
    world.edit("parcel lost,delivery\n", "parcel lost,refund\nso slow,delivery\n")
    world.edit("I want my money,refund\n", "")
    report = world.push()
    assert report.rows == {"added": 1, "relabelled": 1, "changed": 0, "removed": 1}
    assert world.server_rows() == {
        "where is my parcel": "delivery",
        "parcel lost": "refund",
        "so slow": "delivery",
        "give it back, all of it": "refund",
    }
    assert world.in_step()


def test_what_changed_on_the_server_changes_single_lines_here(world: World) -> None:
    world.push()
    world.say("parcel lost", "refund")
    world.function.add([("never came", "delivery"), ("new\nline", "delivery")])
    (gone,) = [one for one in world.function.rows.all() if one["data"] == "I want my money"]
    world.function.rows.step(remove=[{"id": gone["id"], "was": "refund"}])
    report = world.pull()
    assert report.rows == {"added": 2, "relabelled": 1, "changed": 0, "removed": 1}
    assert world.table() == (
        "text,label\nwhere is my parcel,delivery\nparcel lost,refund\n"
        '"give it back, all of it",refund\nnever came,delivery\n'
    )
    assert world.table("data/from-server.jsonl") == (
        '{"text": "new\\nline", "label": "delivery"}\n'
    )
    assert world.in_step()


def test_both_sides_change_other_rows_and_nothing_is_asked(world: World) -> None:
    world.push()
    world.say("parcel lost", "refund")
    world.edit("where is my parcel,delivery", "where is my parcel,refund")
    pushed = world.push()
    assert (pushed.rows["relabelled"], pushed.waiting, pushed.clean) == (1, 1, True)
    pulled = world.pull()
    assert (pulled.rows["relabelled"], pulled.waiting) == (1, 0)
    assert world.in_step()


def conflict(world: World) -> None:
    world.push()
    world.say("parcel lost", "refund")
    world.edit("parcel lost,delivery", "parcel lost,account")


@pytest.mark.parametrize("command", ["pull", "push"])
def test_a_row_changed_differently_on_both_sides_is_asked_and_nothing_is_lost(
    world: World, command: str
) -> None:
    conflict(world)
    report = getattr(world, command)()
    (asked,) = report.questions
    assert (asked.was, asked.folder, asked.server) == ("delivery", "account", "refund")
    assert asked.place == "data/messages.csv:4"
    assert (
        "<<<<<<< folder\naccount\n||||||| in common last\ndelivery\n=======\nrefund"
        in "\n".join(report.lines())
    )
    assert "parcel lost,account" in world.table()
    assert world.server_rows()["parcel lost"] == "refund"
    assert not world.pull().clean  # it is asked again until somebody decides
    file = world.folder / "conflicts.toml"
    file.write_text(file.read_text().replace('take = ""', 'take = "folder"'))
    assert getattr(world, command)().clean
    assert not file.exists()
    world.push()
    assert world.server_rows()["parcel lost"] == "account"
    assert world.in_step()


@pytest.mark.parametrize("command", ["pull", "push"])
@pytest.mark.parametrize(("prefer", "holds"), [("folder", "account"), ("server", "refund")])
def test_ours_and_theirs_decide_for_all(
    world: World, command: str, prefer: str, holds: str
) -> None:
    conflict(world)
    assert getattr(world, command)(prefer=prefer).clean
    assert world.push().clean
    assert world.pull().clean
    assert world.server_rows()["parcel lost"] == holds
    assert f"parcel lost,{holds}" in world.table()
    assert world.in_step()


def test_an_answer_does_not_count_for_another_question(world: World) -> None:
    conflict(world)
    world.pull()
    file = world.folder / "conflicts.toml"
    file.write_text(file.read_text().replace('take = ""', 'take = "folder"'))
    world.say("parcel lost", "billing")
    report = world.push()
    assert report.questions[0].server == "billing"
    assert world.server_rows()["parcel lost"] == "billing"


def test_the_same_edit_on_both_sides_is_no_conflict(world: World) -> None:
    world.push()
    world.say("parcel lost", "refund")
    world.edit("parcel lost,delivery", "parcel lost,Refund")
    assert world.in_step()


def test_deleted_here_and_edited_there_is_asked(world: World) -> None:
    world.push()
    world.say("parcel lost", "refund")
    world.edit("parcel lost,delivery\n", "")
    (asked,) = world.push().questions
    assert (asked.folder, asked.server) == ("no such row", "refund")
    assert world.pull(prefer="server").rows["added"] == 1
    assert world.in_step()


def test_without_a_base_rows_join_and_only_differing_answers_are_asked(world: World) -> None:
    world.push()
    (world.folder / "hotfit.sync").unlink()
    world.edit("parcel lost,delivery", "parcel lost,refund")
    world.edit("I want my money,refund\n", "so slow,delivery\n")
    report = world.pull()
    assert [one.what for one in report.questions] == ["parcel lost"]
    assert report.rows["added"] == 1  # nothing is deleted without knowing that it was there
    world.push(prefer="folder")
    assert world.in_step()


def test_a_label_said_where_there_was_none_is_taken_whichever_side_said_it(world: World) -> None:
    world.edit("parcel lost,delivery", "parcel lost,")
    world.push()
    world.say("parcel lost", "refund")
    assert world.pull().rows["relabelled"] == 1
    world.say("parcel lost", None)
    assert world.pull().rows["relabelled"] == 1
    assert "parcel lost,\n" in world.table()


def test_descriptions_and_labels_travel_both_ways_and_the_rest_of_the_file_stays(
    world: World,
) -> None:
    world.push()
    world.function.rows.describe("delivery", "asks where it is")
    world.function.rows.describe("billing", "about an invoice")
    assert world.pull().labels == 2
    toml = world.table("hotfit.toml")
    assert "# what people ask for\n[labels.refund]\n" in toml
    assert '[labels."delivery"]\ndescription = "asks where it is"\n' in toml
    assert '[labels."billing"]\ndescription = "about an invoice"\n' in toml
    world.edit('"wants money back"', '"wants its money back"', "hotfit.toml")
    world.edit('[labels."billing"]\ndescription = "about an invoice"\n', "", "hotfit.toml")
    assert world.push().labels == 2
    told = {one["name"]: one.get("description") for one in world.function.rows.labels()}
    assert told == {"refund": "wants its money back", "delivery": "asks where it is"}
    assert world.in_step()


def test_a_description_changed_on_both_sides_is_asked(world: World) -> None:
    world.push()
    world.function.rows.describe("refund", "one thing")
    world.edit('"wants money back"', '"another thing"', "hotfit.toml")
    (asked,) = world.pull().questions
    assert (asked.of, asked.folder, asked.server) == ("label", "another thing", "one thing")
    assert world.pull(prefer="server").clean
    assert "one thing" in world.table("hotfit.toml")
    assert world.in_step()


def test_a_dry_run_counts_and_touches_nothing(world: World) -> None:
    assert (world.push(dry_run=True).rows["added"], world.client.find("desk")) == (4, None)
    world.push()
    world.edit("parcel lost,delivery", "parcel lost,refund")
    world.say("I want my money", "delivery")
    before = {path: path.read_bytes() for path in world.folder.rglob("*") if path.is_file()}
    foreseen = world.push(dry_run=True)
    assert foreseen.lines()[0] == f"desk -> {URL}: 1 row would be relabelled"
    assert foreseen.rows["relabelled"] == 1
    assert world.pull(dry_run=True).rows["relabelled"] == 1
    after = {path: path.read_bytes() for path in world.folder.rglob("*") if path.is_file()}
    assert before == after
    assert world.server_rows()["parcel lost"] == "delivery"


def test_most_rows_are_not_deleted_by_mistake(make: Make) -> None:
    rows = "text,label\n" + "".join(f"message {at},{'ab'[at % 2]}\n" for at in range(40))
    world = make(**{"messages.csv": rows})
    world.push()
    (world.folder / "data" / "messages.csv").write_text("text,label\nmessage 1,b\nmessage 2,a\n")
    with pytest.raises(TooManyGone, match="38 of the 40 rows on"):
        world.push()
    assert len(world.server_rows()) == 40
    assert world.push(delete=True).rows["removed"] == 38
    for one in world.function.rows.all():
        world.function.rows.step(remove=[{"id": one["id"], "was": one["label"]}])
    with pytest.raises(TooManyGone, match="2 of the 2 rows of this folder"):
        world.pull()


def test_another_function_of_the_name_is_not_mixed_up(world: World) -> None:
    world.client.create("desk").add([("quite another thing", "a")])
    with pytest.raises(Refusal, match="share nothing with this folder"):
        world.push()
    with pytest.raises(Unrelated):
        world.push(dry_run=True)
    assert world.pull().rows["added"] == 1
    assert world.push().rows["added"] == 4


def test_other_kinds_gone_functions_and_other_servers_are_refused(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="no function called 'desk'"):
        world.pull()
    world.push()
    text = world.table("hotfit.toml")
    (world.folder / "hotfit.toml").write_text(text.replace("Classification", "Tags"))
    with pytest.raises(Refusal, match="from Text to Tags in this folder and from Text to Class"):
        world.push()
    (world.folder / "hotfit.toml").write_text(text)
    sync = world.folder / "hotfit.sync"
    good = sync.read_text()
    sync.write_text(good.replace(URL, "http://elsewhere:5000"))
    with pytest.raises(Refusal, match="in step with http://elsewhere:5000"):
        world.push()
    sync.write_text(good)
    world.function.delete()
    with pytest.raises(FunctionGone, match=r"delete hotfit\.sync and push"):
        world.push()


def test_two_people_push_to_one_server(world: World, tmp_path: Path) -> None:
    world.push()
    other = make_folder(tmp_path / "other")
    (other / "hotfit.sync").write_text((world.folder / "hotfit.sync").read_text())
    with (other / "data" / "messages.csv").open("a") as file:
        file.write("from the other,refund\n")
    world.push(other)
    world.edit("parcel lost,delivery", "parcel lost,refund")
    world.push()
    assert world.pull().rows["added"] == 1
    assert world.pull(other).rows["relabelled"] == 1
    assert world.in_step()


def test_a_base_that_git_could_not_merge_asks_and_deletes_nothing(world: World) -> None:
    world.push()
    sync = world.folder / "hotfit.sync"
    lines = sync.read_text().splitlines()
    at = next(at for at, line in enumerate(lines) if line.endswith('"refund"') and "\t" in line)
    other = lines[at].replace('"refund"', '"delivery"')
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], "=======", other, ">>>>>>> branch"]
    sync.write_text("\n".join(lines) + "\n")
    assert world.in_step()
    sync.write_text("format\t1\nnonsense\n")
    with pytest.raises(Refusal, match=r"hotfit\.sync, line 2"):
        world.push()
