"""Three states and whose change it is; what both have in common leads nowhere new."""

from hypothesis import given
from hypothesis import strategies as st

from hotfit.sync.merging import Difference, Side, in_common, merge

STATES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))


@given(STATES, STATES, STATES)
def test_every_difference_has_exactly_one_owner(
    was: dict[str, int], folder: dict[str, int], server: dict[str, int]
) -> None:
    found = merge(was, folder, server)
    differing = {key for key in folder | server if folder.get(key) != server.get(key)}
    moved = [*found.outgoing, *found.incoming, *found.conflicts]
    assert sorted(moved) == sorted(differing)
    for key in found.outgoing:
        assert server.get(key) == was.get(key)
    for key in found.incoming:
        assert folder.get(key) == was.get(key)


@given(STATES, STATES, STATES, st.sampled_from(["folder", "server", None]))
def test_after_both_moved_and_all_was_settled_both_are_the_same(
    was: dict[str, int], folder: dict[str, int], server: dict[str, int], side: Side | None
) -> None:
    def settle(_key: str, _each: Difference[int]) -> Side | None:
        return side

    found = merge(was, folder, server, settle=settle)
    base = in_common(was, folder, server, settled=found.settled)
    again = merge(base, folder, server)
    assert again.conflicts == found.conflicts
    assert (set(again.outgoing), set(again.incoming)) == (set(found.outgoing), set(found.incoming))
    for key, each in found.outgoing.items():
        _put(server, key, each.folder)
    for key, each in found.incoming.items():
        _put(folder, key, each.server)
    last = merge(in_common(base, folder, server), folder, server)
    assert not last.outgoing
    assert not last.incoming
    assert bool(last.conflicts) is (side is None and bool(found.conflicts))


def _put(states: dict[str, int], key: str, state: int | None) -> None:
    if state is None:
        states.pop(key, None)
    else:
        states[key] = state
