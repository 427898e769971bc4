"""Memos: what we set, written on the object itself, where AWS shows it one object a call.

Attributes and members of a target group can only be read with a call for each group; tags come for
twenty, or a hundred, at once. So what was set is also written into tags `cloudabstract.memo:WORD`,
and a plan of many objects reads those. The order of calls keeps a memo true through any crash:

    it is written after the fact, and taken away before the fact is changed

A missing memo means: look at the object itself. Values are JSON, compressed, in base64, spread over
as many tags as they need; what needs too many is not written.

What an object was made as, the fields that never change, is a memo in the create call: AWS does not
show all of them (the balancer that a group is for, private addresses), and emulators fewer.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from . import tags

_LONGEST = 256
_MADE = "made"
_MOST = 6  # tags for one memo
_WORDS = (
    b'"deregistration_delay.timeout_seconds":"30","deregistration_delay.connection_termination.'
    b'enabled":"true","load_balancing.algorithm.type":"round_robin","load_balancing.cross_zone.'
    b'enabled":"use_load_balancer_configuration","preserve_client_ip.enabled":"false",'
    b'"proxy_protocol_v2.enabled":"false","stickiness.enabled":"false","stickiness.lb_cookie.'
    b'duration_seconds":"10800","stickiness.type":"source_ip","deletion_protection.enabled":"'
    b'{"load_balancer":"","vpc":"vpc-0","protocol":"HTTP","protocol_version":"HTTP1","target_type":'
    b'"instance","ip_address_type":"ipv4","type":"application","scheme":"internet-facing"}'
    b'[{"id":"10.0.0.1","port":8080,"zone":""},{"id":"i-0","port":80,"zone":"all"}]'
)  # known to both sides, so that a memo is short; never change it, only add a new WORD


def encoded(word: str, value: Any) -> dict[str, str]:
    """The tags of a memo; empty when the value is too long for tags."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    packer = zlib.compressobj(9, zdict=_WORDS)
    packed = base64.b64encode(packer.compress(text) + packer.flush()).decode()
    chunks = [packed[at : at + _LONGEST] for at in range(0, len(packed), _LONGEST)]
    if len(chunks) > _MOST:
        return {}
    return {_key(word, index): chunk for index, chunk in enumerate(chunks)}


def made(fields: Mapping[str, Any], fixed: Iterable[str]) -> dict[str, str]:
    """The memo of what an object is made as: those of its fields that are `fixed`."""
    return encoded(_MADE, {name: fields[name] for name in sorted(fixed) if name in fields})


def made_as(found: Mapping[str, str]) -> dict[str, Any]:
    """What that memo says; {} when there is none."""
    told = decoded(_MADE, found)
    return told if isinstance(told, dict) else {}


def decoded(word: str, found: Mapping[str, str]) -> Any | None:
    """The value of a memo among the tags `found`; None when there is none that can be read."""
    chunks: list[str] = []
    while _key(word, len(chunks)) in found:
        chunks.append(found[_key(word, len(chunks))])
        if len(chunks[-1]) < _LONGEST:
            break  # what follows is left over from a longer value
    try:
        packed = base64.b64decode("".join(chunks), validate=True)
        return json.loads(zlib.decompressobj(zdict=_WORDS).decompress(packed)) if packed else None
    except (binascii.Error, zlib.error, ValueError):
        return None


def every(word: str) -> frozenset[str]:
    """The keys of all tags that a memo may take."""
    return frozenset(_key(word, index) for index in range(_MOST))


def keys(word: str, found: Mapping[str, str]) -> list[str]:
    """Those of them that are in `found`."""
    return sorted(every(word) & found.keys())


def plain(word: str, text: str) -> dict[str, str]:
    """A short text as a memo that people can read; for what never changes, or only with it."""
    return {_key(word, 0): tags.escaped(text)} if text else {}


def read_plain(word: str, found: Mapping[str, str]) -> str:
    """The text of such a memo; "" when there is none."""
    return tags.unescaped(found.get(_key(word, 0), ""))


def _key(word: str, index: int) -> str:
    return f"{tags.MEMO}{word}" + (f"+{index}" if index else "")
