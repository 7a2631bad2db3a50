"""`hotfit show`: one function, as `fit` printed it."""

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, print_report
from hotfit.local import Home


def command(name: FunctionName, home: HomeFolder = None, json: Json = False) -> None:
    """Show one function: verdict, labels, version and findings."""
    report = Home.open(home).load(name).report()
    if json:
        print_json(report)
    else:
        print_report(report)
