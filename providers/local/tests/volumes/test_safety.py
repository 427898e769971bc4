"""Nothing is written outside of the root, and nothing in it can be read by others."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from cloudabstract_local import failures
from cloudabstract_local.root import UnsafeError
from cloudabstract_local.volumes import bodies

SOUND = re.compile(r"[a-z0-9_][a-z0-9._-]{0,186}")  # "directories." goes before it
HOSTILE = st.one_of(
    st.sampled_from(["..", "../x", "/etc/x", "a/../../b", "x\0y", "x" * 256, "X", ".x", "", "a\n"]),
    st.text(min_size=0, max_size=300),
)


@pytest.fixture
def open_mask() -> Iterator[None]:
    """The most careless umask."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_everything_is_private_whatever_the_umask(bench: Any, open_mask: None) -> None:
    """Folders are 0700 and files 0600, of images, snapshots, records and all that is around."""
    volume = bench.volume()
    bench.turn(volume, bench.snapshot(), bench.restored(), bench.folder("shared"))
    bench.end_of_power()
    for path in bench.root.path.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


@trying(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE)
def test_no_name_leads_out_of_the_root(bench: Any, tmp_path: Path, name: str) -> None:
    """A driver that is given such a name refuses it as invalid; the folder around the root, and
    the folders in it, stay as they were."""
    (part,) = bench.parts(bench.folder())
    wanted = replace(bench.wanted(part), name=name)
    before = sorted(os.listdir(tmp_path))
    driver = bench.drivers[part.key.kind]
    if not SOUND.fullmatch(name):
        with pytest.raises(UnsafeError) as caught:
            driver.create(wanted)
        assert failures.classify(caught.value).code.value == "INVALID"
    else:
        found = driver.create(wanted)
        assert Path(found.fields["path"]).parent == bench.root.path / "directories"
        driver.delete(found)
    assert sorted(os.listdir(tmp_path)) in (before, ["root"])


@given(ref=HOSTILE)
def test_only_one_name_below_imports_can_be_adopted(ref: str) -> None:
    """Whatever is accepted stays in the folder."""
    for id_ in (ref, f"imports/{ref}"):
        if bodies.is_import(id_):
            assert os.path.normpath(id_) == id_
            assert id_.count("/") == 1


@pytest.mark.parametrize("folder", ["images", "scratch", "trash", "records", "snapshots"])
def test_a_folder_that_became_a_link_is_not_followed(
    bench: Any, tmp_path: Path, folder: str
) -> None:
    """Whoever swaps one of our folders for a link to elsewhere gets an error, and no file there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    bench.root.path.mkdir(mode=0o700)
    (bench.root.path / folder).symlink_to(elsewhere)
    with pytest.raises((ValueError, OSError)):
        bench.turn(bench.volume(), bench.snapshot())
        bench.end()
    assert os.listdir(elsewhere) == []


def test_a_body_that_became_a_link_is_gone(bench: Any, tmp_path: Path) -> None:
    """The volume is absent then; what the link leads to is neither grown nor removed."""
    volume = bench.volume()
    bench.turn(volume)
    bench.end_of_power()
    (part, *_) = bench.parts(volume)
    standing = bench.see(part.key)
    victim = tmp_path / "victim"
    victim.write_bytes(b"not ours")
    path = Path(standing.fields["path"])
    path.unlink()
    path.symlink_to(victim)
    assert bench.see(part.key) is None
    bench.drivers[part.key.kind].delete(standing)
    assert victim.read_bytes() == b"not ours"
    assert not path.is_symlink()
