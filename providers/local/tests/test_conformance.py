"""The local provider conforms: the shared suite, with real Envoy, real images and real mounts."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    Member,
    Metadata,
    Port,
    Storage,
    Tls,
    Volume,
    VolumeSpec,
)
from cloudabstract.testing.conformance import Alive, Conformance, Harness, Sample
from cloudabstract.testing.conformance import samples as portable
from cloudabstract_local import plugin
from cloudabstract_local.provider import LocalProvider
from cloudabstract_local.settings import LocalSettings
from cloudabstract_local.volumes import loops, mounts, probe

MIB = 2**20
_UNMOUNTED = "this user may not mount images"


class LocalHarness(Harness):
    """A root in a temporary folder, and addresses that belong to this process."""

    (offer,) = plugin.cloudabstract_providers()
    plugin = "cloudabstract_local.plugin"
    sdk = ("envoy", "cryptography", "platformdirs")
    instance = "local"
    settling = 0.0
    lacks = {} if probe.here().mount else {"local.mount": _UNMOUNTED, "local.loop": _UNMOUNTED}

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="conformance-local-"))
        self._root = self._folder / "root"

    @classmethod
    def settings(cls) -> LocalSettings:
        """Addresses of this process's own, so that tests can run side by side."""
        net = f"127.{10 + os.getpid() % 60}.{os.getpid() // 60 % 250}"
        pools: Any = {"External": (f"{net}.1-{net}.120",), "Internal": (f"{net}.121-{net}.250",)}
        return LocalSettings(pools=pools)

    @classmethod
    def samples(cls) -> Mapping[str, Sample]:
        """The portable samples with backends and sizes that fit a laptop, and all our kinds."""
        given = portable.portable(cls.instance)
        return {name: _fitted(sample) for name, sample in given.items()} | {
            "application": _application(given["application"]),
            "volume": _volumes(),
        }

    def provider(self) -> LocalProvider:
        """A provider on this world's root."""
        return LocalProvider(replace(self.settings(), root=str(self._root)))

    def inspect(self) -> Iterable[Alive]:
        """Every record, read as the plain JSON that it is; some go while we look."""
        records = self._root / "records"
        kinds = os.listdir(records) if records.exists() else []
        for kind in kinds:
            with contextlib.suppress(FileNotFoundError):
                for name in sorted(os.listdir(records / kind)):
                    with contextlib.suppress(FileNotFoundError):
                        yield from _alive(records / kind / name)

    def close(self) -> None:
        """End Envoy, let go of mounts and loop devices, and remove the root."""
        for link in Path("/proc").glob("[0-9]*/cwd"):
            try:
                if Path(os.readlink(link)).is_relative_to(self._root):
                    os.kill(int(link.parent.name), signal.SIGKILL)
            except OSError:
                continue
        for mount in reversed(mounts.below(self._root)):
            subprocess.run(["umount", mount.point], check=False)
        for loop, file in loops.everything():
            if Path(file).is_relative_to(self._root):
                subprocess.run(["losetup", "-d", loop.device], check=False)
        shutil.rmtree(self._folder)


def _alive(path: Path) -> Iterable[Alive]:
    if path.suffix == ".json":
        record = json.loads(path.read_text())
        told = (record[each] for each in ("kind", "id", "name", "place", "labels"))
        yield Alive(*told)


def _fitted(sample: Sample) -> Sample:
    return Sample(
        *(
            tuple(_fit(each) for each in resources)
            for resources in (sample.resources, sample.changed, sample.grown, sample.replaced)
        )
    )


def _fit(resource: Any) -> Any:
    """Backends that refuse at once instead of never answering."""
    if isinstance(resource, LoadBalancer):
        pools = tuple(_near(pool) for pool in resource.spec.backends)
        return replace(resource, spec=replace(resource.spec, backends=pools))
    return resource


def _near(pool: BackendPool) -> BackendPool:
    members = [
        Member(f"127.0.0.{each.address.rpartition('.')[2]}") for each in pool.addresses or ()
    ]
    return replace(pool, addresses=tuple(members))


def _application(sample: Sample) -> Sample:
    """With TLS on a second port, so that there is a certificate."""

    def encrypted(made: LoadBalancer) -> LoadBalancer:
        ports = (*made.spec.ports, Port(443, "https", backend="web", tls=Tls(("site",))))
        return replace(made, spec=replace(made.spec, ports=ports))

    fitted = _fitted(sample)
    return Sample(
        tuple(encrypted(each) for each in fitted.resources),
        tuple(encrypted(each) for each in fitted.changed),
    )


def _volumes() -> Sample:
    """An image, blocks, and a folder."""

    def made(size: int) -> tuple[Volume, ...]:
        folder = {"local": {"medium": "directory"}}
        return (
            _volume("image", size),
            _volume("blocks", size, volume_mode="Block"),
            _volume("folder", size, provider_overrides=folder),
        )

    return Sample(made(64 * MIB), grown=made(96 * MIB))


def _volume(name: str, size: int, **spec: Any) -> Volume:
    wanted = VolumeSpec(Storage(size), ("ReadWriteOnce",), reclaim_policy="Delete", **spec)
    return Volume(Metadata(name, ""), wanted)


class TestConformance(Conformance):
    """Nothing is lacking where images can be mounted."""

    harness = LocalHarness
