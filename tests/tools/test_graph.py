"""The import graph and its cycles."""

from tools.graph import import_graph, largest_cycle, module_name


def test_names_modules_as_python_does() -> None:
    assert module_name("src/hotfit/heads/base.py") == "hotfit.heads.base"
    assert module_name("src/hotfit/heads/__init__.py") == "hotfit.heads"


def test_sees_every_form_of_import_and_only_known_modules() -> None:
    graph = import_graph(
        {
            "src/p/__init__.py": "",
            "src/p/a.py": "import json\nfrom p import b\nfrom p.c import thing\n",
            "src/p/b.py": "def f():\n    import p.c\n",
            "src/p/c.py": "if TYPE_CHECKING:\n    from p import a\n",
        }
    )
    assert graph == {"p": set(), "p.a": {"p.b", "p.c"}, "p.b": {"p.c"}, "p.c": set()}


def test_finds_the_larger_of_two_cycles() -> None:
    graph = {
        "a": {"b"},
        "b": {"a", "c"},
        "c": {"d"},
        "d": {"e"},
        "e": {"c"},
        "f": {"a"},
    }
    assert largest_cycle(graph) == {"c", "d", "e"}


def test_a_tree_has_no_cycle() -> None:
    assert largest_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == set()
