"""The Resource Groups Tagging API: which objects it tells of, and how long its pages are.

moto tells of no listeners and rules, and ends a page after a hundred tags even when its length was
asked for in objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

_TAGS_BY_DEFAULT = 100
_ANY_NUMBER = 1_000_000
_LISTENER = "elasticloadbalancing:listener"


def patches() -> list[AbstractContextManager[Any]]:
    """What is replaced in moto."""
    from moto.elbv2.models import ELBv2Backend
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

    told, listed = ELBv2Backend.iter_tagged_resources, ResourceGroupsTaggingAPIBackend.get_resources
    return [
        patch.object(ELBv2Backend, "iter_tagged_resources", _with_listeners(told)),
        patch.object(ResourceGroupsTaggingAPIBackend, "get_resources", _by_objects(listed)),
    ]


def _with_listeners(told: Callable[[Any], Iterator[Any]]) -> Callable[[Any], Iterator[Any]]:
    from moto.elbv2.models import TaggedResource

    def every(store: Any) -> Iterator[Any]:
        yield from told(store)
        for balancer in store.load_balancers.values():
            for arn, listener in balancer.listeners.items():
                rules = [each for each in listener.rules.values() if not each.is_default]
                for one, kind in ((arn, ""), *((each.arn, "-rule") for each in rules)):
                    known = store.tagging_service.get_tag_dict_for_resource(one)
                    if known:
                        yield TaggedResource(
                            arn=one, tags=known, resource_type=f"{_LISTENER}{kind}"
                        )

    return every


def _by_objects(listed: Callable[..., Any]) -> Callable[..., Any]:
    def pages(store: Any, *given: Any, **asked: Any) -> Any:
        if asked.get("tags_per_page") == _TAGS_BY_DEFAULT:
            asked["tags_per_page"] = _ANY_NUMBER
        return listed(store, *given, **asked)

    return pages
