import re

from hotfit.serving.meters import MOST, OTHERS, Meters


def test_functions_beyond_the_first_share_one_name() -> None:
    meters = Meters()
    for number in range(MOST + 50):
        meters.called(f"function {number}", status=200, seconds=0.01)
        meters.swapped(f"function {number}", change=number, seconds=1.0)
    names = set(re.findall(r'hotfit_calls_total\{function="([^"]*)"', meters.page().decode()))
    assert len(names) == MOST + 1
    assert f'hotfit_calls_total{{function="{OTHERS}",status="200"}} 50.0' in meters.page().decode()


def test_refused_calls_are_counted_but_not_timed() -> None:
    meters = Meters()
    meters.called("a", status=503, seconds=1.0)
    page = meters.page().decode()
    assert 'hotfit_calls_total{function="a",status="503"} 1.0' in page
    assert 'hotfit_call_seconds_count{function="a"}' not in page
