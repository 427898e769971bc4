"""Users' own tests run on bare moto, in process: no strict layer, no settings, no waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.engine import Consent, Engine, Settings
from cloudabstract.engine.planning.consent import losses
from cloudabstract.store import Store
from cloudabstract.testing.clock import FakeClock
from cloudabstract_aws.provider import AwsProvider


@pytest.fixture
def apply(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Apply resources under `@mock_aws`, agreeing to everything."""
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    clock = FakeClock()

    def apply(*resources: Any) -> Any:
        provider = AwsProvider(make.settings())
        with (
            Store.open(tmp_path / "store.db", clock) as store,
            closing(provider.connect()) as session,
        ):
            times = Settings(ttl=0.0, beat=0.0)
            engine = Engine(provider, session, store, stack="shop", clock=clock, settings=times)
            return engine.run(
                resources, lambda plan: Consent(True, frozenset(losses(plan, Consent())))
            )

    with mock_aws():
        yield apply


def test_a_life_under_mock_aws(make: Any, apply: Any) -> None:
    """Volume, snapshot, restore and file system: made, grown, unchanged, gone."""
    import boto3

    restored = make.volume("again", data_source=make.source("before"))
    spec = [make.volume(), make.snapshot(), restored, make.files()]
    assert apply(*spec).ok
    assert apply(*spec).outcomes == ()
    spec[0] = make.volume(size=3 * make.GIB)
    assert apply(*spec).ok
    ec2 = boto3.client("ec2", region_name=make.REGION)
    assert sorted(each["Size"] for each in ec2.describe_volumes()["Volumes"]) == [1, 3]
    assert apply(*spec).outcomes == ()
    assert apply().ok
    assert ec2.describe_volumes()["Volumes"] == []
    efs = boto3.client("efs", region_name=make.REGION)
    assert efs.describe_file_systems()["FileSystems"] == []
