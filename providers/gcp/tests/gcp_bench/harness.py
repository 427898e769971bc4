"""What the conformance suite must know of provider gcp."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from cloudabstract.model import LoadBalancer, Port, Tls
from cloudabstract.provider import Found, Wanted
from cloudabstract.testing.conformance import Alive, Harness, Sample
from cloudabstract.testing.conformance import samples as portable
from cloudabstract_gcp.plugin import OFFER
from cloudabstract_gcp.provider import GcpProvider
from cloudabstract_gcp.session import GcpSession
from cloudabstract_gcp.settings import GcpSettings

from . import storage, world
from .wire import ENDPOINT, WIRE, WiredClients


class WiredProvider(GcpProvider):
    """The provider, on clients that reach the emulator in this process."""

    def connect(self) -> GcpSession:
        return GcpSession(self._settings, WiredClients(), self._recall)


class GcpHarness(Harness):
    """An emulated project with a clock that only sleeps move, and pages of two."""

    offer = OFFER
    plugin = "cloudabstract_gcp.plugin"
    sdk = ("google",)
    instance = "vm-8"  # in the zone where volumes stand by default
    lacks: ClassVar[Mapping[str, str]] = {
        "test_the_session_counts_its_calls[gcp.endpoints]": "endpoints are looked for in groups "
        "that were found; without a group there is nothing to call for",
        **dict.fromkeys(
            (
                "test_mark_replaces_the_owners_labels[gcp.network_endpoint_group]",
                "test_a_released_object_is_not_ours_any_more[gcp.network_endpoint_group]",
                "test_an_object_can_be_disowned[gcp.network_endpoint_group]",
            ),
            "nothing of a group can be written on; its owner is noted in the backend service that "
            "uses it, and here none does: test_changing_hands.py has groups that are used",
        ),
        "test_the_session_counts_its_calls[gcp.attachment]": "disks are looked for at instances "
        "once they were found; without a disk there is nothing to call for",
    }

    @classmethod
    def settings(cls) -> GcpSettings:
        return GcpSettings(project=world.PROJECT, region=world.REGION, endpoint=ENDPOINT)

    @classmethod
    def samples(cls) -> Mapping[str, Sample]:
        """The portable ones; the application balancer speaks HTTPS as well."""
        found = dict(portable.portable(cls.instance))
        site = _secured(portable.application())
        found["application"] = Sample((site,), (portable.changed_balancer(site),))
        return found | storage.samples(cls.instance)

    def __init__(self) -> None:
        super().__init__()
        self._running = 0.8
        self.emulator = world.emulator_with(
            self.clock, running=0.05
        )  # done at the engine's first look
        WIRE.emulator = self.emulator
        WIRE.after.clear()

    def provider(self) -> WiredProvider:
        return WiredProvider(self.settings())

    def inspect(self) -> Iterable[Alive]:
        return tuple(world.alive(self.emulator))

    def watch(self, look: Callable[[], object]) -> bool:
        WIRE.after.append(look)
        return True

    def slow(self) -> None:
        self.emulator.faults.slow_operation("*", 30.0)

    def plant(self, wanted: Wanted) -> Found:
        """A stranger's object: made like ours, by its own session, with nothing in its mark."""
        found = super().plant(wanted)
        self.emulator.advance(5.0)
        return found

    def close(self) -> None:
        WIRE.after.clear()
        WIRE.emulator = None


class LargePages(GcpHarness):
    """The same with pages as large as Google's."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator = world.emulator_with(self.clock, page=None)
        WIRE.emulator = self.emulator


def _secured(site: LoadBalancer) -> LoadBalancer:
    """The same with a port for HTTPS; both send to one port of the backends."""
    ports = (
        Port(80, name="http", backend="web", target_port=8080),
        Port(443, name="https", backend="web", target_port=8080, tls=Tls(("secure",))),
    )
    return replace(site, spec=replace(site.spec, ports=ports))
