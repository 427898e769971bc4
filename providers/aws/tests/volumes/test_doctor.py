"""`doctor` about volumes: what is permitted, and what is nearly used up."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract_aws import volumes
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.volumes import doctor


@pytest.fixture
def quota(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say which quotas the account has, in TiB by type; moto knows none."""

    def say(**quotas: float) -> None:
        told = [
            {"QuotaName": f"Storage for General Purpose SSD ({kind}) volumes, in TiB", "Value": it}
            for kind, it in quotas.items()
        ]
        real = doctor.pages.of

        def of(client: Any, operation: str, key: str, **asked: Any) -> Any:
            return told if key == "Quotas" else real(client, operation, key, **asked)

        monkeypatch.setattr(doctor.pages, "of", of)

    return say


def findings(make: Any) -> dict[str, tuple[bool, str]]:
    """What doctor says, by name."""
    clients = Clients(make.settings())
    found = volumes.checkup(clients, make.settings())
    return {each.name: (each.ok, each.message) for each in found}


def test_missing_permissions_are_named(
    make: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried by dry runs, so that nothing is made; only on Amazon's own endpoints."""
    monkeypatch.setattr(Clients, "genuine", lambda self, region: False)
    assert not [name for name in findings(make) if name.startswith("permission")]
    monkeypatch.setattr(Clients, "genuine", lambda self, region: True)
    world.aws.faults.deny("ec2:ModifyVolume")
    told = findings(make)
    assert not told["permission ec2:ModifyVolume"][0]
    assert told["permission ec2:DeleteVolume"][0]
    assert told["permission elasticfilesystem:DescribeFileSystems"][0]
    assert world.left() == []


def test_quotas_near_their_end_are_told(make: Any, world: Any, quota: Any) -> None:
    """Eight tenths of what is allowed, of each type."""
    world.settled(make.volume(size=900 * make.GIB))
    quota(gp3=1, io2=20)
    told = findings(make)
    assert told["quota of gp3"] == (False, "900 GiB of 1024 GiB gp3 in use")
    assert told["quota of io2"][0]
