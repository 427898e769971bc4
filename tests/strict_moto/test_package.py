"""The package as a whole: lazy, exclusive, tidy, and honest about moto's version."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from typing import Any

import boto3
import pytest
from moto.core.responses import BaseResponse
from moto.ec2.models.elastic_block_store import Volume
from packaging.specifiers import SpecifierSet

from cloudabstract.testing import pytest_plugin
from cloudabstract.testing.aws import MOTO_TESTED, Settings, strict_aws

aws_by_fixture = pytest_plugin.aws  # under another name than that of the conftest here


def test_importing_the_package_imports_no_sdk() -> None:
    """Neither moto nor boto3 comes in before the first strict AWS is started."""
    program = (
        "import sys, cloudabstract.testing.aws, cloudabstract.testing.pytest_plugin\n"
        "print(sorted({'moto', 'boto3', 'botocore'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_the_installed_moto_is_one_that_was_tested() -> None:
    """The release at hand lies in the range that the table describes."""
    assert importlib.metadata.version("moto") in SpecifierSet(MOTO_TESTED)


def test_there_is_one_at_a_time() -> None:
    """A second strict AWS in the process is refused, and the first goes on."""
    with strict_aws() as aws:
        with pytest.raises(RuntimeError, match="running in this process"), strict_aws():
            pass
        assert aws.client("ec2").describe_volumes()["Volumes"] == []


def test_everything_is_as_before_afterwards() -> None:
    """moto's classes, the environment and the objects made are all restored."""
    before = (BaseResponse.call_action, Volume.status, dict(os.environ))
    with strict_aws() as aws:
        aws.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=1)
    assert (BaseResponse.call_action, Volume.status, dict(os.environ)) == before
    with strict_aws() as aws:
        assert aws.client("ec2").describe_volumes()["Volumes"] == []


def test_regions_are_apart() -> None:
    """A volume of one region, and its token, are unknown in another."""
    with strict_aws(Settings(region="ap-northeast-2")) as aws:
        for region in ("ap-northeast-2", "eu-west-1"):
            ec2 = aws.client("ec2", region)
            ec2.create_volume(AvailabilityZone=f"{region}a", Size=1, ClientToken="once")
            assert len(ec2.describe_volumes()["Volumes"]) == 1
        assert len(boto3.client("ec2").describe_volumes()["Volumes"]) == 1


@pytest.fixture
def aws_settings() -> Settings:
    """What the fixture below is to use."""
    return Settings(read_lag=1)


def test_the_fixture_takes_the_modules_settings(aws_by_fixture: Any) -> None:
    """The plugin's fixture `aws` has the settings of the fixture `aws_settings`."""
    assert aws_by_fixture.settings.read_lag == 1
    assert aws_by_fixture.client("ec2").describe_volumes()["Volumes"] == []
