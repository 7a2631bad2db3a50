"""Numbers as people write them: thousands separators, currency, units, percent, k and M.

`parse_number` reads one cell; where a whole column is at hand, `decimal_mark` tells from all of
it whether "1.234" is a thousand or a fraction.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from hotfit.inputs.missing import is_missing
from hotfit.types import Cell

Mark = Literal[".", ","]
MAX_DIGITS = 60
MINUS = frozenset("-\u2212\u2013")

SCALES = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3,
    "M": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "B": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9,
    "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
CURRENCY_NAMES = (
    "$ € £ ¥ ₹ ₽ ₩ ₺ ₫ ₴ ₦ ₱ ฿ ¢ us$ a$ c$ r$ eur euro euros usd gbp chf jpy cny inr rs rub sek nok"
    " dkk pln czk huf try brl cad aud nzd hkd sgd mxn zar krw"
)
CURRENCIES = frozenset(CURRENCY_NAMES.split())
UNIT_NAMES = (
    "% ‰ ° °c °f kg g mg lb lbs oz t km m cm dm mi mile miles ft feet in inch inches yd ha acres"
    " sqft sqm m2 m² km2 km² l ml cl gal h hr hrs hour hours std min mins minute minutes s sec secs"
    " second seconds ms d day days week weeks month months y yr yrs year years jahr jahre tage kb"
    " mb gb tb bytes kwh kw w mw v a ma hz khz mhz ghz px dpi kmh km/h mph bhp hp ps cc rpm nm kmpl"
    " pcs stk pts pt points stars people persons"
)
UNITS = frozenset(UNIT_NAMES.split())
SHAPE = re.compile(
    r"""
    (?P<compare>[<>≤≥~≈]=?\s*)?
    (?P<open>\()?\s*
    (?P<sign>[+\-\u2212\u2013])?\s*
    (?P<before>[^\d\s.,()+\-\u2212\u2013]{1,4})?\s*
    (?P<sign2>[+\-\u2212\u2013])?
    (?P<digits>\d[\d.,'\u2019\ \u00a0\u2009\u202f_]*|[.,]\d+)
    (?P<exponent>[eE][+\-]?\d{1,3})?
    \s*(?P<after>[^\d\s+)]{1,9})?
    (?:\s(?P<unit>[^\d\s+)]{1,9}))?
    \s*(?P<plus>\+)?
    \s*(?P<close>\))?
    """,
    re.VERBOSE | re.ASCII,
)
GROUP = re.compile(r"\d{1,3}(?:(?P<sep>[.,'\u2019 _])\d{3})(?:(?P=sep)\d{3})*")
INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
SPACES = re.compile("[\u00a0\u2009\u202f]")


def parse_number(cell: Cell, *, mark: Mark | None = None) -> float | None:
    """Read a cell as a number; None where it is missing, not finite or something else.

    `mark` is the decimal mark; without it "1.234" is a fraction and "1,234" a thousand.
    "85 %" is 85, "19M" is 19,000,000, "10,000+" is 10,000, "(5)" is -5.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        number = float(cell) if abs(cell) < 1e300 else math.nan
        return number if math.isfinite(number) else None
    return _parse(cell, mark) if len(cell) <= MAX_DIGITS else None


@lru_cache(maxsize=65_536)
def _parse(text: str, mark: Mark | None) -> float | None:
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    if is_missing(text) or not any(c.isdigit() for c in text):
        return None
    match = SHAPE.fullmatch(text)
    if match is None:
        return None
    scale = _scale(match["before"], match["after"], match["unit"])
    digits = _plain_digits(match["digits"].strip(), mark)
    if scale is None or digits is None or bool(match["open"]) != bool(match["close"]):
        return None
    value = float(digits + (match["exponent"] or "")) * scale
    if match["sign"] and match["sign2"]:
        return None
    negative = bool(match["open"]) or (match["sign"] or match["sign2"]) in MINUS
    return (-value if negative else value) if math.isfinite(value) else None


def _scale(before: str | None, after: str | None, unit: str | None) -> float | None:
    """Return the factor that prefix and suffixes stand for; None where one is no unit."""
    if before and before.casefold().rstrip(".") not in CURRENCIES:
        return None
    factor = 1.0
    for word in (after, unit):
        if not word:
            continue
        plain = word.rstrip(".")
        low = plain.casefold()
        scale = SCALES.get(plain) or (SCALES.get(low) if len(low) > 1 or low == "k" else None)
        if scale is not None and (plain != "mm"):
            factor *= scale
        elif low not in UNITS and low not in CURRENCIES and low not in {"mm", ",-", ".-"}:
            return None
    return factor


def _plain_digits(digits: str, mark: Mark | None) -> str | None:
    """Return the digits with a dot as the decimal mark and nothing else."""
    digits = SPACES.sub(" ", digits).replace("\u2019", "'").rstrip(" ")
    if digits.isdigit():
        return digits
    last_dot, last_comma = digits.rfind("."), digits.rfind(",")
    if mark is None:
        mark = "," if last_comma > last_dot else "."
        if mark == "," and (GROUP.fullmatch(digits) or INDIAN.fullmatch(digits)):
            mark = "." if not digits.startswith("0,") else ","
        elif mark == "." and digits.count(".") > 1 and GROUP.fullmatch(digits):
            mark = ","
    whole, _, fraction = digits.partition(mark)
    if digits.count(mark) > 1 or (fraction and not fraction.isdigit()):
        return None
    if not whole:
        return f"0.{fraction}"
    grouped = GROUP.fullmatch(whole) or INDIAN.fullmatch(whole)
    if not whole.isdigit() and (grouped is None or mark in whole):
        return None
    return re.sub(r"\D", "", whole) + ("." + fraction if fraction else "")


COMMA_DECIMAL = re.compile(r"(?:(?<=\d)|^)\.*,(?:\d{1,2}|\d{4,})(?!\d)|\.\d{3}\.\d{3}|\.\d{3},\d")
DOT_DECIMAL = re.compile(r"(?<=\d),*\.(?:\d{1,2}|\d{4,})(?!\d)|,\d{3},\d{3}|,\d{3}\.\d")


def decimal_mark(texts: Iterable[str]) -> Mark | None:
    """Tell from a column of texts which mark its decimals have; None where nothing tells."""
    commas = dots = 0
    for text in texts:
        commas += COMMA_DECIMAL.search(text) is not None
        dots += DOT_DECIMAL.search(text) is not None
    if commas == dots:
        return None
    return "," if commas > dots else "."
