"""`hotfit delete`: remove a function."""

from hotfit.cli.options import FunctionName, HomeFolder
from hotfit.cli.printing import say
from hotfit.local import Home


def command(name: FunctionName, home: HomeFolder = None) -> None:
    """Delete a function with its samples and versions; vectors stay cached for other functions."""
    Home.open(home).load(name).delete()
    say(f"{name} is deleted.")
