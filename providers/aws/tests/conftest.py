"""What all tests of the AWS provider share: boto3's clients, which are costly to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cloudabstract_aws import clients, policy


@pytest.fixture(scope="session", autouse=True)
def _clients_are_made_once() -> Iterator[None]:
    """Sessions share boto3's clients; each counts what it sends. moto answers whoever made them.

    Whatever was sent in the course of all tests must be allowed by the IAM policy.
    """
    made: dict[Any, Any] = {}
    sent: set[str] = set()
    make, counter = clients.Clients._make, clients.Clients._counter

    def shared(self: clients.Clients, service: str, region: str, writes: bool) -> Any:
        where = (self._settings.endpoint_url, self._settings.profile, self._settings.role_arn)
        key = (where, service, region, writes)
        if key not in made:
            made[key] = make(self, service, region, writes)
            return made[key]
        made[key].meta.events.unregister("request-created", unique_id=clients._COUNTER)
        self._count(made[key], service)
        return made[key]

    def noted(self: clients.Clients, service: str) -> Callable[..., None]:
        count = counter(self, service)

        def note(operation_name: str = "", **rest: Any) -> None:
            sent.add(f"{service}:{operation_name}")
            count(operation_name=operation_name, **rest)

        return note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clients.Clients, "_make", shared)
        patch.setattr(clients.Clients, "_counter", noted)
        patch.setattr(clients.Clients, "close", lambda self: None)
        yield
    allowed = set().union(*(policy.actions(each) for each in policy.FEATURES))
    assert sent - allowed == set(), "sent, and not in the IAM policy"
