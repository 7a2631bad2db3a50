"""Every regular expression of the program takes a long hostile text in time that grows with it.

An expression that looks at each part again for each part takes hours for what is tried here; the
child process that tries them is ended by the system long before, and the last it named is at fault.
"""

import ast
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hotfit

SOURCE = Path(hotfit.__file__).parent
SEEKING = {"search", "sub", "subn", "split", "findall", "finditer"}
"""What looks for an expression everywhere, and not only at the beginning."""

SECONDS = 120
"""Of a processor, for all expressions and all texts; they take a few."""

TRIED = {*SEEKING, "compile", "match", "fullmatch"}

LENGTH = 100_000
PARTS = [*" \t\na0A_é.,-=<>/\\\"'[](){}#:;|&", "a.", "1,", "a ", '" ', "1.", "a=", "[[", "a[", '"a']


def expressions() -> Iterator[tuple[str, bool]]:
    """The expressions that the source writes out, and whether they are looked for anywhere."""
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        seeking = {_owner(call) for call in calls if _called(call) in SEEKING}
        named = {
            id(node.value): target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in calls:
            if _owner(call) == "re" and _called(call) in {
                *SEEKING,
                "compile",
                "match",
                "fullmatch",
            }:
                text = call.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    anywhere = _called(call) in SEEKING or named.get(id(call)) in seeking
                    yield text.value, anywhere


def _owner(call: ast.Call) -> str:
    """`re` of `re.match(...)`."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.value.id
    return ""


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def try_all() -> None:
    """Try every expression on every text, naming it first."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for expression, anywhere in dict.fromkeys(expressions()):
        found = re.compile(expression)
        for part in PARTS:
            for end in ("", "!"):
                print(repr(expression), repr(part), repr(end), flush=True)
                text = part * (LENGTH // len(part)) + end
                found.search(text) if anywhere else found.match(text)


def test_no_expression_looks_at_a_text_again_and_again() -> None:
    assert len(set(expressions())) > 20
    done = subprocess.run(
        [sys.executable, "-c", "from tests.test_expressions import try_all; try_all()"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1:] + done.stderr.splitlines()[-3:]
