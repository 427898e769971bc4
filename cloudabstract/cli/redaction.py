"""No secret leaves: what looks like one is cut out of logs, errors and reports.

Secrets are known by their names (`password=...`, `"SecretAccessKey": "..."`), by their look (access
keys, bearer tokens, private keys, passwords in URLs), and by value: what the environment holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

CUT = "[redacted]"

_NAMES = (
    r"[\w.-]*(?:password|passwd|secret|credential|api[_-]?key|private[_-]?key|authorization"
    r"|session[_-]?token|access[_-]?token|refresh[_-]?token|id[_-]?token)[\w.-]*"
)
_RULES = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.S), CUT),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}"), rf"\1 {CUT}"),
    (
        re.compile(rf"(?i)({_NAMES}[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&)}}\]]+)"),
        rf"\1{CUT}",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), CUT),
    (re.compile(r"\bya29\.[\w-]{10,}"), CUT),
    (re.compile(r"(\w+://[^/\s:@]*:)[^/\s@]+@"), rf"\1{CUT}@"),
)
_SECRET_VARIABLE = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY")
_SHORTEST = 8  # a shorter value would cut ordinary words to pieces


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """`text` without anything that looks like a secret, or that the environment says is one."""
    for value in _values(os.environ if environment is None else environment):
        text = text.replace(value, CUT)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _values(environment: Mapping[str, str]) -> list[str]:
    """Secret values, longest first, so that none leaves a rest of another."""
    found = {
        value
        for name, value in environment.items()
        if _SECRET_VARIABLE.search(name.upper())
        and not name.upper().endswith(("_FILE", "_PATH"))
        and len(value) >= _SHORTEST
    }
    return sorted(found, key=len, reverse=True)
