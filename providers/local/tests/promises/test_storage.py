"""Claims on this machine: a size that is enforced, growth, snapshots, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import CapabilityError, ConsentError, Stack
from cloudabstract_local.volumes import probe

MIB = 2**20

pytestmark = pytest.mark.skipif(
    not probe.here().mount, reason="files are written through mounts, which this user may not make"
)


def _claim(size: str, name: str = "data", **spec: Any) -> dict[str, Any]:
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"kind": "VolumeClaim", "metadata": {"name": name}, "spec": wanted | spec}


def _path(report: Any, name: str = "data") -> Path:
    return Path(report[f"VolumeClaim/{name}"].path)


def _write(path: Path, size: int) -> str:
    content = hashlib.sha256(str(path.name).encode()).digest() * (size // 32)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_size_of_a_claim_is_enforced(stack: Stack) -> None:
    """A volume of 64 MiB refuses what does not fit in it with the system's own error."""
    folder = _path(stack.apply([_claim("64Mi")]))
    with pytest.raises(OSError, match="No space left on device"):
        (folder / "big").write_bytes(bytes(65 * MIB))


def test_a_claim_grows_with_its_files(stack: Stack) -> None:
    """Grown to 128 MiB, the files are as they were and there is room for more than before."""
    folder = _path(stack.apply([_claim("64Mi")]))
    before = _write(folder / "kept", 40 * MIB)
    report = stack.apply([_claim("128Mi")])
    assert report["VolumeClaim/data"].capacity == 128 * MIB
    assert _digest(_path(report) / "kept") == before
    _write(_path(report) / "more", 60 * MIB)


def test_a_claim_does_not_shrink(stack: Stack) -> None:
    """Asking for less is refused with VO001 before anything is touched."""
    folder = _path(stack.apply([_claim("128Mi")]))
    before = _write(folder / "kept", MIB)
    with pytest.raises(CapabilityError) as refused:
        stack.apply([_claim("32Mi")])
    assert [problem.code for problem in refused.value.problems] == ["VO001"]
    assert refused.value.exit_code == 5
    assert _digest(folder / "kept") == before


def test_a_snapshot_restores_to_the_same_bytes(stack: Stack) -> None:
    """A new claim from a snapshot has the bytes of that moment, not those written later."""
    folder = _path(stack.apply([_claim("64Mi")]))
    before = _write(folder / "kept", MIB)
    snapshot = {
        "kind": "VolumeSnapshot",
        "metadata": {"name": "before"},
        "spec": {"source": {"claim": "data"}},
    }
    assert stack.apply([_claim("64Mi"), snapshot]).ok
    (folder / "kept").write_bytes(b"overwritten")
    source = {"dataSource": {"kind": "VolumeSnapshot", "name": "before"}}
    report = stack.apply([_claim("64Mi"), snapshot, _claim("64Mi", "restored", **source)])
    assert _digest(_path(report, "restored") / "kept") == before
    assert (folder / "kept").read_bytes() == b"overwritten"


def test_data_goes_only_by_name(stack: Stack) -> None:
    """Deleting without naming the claim is refused with exit code 6; the file is still there."""
    folder = _path(stack.apply([_claim("64Mi")]))
    before = _write(folder / "kept", MIB)
    with pytest.raises(ConsentError) as withheld:
        stack.delete()
    assert withheld.value.exit_code == 6
    assert _digest(folder / "kept") == before


def test_retained_data_stays(stack: Stack, tmp_path: Path) -> None:
    """With retain_data the image is released: still on disk, and a new claim gets another one."""
    first = _path(stack.apply([_claim("64Mi")]))
    _write(first / "kept", MIB)
    assert stack.delete(retain_data=True).ok
    (image,) = (tmp_path / "root" / "images").iterdir()
    second = _path(stack.apply([_claim("64Mi")]))
    assert not (second / "kept").exists()
    assert image.exists()
