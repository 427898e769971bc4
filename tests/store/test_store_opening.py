"""A store is private from its first byte, and a file that is not a sound store is refused."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloudabstract.errors import StoreError
from cloudabstract.store import Intent, Store, Trace


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make_store(path: Path, clock) -> None:
    """A store with enough in it to fill many pages."""
    traces = [Trace("k", "eu", f"v{n}", f"part/{n}", "Volume/v", f"id-{n}") for n in range(2_000)]
    with Store.open(path, clock) as store, store.lease("shop", "ann", beat=0) as held:
        store.settle("shop", held.fence, learn=traces)


@pytest.mark.usefixtures("no_umask")
def test_all_files_are_private_even_without_a_umask(path, clock) -> None:
    """Database, log and shared memory are 0600 and new folders 0700 under umask 000."""
    deep = path.parent / "a" / "b" / "store.db"
    with Store.open(deep, clock) as store, store.lease("shop", "ann", beat=0):
        store.memory("shop")
        files = {file.name: mode(file) for file in deep.parent.iterdir()}
    assert files == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert [mode(folder) for folder in (deep.parent, *deep.parents[1:3])] == [0o700] * 3


@pytest.mark.usefixtures("no_umask")
def test_a_folder_that_was_there_keeps_its_mode(path, clock) -> None:
    """Only folders the store makes are closed to others: the rest are not its own."""
    path.parent.mkdir(mode=0o755)
    Store.open(path, clock).close()
    assert mode(path.parent) == 0o755


@pytest.mark.usefixtures("no_umask")
def test_a_file_that_others_could_read_is_closed_to_them(path, clock) -> None:
    """Opening tightens a store whose mode was loosened."""
    make_store(path, clock)
    path.chmod(0o644)
    with Store.open(path, clock) as store:
        assert mode(path) == 0o600
        assert len(store.memory("shop").traces) == 2_000


@pytest.mark.usefixtures("no_umask")
def test_a_link_to_nothing_yet_leads_to_a_private_file(path, clock) -> None:
    """A dangling link is followed, and what comes to be at its end is private too."""
    path.parent.mkdir()
    target = path.with_name("elsewhere.db")
    path.symlink_to(target)
    Store.open(path, clock).close()
    assert mode(target) == 0o600


def test_a_relative_path_and_an_empty_file_are_fine(path, clock, monkeypatch) -> None:
    """A file of no bytes becomes a store; a relative path is taken from the working directory."""
    path.parent.mkdir()
    path.touch()
    monkeypatch.chdir(path.parent)
    make_store(Path("store.db"), clock)
    with Store.open(path, clock) as store:
        assert store.stacks() == ("shop",)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: b"not a database at all" * 400, id="garbage"),
        pytest.param(lambda raw: raw[: len(raw) // 2], id="half of it"),
        pytest.param(lambda raw: raw[:100], id="header only"),
        pytest.param(lambda raw: raw[:4096] + b"\xff" * 8192 + raw[12288:], id="pages overwritten"),
        pytest.param(lambda raw: raw[:4096] + b"\0" * (len(raw) - 4096), id="zeroed"),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(path, clock, spoil) -> None:
    """The error names the file and the way out; the bytes stay for whoever wants to look."""
    make_store(path, clock)
    spoilt = spoil(path.read_bytes())
    path.write_bytes(spoilt)
    with pytest.raises(StoreError, match=r"damaged.*move it away.*found again by its labels") as e:
        Store.open(path, clock)
    assert str(path) in str(e.value)
    assert path.read_bytes() == spoilt


def test_after_moving_a_damaged_file_away_all_starts_cold(path, clock) -> None:
    """The remedy in the message works."""
    make_store(path, clock)
    path.write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreError):
        Store.open(path, clock)
    path.rename(f"{path}.damaged")
    with Store.open(path, clock) as store:
        assert store.memory("shop").cold


@pytest.mark.parametrize("page", [1, 2, 5, 9])
def test_a_flipped_bit_never_shows_as_anything_but_a_store_error(path, clock, page) -> None:
    """Wherever structure is hit, the answer is a StoreError or a memory that can be read."""
    make_store(path, clock)
    sound = path.read_bytes()
    outcomes = set()
    for offset in range(0, 120, 7):
        raw = bytearray(sound)
        raw[page * 4096 + offset] ^= 0x55
        path.write_bytes(raw)
        try:
            with Store.open(path, clock) as store:
                outcomes.add(type(store.memory("shop")).__name__)
        except StoreError:
            outcomes.add("refused")
    assert "refused" in outcomes
    assert outcomes <= {"refused", "Memory"}


def test_a_store_of_a_newer_release_is_refused_untouched(path, clock) -> None:
    """A schema this release does not know is not read, and the remedy is to upgrade."""
    make_store(path, clock)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE cloudabstract_schema SET version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer cloudabstract \(schema 99.*upgrade"):
        Store.open(path, clock)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_untouched(path, clock) -> None:
    """A wrong path must not add our tables to somebody's photo library."""
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE photos (x)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store.open(path, clock)
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_refused(path, clock) -> None:
    """What cannot be opened is a StoreError that names it."""
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=str(path)):
        Store.open(path, clock)


def test_a_file_in_place_of_the_folder_is_refused(path, clock) -> None:
    """What cannot be created is a StoreError that says why."""
    path.parent.write_text("")
    with pytest.raises(StoreError, match="cannot be created"):
        Store.open(path, clock)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can read, unlike those pytest makes."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_store_that_may_not_be_written_says_so(
    open_folder: Path, clock, child: Callable[..., subprocess.Popen[str]]
) -> None:
    """Without permission to write, the error says what to make writable."""
    path = open_folder / "store.db"
    make_store(path, clock)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    said = child("open_as_nobody", path).communicate()[0]
    open_folder.chmod(0o755)
    assert said.startswith(f"refused store {path}")
    assert "writable" in said


def test_a_closed_store_says_so(store: Store, intent: Callable[..., Intent]) -> None:
    """Use after close is a StoreError, never a hang; closing twice is nothing."""
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.memory("shop")
    with pytest.raises(StoreError, match="closed"):
        store.journal("shop", 1).begin(intent())


def test_importing_the_store_does_not_import_sqlite() -> None:
    """Commands that need no store do not pay for the database library."""
    code = "import sys, cloudabstract.store; print('sqlite3' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
