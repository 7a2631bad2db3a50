"""`hotfit rollback`: let the version before the one that answers answer."""

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.promote import tell
from hotfit.local import Home


def command(name: FunctionName, home: HomeFolder = None, json: Json = False) -> None:
    """Let the version before the one that answers answer, however many newer ones are made."""
    function = Home.open(home).load(name)
    function.rollback()
    tell(function.version_reports(), name, json=json)
