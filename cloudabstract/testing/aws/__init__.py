"""moto, made strict: an AWS in this process that refuses what AWS refuses, and takes its time.

moto answers in the right shape but forgives too much: it ignores client tokens, shrinks volumes,
registers public addresses and has everything ready at once. Code that passes on it may still
duplicate, lose or leak on AWS. This package starts moto together with a layer of rules, each a
documented behaviour with a source and a test (docs/strict-moto.md), a clock that only moves when
told to, faults to inject, and a log of every call.

    from cloudabstract.testing.aws import strict_aws

    with strict_aws() as aws:
        ec2 = aws.client("ec2")
        volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, VolumeType="gp3")
        aws.clock.advance(60)  # it is available now

`python -m cloudabstract.testing.aws --port 0` serves the same over HTTP. Importing this package
imports neither moto nor boto3; they come in with the first `strict_aws()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cloudabstract.testing.aws.faults import Stopped
from cloudabstract.testing.aws.settings import MOTO_TESTED, Settings

if TYPE_CHECKING:
    from cloudabstract.testing.aws.strict import StrictAws

__all__ = ["MOTO_TESTED", "Settings", "Stopped", "strict_aws"]


@contextmanager
def strict_aws(settings: Settings | None = None) -> Iterator[StrictAws]:
    """Run the body against a fresh, empty, strict AWS; everything is gone afterwards.

    Works like `moto.mock_aws`: clients of boto3 made by anybody meanwhile talk to it. Raises
    RuntimeError when another strict AWS is running in this process, or moto is not installed.
    """
    from cloudabstract.testing.aws.strict import running

    with running(settings or Settings()) as aws:
        yield aws
