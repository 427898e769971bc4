"""Remedies for words that are nearly right: near misses, other spellings, Kubernetes' own names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# What Kubernetes calls a field for which the portable model has another name or another way.
_ELSEWHERE = {
    "accessMode": "accessModes",
    "allocateLoadBalancerNodePorts": "",
    "clusterIP": "",
    "externalIPs": "addressRefs",
    "healthCheckNodePort": "healthCheck.port",
    "loadBalancerIP": "addressRefs",
    "loadBalancerSourceRanges": "sourceRanges",
    "nodeAffinity": "topology",
    "nodePort": "",
    "parameters": "performance and providerOverrides",
    "persistentVolumeClaimName": "claim",
    "persistentVolumeReclaimPolicy": "reclaimPolicy",
    "selector": "backends[].selector",
    "storageClassName": "volumeClassName",
}


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for the known word that is closest to `word`, or ""."""
    options = sorted(known)
    folded = _folded(word)
    for each in options:
        if _folded(each) == folded:
            return f"did you mean {each!r}?"
    close = difflib.get_close_matches(word[:100], options, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


def unknown_field(word: str, known: Iterable[str]) -> str:
    """The remedy for a field that does not exist, or ""."""
    options = set(known)
    if word in _ELSEWHERE and word not in options:
        name = _ELSEWHERE[word]
        return f"this is called {name} here" if name else "only a cluster has it; leave it out"
    near = nearest(word, options)
    if not near and "matchLabels" in options:  # a Service's selector has labels at once
        return f"labels stand one level deeper: matchLabels: {{{word}: ...}}"
    return near


def _folded(word: str) -> str:
    """The word without case and separators: `target_port` and `TargetPort` are `targetport`."""
    return word.replace("_", "").replace("-", "").casefold()


_BYTES = re.compile(
    r"\s*(\d{1,20}(?:\.\d{1,9})?)\s*([kmgtpe])(?:i?b|i)?\s*", re.ASCII | re.IGNORECASE
)


def quantity(written: str) -> str:
    """The remedy for a size in other people's spelling: `10Gb`, `10 gi`."""
    match = _BYTES.fullmatch(written)
    if not match:
        return ""
    number, unit = match[1], match[2].upper()
    decimal = "k" if unit == "K" else unit
    return f"did you mean '{number}{unit}i', in steps of 1024, or '{number}{decimal}', of 1000?"
