"""A module has at most 400 lines and a function at most 50.

Every large code base measured for the house style had one file that knew everything (4,000 lines
of command line, 5,000 of one model provider). None was planned; each grew by ten lines a week
because nothing said stop. Migrations and generated files are exempt: nobody edits them.
"""

from collections.abc import Iterator

from tools.lints.base import Finding, Source, functions

MODULE_LINES = 400
FUNCTION_LINES = 50


def check(source: Source) -> Iterator[Finding]:
    """Yield the modules and functions that are too long."""
    if not source.is_python or source.is_generated:
        return
    lines = len(source.text.splitlines())
    if lines > MODULE_LINES:
        yield source.finding(1, f"{lines} lines; a module has at most {MODULE_LINES}: split it")
    for function in functions(source.tree):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            message = f"{function.name} has {length} lines; a function at most {FUNCTION_LINES}"
            yield source.finding(function.lineno, message)
