"""A root in a temporary folder, and a small engine that takes turns over resources in it.

Everything is real: images, filesystems, mounts, loop devices. What this user may do is probed, and
the same tests expect of a user without privileges what holds for him: files are written and read
through debugfs where nothing can be mounted. Whatever a test does, nothing stays mounted after it.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.model import (
    DataSource,
    Metadata,
    Resource,
    Status,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
    VolumeSpec,
)
from cloudabstract.provider import (
    RESOURCE,
    ROLE,
    STACK,
    Batch,
    Facts,
    Found,
    Objection,
    Part,
    PartKey,
    Ref,
    Wanted,
)
from cloudabstract_local import volumes
from cloudabstract_local.root import Root
from cloudabstract_local.settings import LocalSettings
from cloudabstract_local.volumes import loops, mounts, probe, tools

MIB = 2**20
PLACE = "local"
OWNER = {STACK: "shop"}


class Bench:
    """One root, seen through fresh drivers whenever `restart` was called."""

    def __init__(self, path: Path, settings: LocalSettings) -> None:
        self.root = Root(path)
        self.settings = settings
        self.able = probe.here()
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not on disk."""
        self.drivers = volumes.drivers(self.root, self.settings)

    # Resources.

    def volume(self, name: str = "data", mib: int = 64, **spec: Any) -> Volume:
        """A volume of `mib` MiB that one consumer may write."""
        modes = spec.pop("access_modes", ("ReadWriteOnce",))
        return Volume(Metadata(name, ""), VolumeSpec(Storage(mib * MIB), modes, **spec))

    def folder(self, name: str = "data", **spec: Any) -> Volume:
        """A volume whose medium is a directory."""
        return self.volume(name, provider_overrides={"local": {"medium": "directory"}}, **spec)

    def snapshot(self, of: str = "data", name: str = "before") -> VolumeSnapshot:
        """A snapshot of a volume."""
        return VolumeSnapshot(Metadata(name), VolumeSnapshotSpec(VolumeSource(volume=of)))

    def restored(self, name: str = "again", mib: int = 64, **spec: Any) -> Volume:
        """A volume that begins as a copy of the snapshot `before`."""
        return self.volume(name, mib, data_source=DataSource("VolumeSnapshot", "before"), **spec)

    def attachment(self, of: str = "data", name: str = "web", **spec: Any) -> VolumeAttachment:
        """A volume at this machine."""
        wanted = VolumeAttachmentSpec(VolumeSource(volume=of), "local", **spec)
        return VolumeAttachment(Metadata(name), wanted)

    # The engine's work.

    def facts(self, *resources: Resource) -> Facts:
        """What a session would survey."""
        extra = volumes.facts(self.root, self.settings)
        return Facts((PLACE,), extra=extra, resources={each.key: each for each in resources})

    def parts(self, *resources: Resource) -> list[Part]:
        """What `resources` expand to, in the order given."""
        facts = self.facts(*resources)
        return [part for each in resources for part in volumes.expand(each, facts, self.settings)]

    def turn(self, *resources: Resource) -> dict[PartKey, Found]:
        """Create what is missing and update what differs; what there is in the end."""
        found: dict[PartKey, Found] = {}
        for part in self.parts(*resources):
            driver, standing = self.drivers[part.key.kind], self.see(part.key)
            if standing is None:
                found[part.key] = driver.create(self.wanted(part, found))
                continue
            differing = _differing(part, _fill(part.want, found), standing)
            found[part.key] = driver.update(standing, differing) if differing else standing
        return found

    def changes(self, *resources: Resource) -> list[str]:
        """What a turn would do, as `create KIND` or `update KIND: FIELD, FIELD`."""
        planned: list[str] = []
        found: dict[PartKey, Found] = {}
        for part in self.parts(*resources):
            standing = self.see(part.key)
            if standing is None:
                planned.append(f"create {part.key.kind}")
                continue
            found[part.key] = standing
            differing = _differing(part, _fill(part.want, found), standing)
            if differing:
                planned.append(f"update {part.key.kind}: {', '.join(sorted(differing))}")
        return planned

    def wanted(
        self, part: Part, found: Mapping[PartKey, Found] | None = None, token: str = "0" * 64
    ) -> Wanted:
        """What a driver is asked to make."""
        key, fields = part.key, _fill(part.want, found or {})
        labels = {**OWNER, RESOURCE: str(key.resource), ROLE: key.role}
        return Wanted(key.kind, name_of(key), PLACE, fields, labels, token)

    def see(self, key: PartKey) -> Found | None:
        """The object behind a part, if it exists."""
        batch = Batch(PLACE, {}, frozenset({name_of(key)}))
        seen = list(self.drivers[key.kind].observe(batch))
        return next((each for each in seen if each.name == name_of(key)), None)

    def ours(self) -> list[Found]:
        """Everything that carries our labels, users first, found by labels alone."""
        order = [kind.name for kind in volumes.KINDS]
        batch = Batch(PLACE, OWNER)
        found = [each for driver in self.drivers.values() for each in driver.observe(batch)]
        return sorted(found, key=lambda each: -order.index(each.kind))

    def end(self) -> None:
        """Delete everything of ours."""
        for each in self.ours():
            self.drivers[each.kind].delete(each)

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """The portable status."""
        return volumes.status(resource, found, self.settings)

    def objections(self, resource: Resource) -> list[Objection]:
        """What the check says."""
        return list(volumes.check(resource, self.settings))

    # The world.

    def end_of_power(self) -> None:
        """Take down every mount and device, as a restart of the machine does."""
        here = self.root.path
        for each in reversed(mounts.below(here)):
            subprocess.run(["umount", each.point], check=False)
        for loop, file in loops.everything():
            if file.startswith(f"{here}/"):
                subprocess.run(["losetup", "-d", loop.device], check=False)

    def left(self) -> list[str]:
        """Every file, mount and loop device of this root.

        A process that was killed may leave the lock that it held and the record that it had half
        written; both are nothing to anybody, and go with the next that is made or removed.
        """
        here = self.root.path
        names = [each for each in here.rglob("*") if each.is_symlink() or not each.is_dir()]
        kept = [each for each in names if each.suffix != ".lock" and not each.name.startswith(".")]
        files = [str(each.relative_to(here)) for each in kept]
        mounted = [f"mount {each.point}" for each in mounts.below(here)]
        backed = [f"loop {file}" for _, file in loops.everything() if file.startswith(f"{here}/")]
        return sorted([*files, *mounted, *backed])

    def files(self, volume: Volume) -> Files:
        """The files inside a volume that exists."""
        by_role = {part.key.role: self.see(part.key) for part in self.parts(volume)}
        body, mount = by_role["volume"], by_role.get("mount")
        assert body is not None
        if body.kind == "local.directory":
            return Files(Path(body.fields["path"]), None)
        if mount is not None:
            return Files(Path(mount.fields["path"]), None)
        return Files(None, Path(body.fields["path"]))


class Files:
    """Files at the top of a volume: below `folder`, or in the unmounted `image`."""

    def __init__(self, folder: Path | None, image: Path | None) -> None:
        self._folder, self._image = folder, image

    def put(self, name: str, content: bytes) -> None:
        """Write a file. Raises OSError when the volume is full."""
        if self._folder is not None:
            (self._folder / name).write_bytes(content)
            return
        outside = Path(f"{self._image}.{name}")
        outside.write_bytes(content)
        try:
            self._debugfs("-w", "-R", f"rm {name}")
            self._debugfs("-w", "-R", f"write {outside} {name}")
            if self.digest(name) != digest(content):
                raise OSError(28, "debugfs wrote less")
        finally:
            outside.unlink()

    def digest(self, name: str) -> str:
        """The checksum of a file; "" when there is none."""
        if self._folder is not None:
            path = self._folder / name
            return digest(path.read_bytes()) if path.exists() else ""
        content = self._debugfs("-R", f"cat {name}")
        return digest(content) if content else ""

    def _debugfs(self, *arguments: str) -> bytes:
        command = [tools.find("debugfs") or "debugfs", *arguments, str(self._image)]
        return subprocess.run(command, capture_output=True, check=True).stdout


def digest(content: bytes) -> str:
    """The checksum of some bytes."""
    return hashlib.sha256(content).hexdigest()


def name_of(key: PartKey) -> str:
    """The native name of a part."""
    return f"{key.resource.name}-{key.role}-1a2b3c"


def _fill(value: Any, found: Mapping[PartKey, Found]) -> Any:
    if isinstance(value, Ref):
        return getattr(found[value.to], value.field)
    if isinstance(value, Mapping):
        return {key: _fill(item, found) for key, item in value.items()}
    return [_fill(item, found) for item in value] if isinstance(value, list) else value


def _differing(part: Part, wanted: Mapping[str, Any], standing: Found) -> dict[str, Any]:
    birth = next(kind.birth for kind in volumes.KINDS if kind.name == part.key.kind)
    return {
        name: value
        for name, value in wanted.items()
        if name not in birth and standing.fields.get(name) != value
    }


@pytest.fixture
def settings() -> LocalSettings:
    """The target's settings; a test class may say otherwise."""
    return LocalSettings()


@pytest.fixture
def bench(tmp_path: Path, settings: LocalSettings) -> Iterator[Bench]:
    """A bench that leaves nothing mounted behind, whatever happened."""
    made = Bench(tmp_path / "root", settings)
    yield made
    made.end_of_power()


@pytest.fixture
def able(bench: Bench) -> probe.Abilities:
    """What this user may do here."""
    return bench.able
