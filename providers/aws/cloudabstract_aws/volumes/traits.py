"""Objections to fields that disks, file systems and classes share, in AWS's own forms of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import Encryption, Topology
from cloudabstract.provider import Objection
from cloudabstract_aws import places
from cloudabstract_aws.settings import AwsSettings

from . import limits, media

_ZONE = re.compile(rf"(?P<region>{places.REGION.pattern})(-[a-z0-9]+-[0-9])?[a-z]")
_DEVICE = re.compile(r"/dev/(sd[b-z][1-9]?[0-9]?|xvd([b-z]|[a-d][a-z]))")
_KEY = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}|alias/[\w/-]+"
    r"|arn:[\w-]+:kms:[\w-]+:[0-9]{12}:(key/[\w-]+|alias/[\w/-]+)"
)
_IDS = {"vol": re.compile(r"vol-[0-9a-f]{8,17}"), "fs": re.compile(r"fs-[0-9a-f]{8,40}")}


def topology(wanted: Iterable[Topology], field: str, settings: AwsSettings) -> Iterator[Objection]:
    """Regions and zones must be called as AWS calls its own, and go together."""
    for each in wanted:
        if each.region is not None and places.REGION.fullmatch(each.region) is None:
            text = f"{each.region!r} is not a region of AWS"
            yield Objection("VO009", f"{field}.region", text, "such as us-east-1; or leave it out")
            continue
        region = each.region or settings.region
        for zone in each.zones:
            form = _ZONE.fullmatch(zone)
            if form is None or (region and form["region"] != region):
                text = f"{zone!r} is not a zone of {region or 'AWS'}"
                yield Objection(
                    "VO009", f"{field}.zones", text, f"such as {region or 'us-east-1'}a"
                )


def encryption(wanted: Encryption | None) -> Iterator[Objection]:
    """A key must be one, and needs encryption."""
    if wanted is None or wanted.key is None:
        return
    if not wanted.enabled:
        text = "a key without encryption has no use"
        yield Objection("VO007", "spec.encryption.key", text, "set enabled, or leave key out")
    if _KEY.fullmatch(wanted.key) is None:
        yield Objection(
            "VO007",
            "spec.encryption.key",
            f"{wanted.key!r} is neither id, alias nor ARN of a KMS key",
            "such as alias/shop; or leave it out for AWS's own key",
        )


def external(ref: str | None, prefix: str) -> Iterator[Objection]:
    """What is adopted must be of the medium that the rest of the spec asks for."""
    if ref is None or _IDS[prefix].fullmatch(ref) is not None:
        return
    what = "an EBS volume" if prefix == "vol" else "an EFS file system"
    yield Objection(
        "VO017",
        "spec.externalRef",
        f"{ref!r} is not the id of {what}, which the spec asks for",
        f"such as {prefix}-0123456789abcdef0",
    )


def overrides(
    given: Mapping[str, Mapping[str, Any]], known: Mapping[str, Iterable[str]]
) -> Iterator[Objection]:
    """Those addressed to this provider; `known` has the values of each that there is."""
    field = f"spec.providerOverrides.{media.PROVIDER}"
    for name, value in given.get(media.PROVIDER, {}).items():
        if name not in known:
            text = f"{name!r} means nothing here"
            yield Objection("VO017", f"{field}.{name}", text, f"there is {', '.join(known)}")
        elif str(value) not in tuple(known[name]):
            text = f"{value!r} is no {name}"
            yield Objection("VO017", f"{field}.{name}", text, f"use {', '.join(known[name])}")


def mount_options(options: Iterable[str], form: str) -> Iterator[Objection]:
    """Only options from the list in limits.json: others could run programs or break things."""
    for index, option in enumerate(options):
        if not limits.allows(option, form):
            yield Objection(
                "VO018",
                f"spec.mountOptions[{index}]",
                f"{option!r} is not allowed for {form}",
                "leave it out; `explain VO018` has the list",
            )


def is_device(name: str) -> bool:
    """Whether EC2 takes `name` for the device of an attached volume."""
    return _DEVICE.fullmatch(name) is not None
