"""The command line: a module per noun that parses, calls the library and prints.

May import everything below it; nothing imports it.
"""

from hotfit.cli.program import main

__all__ = ["main"]
