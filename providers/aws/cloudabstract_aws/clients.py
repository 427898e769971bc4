"""boto3, in one place: imported when the first call is made, one client for each use, counted.

For every service and region there are two clients, shared by all threads. The one for reads
repeats a call that failed, as boto3's `standard` mode does. The one for writes never does
(`total_max_attempts=1`): a write that is sent again after its answer was lost makes a second
object, so repeating writes is the engine's business, which looks first.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from .settings import AwsSettings

_POOL = 64  # connections: at least as many as the engine has workers
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")
_COUNTER = "cloudabstract-calls"
_TIMEOUTS = {"connect_timeout": 10, "read_timeout": 60}


class Clients:
    """Makes clients on demand, and counts every request that they send."""

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._made: dict[tuple[str, str, bool], Any] = {}
        self._lock = threading.RLock()
        self._session: Any = None
        self._counting = threading.Lock()
        self._calls: Counter[str] = Counter()

    @property
    def region(self) -> str:
        """The default region. Raises botocore's NoRegionError when there is none."""
        if self._settings.region:
            return self._settings.region
        with self._lock:
            region = self._boto().region_name
        if not region:
            from botocore.exceptions import NoRegionError

            raise NoRegionError()
        return str(region)

    @property
    def calls(self) -> Mapping[str, int]:
        """Requests sent so far, as `ec2:DescribeVolumes`."""
        with self._counting:
            return dict(self._calls)

    def read(self, service: str, region: str) -> Any:
        """The client for calls that only look; boto3 repeats them."""
        return self._client(service, region, writes=False)

    def write(self, service: str, region: str) -> Any:
        """The client for calls that change something; nobody repeats them but the engine."""
        return self._client(service, region, writes=True)

    def knows(self, region: str) -> bool:
        """Whether boto3 has heard of a region; it can use one that is newer than itself."""
        boto = self._boto()
        partitions = boto.get_available_partitions()
        return any(region in boto.get_available_regions("ec2", each) for each in partitions)

    def genuine(self, region: str) -> bool:
        """Whether calls of EC2 go to Amazon, not to an emulator that a setting or AWS_... names."""
        host = urlsplit(str(self.read("ec2", region).meta.endpoint_url)).hostname or ""
        return host.endswith(_AMAZON)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for client in self._made.values():
                client.close()
            self._made.clear()
            self._session = None

    def _client(self, service: str, region: str, *, writes: bool) -> Any:
        key = (service, region, writes)
        with self._lock:  # making clients from one session is not safe in several threads
            if key not in self._made:
                self._made[key] = self._make(service, region, writes)
            return self._made[key]

    def _make(self, service: str, region: str, writes: bool) -> Any:
        from botocore.config import Config

        repeating = {"total_max_attempts": 1} if writes else {"mode": "standard", "max_attempts": 5}
        config = Config(retries=repeating, max_pool_connections=_POOL, **_TIMEOUTS)
        client = self._boto().client(
            service, region_name=region, endpoint_url=self._settings.endpoint_url, config=config
        )
        self._count(client, service)
        return client

    def _count(self, client: Any, service: str) -> None:
        """Count what `client` sends: each attempt, so that repeated reads are counted too."""
        client.meta.events.register("request-created", self._counter(service), unique_id=_COUNTER)

    def _counter(self, service: str) -> Callable[..., None]:
        def count(operation_name: str = "", **_: Any) -> None:
            with self._counting:
                self._calls[f"{service}:{operation_name}"] += 1

        return count

    def _boto(self) -> Any:
        if self._session is None:
            import boto3

            session = boto3.Session(
                profile_name=self._settings.profile, region_name=self._settings.region
            )
            role = self._settings.role_arn
            self._session = session if role is None else self._assumed(session, role)
        return self._session

    def _assumed(self, session: Any, role: str) -> Any:
        """A session of `role`, whose credentials boto3 renews by itself."""
        import boto3
        from botocore.credentials import (
            AssumeRoleCredentialFetcher,
            DeferredRefreshableCredentials,
        )
        from botocore.session import get_session

        def client(service: str, **given: Any) -> Any:
            given.setdefault("region_name", session.region_name)
            return session.client(service, endpoint_url=self._settings.endpoint_url, **given)

        fetcher = AssumeRoleCredentialFetcher(
            client, session.get_credentials(), role, {"RoleSessionName": "cloudabstract"}
        )
        inner = get_session()
        inner._credentials = DeferredRefreshableCredentials(
            fetcher.fetch_credentials, "assume-role"
        )
        return boto3.Session(botocore_session=inner, region_name=session.region_name)
