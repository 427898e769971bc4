"""Texts of annotations and parameters as values for portable fields.

The entry of a table says how its text is to be read. What a text cannot mean is a ValueError, whose
message completes "is not used: ...".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cloudabstract.model import LoadBalancerSpec, parse_duration, parse_quantity, shapes, traits

from .addresses import network

Entry = dict[str, Any]
_DIGITS = 18  # as many as are read


def read(entry: Entry, text: str) -> Any:
    """What `text` means. Raises ValueError when it means nothing."""
    return _READERS[entry.get("read", "values")](text.strip(), entry)


def check(field: str, value: Any) -> None:
    """Raise ValueError when a number is outside of what a balancer's field allows."""
    shape = traits.shape_at(LoadBalancerSpec, field.split(".")) if field else None
    if shape is None or value is None:
        return
    is_duration = isinstance(shape, shapes.Scalar) and shape.is_duration
    number = parse_duration(value) if is_duration else value
    bounds = shapes.bounds(shape)
    least, most = bounds.get("ge", 0), bounds.get("le", 0)
    if bounds and isinstance(number, int) and not least <= number <= most:
        raise ValueError(f"the portable field takes {least} to {most}")


def _values(text: str, entry: Entry) -> Any:
    for written, meant in entry["values"].items():
        if text.lower() == written.lower():
            return meant
    raise ValueError(f"it is not one of {', '.join(entry['values'])}")


def _whole(text: str, entry: Entry) -> int | None:
    if text == "traffic-port":
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS or int(text) == 0:
        raise ValueError("it is not a whole number above zero")
    return int(text)


def _seconds(text: str, entry: Entry) -> str:
    plain = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return f"{parse_duration(int(text) if plain else text)}s"


def _list(text: str, entry: Entry) -> list[str]:
    found = [each.strip() for each in text.split(",") if each.strip()]
    if not found:
        raise ValueError("it is empty")
    return list(dict.fromkeys(found))


def _networks(text: str, entry: Entry) -> list[str]:
    found = [network(_with_length(each)) for each in _list(text, entry)]
    if None in found:
        raise ValueError("it is not a list of networks in CIDR form")
    return list(dict.fromkeys(each for each in found if each))


def _with_length(written: str) -> str:
    """An address alone is a network of one."""
    return written if "/" in written else f"{written}/{128 if ':' in written else 32}"


def _protocol(text: str, entry: Entry) -> str:
    if text.upper() not in ("TCP", "HTTP", "HTTPS"):
        raise ValueError("checks speak TCP, HTTP or HTTPS")
    return text.upper()


def _path(text: str, entry: Entry) -> str:
    if not text.startswith("/"):
        raise ValueError("it does not start with '/'")
    return text


def _listeners(text: str, entry: Entry) -> list[tuple[str, int]] | None:
    """`[{"HTTP": 80}, {"HTTPS": 443}]`, or None for an empty list."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ValueError("it is not a list of listeners")
    pairs = [pair for each in found for pair in each.items()]
    for name, number in pairs:
        if name not in ("HTTP", "HTTPS") or type(number) is not int or not 0 < number < 65536:
            raise ValueError("listeners speak HTTP or HTTPS on a port")
    return list({number: (name, number) for name, number in pairs}.values()) or None


def _mebibytes(text: str, entry: Entry) -> str:
    number = _whole(text, entry)
    if number is None or number >= 2**43:
        raise ValueError("it is no number of mebibytes")
    return f"{number}Mi"


def _quantity(text: str, entry: Entry) -> str:
    """A number without a unit counts mebibytes, as the drivers read it."""
    if text.isdecimal():
        return _mebibytes(text, entry)
    if parse_quantity(text) <= 0:
        raise ValueError("it is not above zero")
    return text


def _text(text: str, entry: Entry) -> str:
    if not text:
        raise ValueError("it is empty")
    return text


_READERS: dict[str, Callable[[str, Entry], Any]] = {
    "values": _values,
    "whole": _whole,
    "seconds": _seconds,
    "list": _list,
    "networks": _networks,
    "protocol": _protocol,
    "path": _path,
    "listeners": _listeners,
    "mebibytes": _mebibytes,
    "quantity": _quantity,
    "text": _text,
}
