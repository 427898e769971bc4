"""Kubernetes quantities and durations: text at the edge, plain integers inside.

A quantity is `<number><suffix>` where the suffix is binary (Ki, Mi, Gi, Ti, Pi, Ei), decimal
(n, u, m, none, k, M, G, T, P, E) or a decimal exponent (e3, E3). Fractions of a unit round up, as
in Kubernetes: asking for 0.5 bytes is asking for one. Source: kubernetes/apimachinery, resource.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Context, Decimal

_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_DECIMAL = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
}
_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))"
    r"(?:(?P<exponent>[eE][+-]?\d{1,3})|(?P<suffix>Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?))",
    re.ASCII,
)
_DURATION = re.compile(r"(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,9})s)?", re.ASCII)
_EXACT = Context(prec=120)  # no product of a number and a factor is ever rounded
_LARGEST = 2**63 - 1


def parse_quantity(text: str | int) -> int:
    """The value of a quantity, rounded up to a whole unit. Raises ValueError with a remedy."""
    if isinstance(text, int):
        return _within(text, str(text))
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a quantity; write it as in 64Mi, 10Gi or 1500M")
    number = Decimal(match["number"])
    if match["exponent"]:
        return _within(_ceiling(number.scaleb(int(match["exponent"][1:]), _EXACT)), text)
    suffix = match["suffix"]
    factor = Decimal(_BINARY[suffix]) if suffix in _BINARY else _DECIMAL[suffix]
    return _within(_ceiling(_EXACT.multiply(number, factor)), text)


def format_quantity(value: int) -> str:
    """The exact text with the largest suffix that divides `value`, binary before decimal."""
    for suffix in ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki"):
        if value and value % _BINARY[suffix] == 0:
            return f"{value // _BINARY[suffix]}{suffix}"
    for suffix in ("E", "P", "T", "G", "M", "k"):
        unit = int(_DECIMAL[suffix])
        if value and value % unit == 0:
            return f"{value // unit}{suffix}"
    return str(value)


def parse_duration(text: str | int) -> int:
    """Seconds from `10s`, `1m30s`, `2h` or a bare integer. Raises ValueError with a remedy."""
    if isinstance(text, int):
        return text
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is not a duration; write it as in 10s, 1m30s or 2h")
    return int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + int(match["s"] or 0)


def format_duration(seconds: int) -> str:
    """`seconds` as one unit, e.g. `90s`: one spelling for each value, easy to compare by eye."""
    return f"{seconds}s"


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING, _EXACT))


def _within(value: int, text: str) -> int:
    if abs(value) > _LARGEST:
        raise ValueError(f"{text!r} is too large; the largest quantity is {_LARGEST}")
    return value
