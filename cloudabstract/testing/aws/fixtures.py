"""The pytest fixture `aws`, for the plugin that offers it: a strict AWS for one test.

A test module that wants other settings defines a fixture of its own, `aws_settings`, which returns
a `Settings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cloudabstract.testing.aws import Settings, strict_aws

if TYPE_CHECKING:
    from cloudabstract.testing.aws.strict import StrictAws


@pytest.fixture
def aws(request: pytest.FixtureRequest) -> Iterator[StrictAws]:
    """A fresh, empty, strict AWS; every boto3 client made in the test talks to it."""
    try:
        settings = request.getfixturevalue("aws_settings")
    except pytest.FixtureLookupError:
        settings = Settings()
    with strict_aws(settings) as running:
        yield running
