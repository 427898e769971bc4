"""What all tests of the AWS provider share: boto3's clients, which are costly to make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cloudabstract_aws import clients


@pytest.fixture(scope="session", autouse=True)
def _clients_are_made_once() -> Iterator[None]:
    """Sessions share boto3's clients; each counts what it sends. moto answers whoever made them."""
    made: dict[Any, Any] = {}
    make = clients.Clients._make

    def shared(self: clients.Clients, service: str, region: str, writes: bool) -> Any:
        where = (self._settings.endpoint_url, self._settings.profile, self._settings.role_arn)
        key = (where, service, region, writes)
        if key not in made:
            made[key] = make(self, service, region, writes)
            return made[key]
        made[key].meta.events.unregister("request-created", unique_id=clients._COUNTER)
        self._count(made[key], service)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clients.Clients, "_make", shared)
        patch.setattr(clients.Clients, "close", lambda self: None)
        yield
