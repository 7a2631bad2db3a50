"""`hotfit list`: the functions of a home."""

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, print_listing
from hotfit.local import Home


def command(home: HomeFolder = None, json: Json = False) -> None:
    """List the functions of this home by name; with --json one object per line."""
    reports = [function.report() for function in Home.open(home).functions()]
    if json:
        for report in reports:
            print_json(report)
    else:
        print_listing(reports)
