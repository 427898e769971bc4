"""AWS's published rates, from rates.json, in the engine's terms."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

from cloudabstract.provider import Rate, Verb


@functools.cache
def rates() -> Mapping[tuple[str, Verb], Rate]:
    """By kind and verb; kinds that share a bucket of the API share it here."""
    text = resources.files(__package__).joinpath("rates.json").read_text()
    raw = json.loads(text)
    buckets = {
        name: Rate(name, each["burst"], each["per_second"]) for name, each in raw["buckets"].items()
    }
    return {
        (kind, verb): buckets[bucket]
        for kind, verbs in raw["kinds"].items()
        for verb, bucket in verbs.items()
    }
