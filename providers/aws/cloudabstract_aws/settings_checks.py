"""What of a target's settings cannot work, said when the target is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudabstract.errors import Problem

from .places import REGION
from .settings import AwsSettings

_SHAPES = {
    "region": (REGION, "ap-northeast-2"),
    "vpc": (re.compile(r"vpc-[0-9a-z]+"), "vpc-0123456789abcdef0"),
    "role_arn": (re.compile(r"arn:[\w-]+:iam::\d{12}:role/.+"), "arn:aws:iam::111122223333:role/x"),
    "endpoint_url": (re.compile(r"https?://.+"), "http://127.0.0.1:5000"),
}
_SUBNET = re.compile(r"subnet-[0-9a-z]+")
_CERTIFICATE = re.compile(r"arn:[\w-]+:(acm|iam):.+")
_OURS = ("aws:", "cloudabstract:", "cloudabstract.memo:")
_MOST_TAGS = 30  # of the 50 that AWS allows, leaving room for ours


def problems(settings: AwsSettings) -> Iterator[Problem]:
    """Every setting that has not the form AWS gives such things."""
    for name, (shape, example) in _SHAPES.items():
        value = getattr(settings, name)
        if value is not None and shape.fullmatch(value) is None:
            yield Problem(f"{value!r} does not look like {example}", field=name)
    for index, each in enumerate(settings.regions):
        if REGION.fullmatch(each) is None:
            yield Problem(f"{each!r} does not look like ap-northeast-2", field=f"regions[{index}]")
    for index, each in enumerate(settings.subnets):
        if _SUBNET.fullmatch(each) is None:
            text = f"{each!r} does not look like subnet-0123456789abcdef0"
            yield Problem(text, field=f"subnets[{index}]")
    for name, arn in settings.certificates.items():
        if _CERTIFICATE.fullmatch(arn) is None:
            yield Problem(f"{arn!r} is not the ARN of a certificate", field=f"certificates.{name}")
    yield from _tags(settings)


def _tags(settings: AwsSettings) -> Iterator[Problem]:
    for key, value in settings.tags.items():
        field = f"tags.{key}"
        if key == "Name" or key.lower().startswith(_OURS):
            yield Problem("this tag is set by AWS or by cloudabstract itself", field=field)
        if not 1 <= len(key) <= 128 or len(value) > 256:
            yield Problem("a key has 1 to 128 characters, a value at most 256", field=field)
    if len(settings.tags) > _MOST_TAGS:
        yield Problem(f"at most {_MOST_TAGS} tags, of the 50 that AWS allows", field="tags")
