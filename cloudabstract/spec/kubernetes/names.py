"""Names as Kubernetes has them: what is wrong with one, in a sentence, or nothing."""

from __future__ import annotations

import re

from cloudabstract.model.limits import DNS_LABEL, DNS_SUBDOMAIN

from ..rules_metadata import KEY_RULE, VALUE_RULE, is_qualified
from . import addresses

_LABEL = re.compile(DNS_LABEL.regex, re.ASCII)
_SUBDOMAIN = re.compile(DNS_SUBDOMAIN.regex, re.ASCII)
_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?", re.ASCII)
_PORT = re.compile(r"[a-z0-9-]{1,15}", re.ASCII)

Wrong = tuple[str, str]  # a message and a remedy


def shown(text: str) -> str:
    """A name in a message: quoted, and not endless."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def wrong_label(text: str) -> Wrong | None:
    """What is wrong with `text` as one label of a domain name."""
    if len(text) > 63:
        return f"has {len(text)} characters; at most 63 are allowed", ""
    if not _LABEL.fullmatch(text):
        return f"{shown(text)} must consist of {DNS_LABEL.says}", ""
    return None


def wrong_subdomain(text: str) -> Wrong | None:
    """What is wrong with `text` as the name of an object."""
    if len(text) > 253:
        return f"has {len(text)} characters; at most 253 are allowed", ""
    if not _SUBDOMAIN.fullmatch(text):
        return f"{shown(text)} must consist of {DNS_SUBDOMAIN.says}", ""
    return None


def wrong_port_name(text: str) -> Wrong | None:
    """What is wrong with `text` as the name that a container gives a port."""
    if text.isdecimal():
        return f"{shown(text)} is text, and a port's name has a letter", "leave out the quotes"
    if not _PORT.fullmatch(text) or not any(each.isalpha() for each in text):
        return f"{shown(text)} is not the name of a port", "at most 15 of a-z, 0-9 and '-'"
    if text.startswith("-") or text.endswith("-") or "--" in text:
        return f"{shown(text)} is not the name of a port", "no '-' at an end, no two in a row"
    return None


def wrong_host(text: str) -> Wrong | None:
    """What is wrong with `text` as a host of an Ingress: a name, or `*.` and a name."""
    if addresses.is_address(text):
        return f"{shown(text)} is an address, not a name", "leave it out to match any host"
    return wrong_pattern(text)


def wrong_pattern(text: str) -> Wrong | None:
    """What is wrong with `text` as a name that may begin with `*.`."""
    name = text.removeprefix("*.")
    if name != text and "*" not in name:
        return wrong_subdomain(name)
    return wrong_subdomain(text)


def wrong_label_key(text: str) -> Wrong | None:
    """What is wrong with `text` as the key of a label."""
    return None if is_qualified(text) else (f"{shown(text)} cannot be a label's key", KEY_RULE)


def wrong_label_value(text: str) -> Wrong | None:
    """What is wrong with `text` as the value of a label."""
    if _VALUE.fullmatch(text):
        return None
    return f"{shown(text)} cannot be a label's value", VALUE_RULE
