"""What is replaced while a strict AWS runs: moto's entry, botocore's sleep, some environment."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.gate import Gate


@contextmanager
def environment(region: str) -> Iterator[None]:
    """A region for clients that name none, and few machine images.

    moto makes objects of some 1,300 images, a volume and a snapshot for each, whenever it starts or
    stops. Told that its user has a list of his own, it keeps to the short one it has read already.
    """
    from moto.ec2.models import amis

    wanted = {"AWS_DEFAULT_REGION": region, "AWS_EC2_METADATA_DISABLED": "true"}
    short = {"MOTO_AMIS_PATH": "the short list"}
    with patch.dict("os.environ", wanted), patch.object(amis, "environ", short, create=True):
        yield


def moto(gate: Gate) -> list[AbstractContextManager[Any]]:
    """Every call passes the gate, and calls that moto lacks have a method for it to find.

    The tags of one object are looked up, where moto reads those of all: a thousand volumes would
    take it a minute.
    """
    from moto.core.responses import BaseResponse
    from moto.ec2.models.tags import TagBackend
    from moto.ec2.responses import EC2Response
    from moto.efs.responses import EFSResponse

    def call_action(response: Any) -> Any:  # a function, for moto calls it as a method
        return gate.answer(response)

    return [
        patch.object(BaseResponse, "call_action", call_action),
        patch.object(TagBackend, "describe_tags", _quickly(TagBackend.describe_tags)),
        patch.object(EC2Response, "copy_volumes", _lacking, create=True),
        patch.object(EFSResponse, "update_file_system", _lacking, create=True),
    ]


def botocore(clock: SimulatedClock) -> list[AbstractContextManager[Any]]:
    """Waiters and retries sleep in simulated time, which is to say not at all."""
    import time

    import botocore.endpoint
    import botocore.waiter

    simulated = types.SimpleNamespace(**vars(time) | {"sleep": clock.sleep})
    return [
        patch.object(botocore.waiter, "time", simulated),
        patch.object(botocore.endpoint, "time", simulated),
    ]


def _quickly(told: Callable[..., Any]) -> Callable[..., Any]:
    def tags(store: Any, filters: Mapping[str, list[str]] | None = None) -> Any:
        asked = (filters or {}).get("resource-id", [])
        if len(filters or {}) != 1 or len(asked) != 1 or set(asked[0]) & set("*?"):
            return told(store, filters)
        own = {asked[0]: store.tags[asked[0]]} if asked[0] in store.tags else {}
        known = types.SimpleNamespace(tags=own, VALID_TAG_FILTERS=store.VALID_TAG_FILTERS)
        return told(known, filters)

    return tags


def _lacking(response: Any) -> None:
    """Something for moto's dispatch to find; the rule on the call answers in its place."""
