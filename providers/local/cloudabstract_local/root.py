"""The provider's folder: everything it keeps is under one root, private to the user.

Folders are 0700 and files 0600 whatever the umask. Names are checked before they become paths, and
every step below the root goes through the folder's descriptor without following symbolic links, so
that a name or a link swapped in between cannot make us write elsewhere. Files are replaced as a
whole: a reader sees the old bytes or the new ones, also after a crash.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

_SEGMENT = re.compile(r"[a-z0-9_][a-z0-9._-]{0,199}")  # one case only: twins share a file on macOS
_TEMPORARY = re.compile(r"\.tmp-(\d+)-[0-9a-f]+")
_DISSOLVED = 20  # how often others may dissolve a folder between our making and filling it
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_EXISTING = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # no pipe holds us up
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class UnsafeError(ValueError):
    """A name or a folder that could lead out of the root; the message says which and why."""


class Root:
    """The folder `path`, or the user's state folder `cloudabstract/local` (XDG) without one."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        chosen = Path(path).expanduser() if path is not None else _default()
        self.path = Path(os.path.realpath(chosen))  # the root itself may be reached over links

    def folder(self, *segments: str) -> Folder:
        """The folder below the root; it is made on the first write. Raises UnsafeError."""
        return Folder(self.path, tuple(checked(each) for each in segments))

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock `name` against all threads and processes that use this root.

        Not reentrant. The lock's file goes with its holder; whoever waited for a file that is gone
        by then starts over, hence the comparison.
        """
        file = f"{checked(name)}.lock"
        with Folder(self.path, ()).opened(create=True) as folder:
            locked = _locked(folder, file)
            try:
                yield
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(file, dir_fd=folder)
                os.close(locked)


class Folder:
    """A folder at or below the root."""

    def __init__(self, root: Path, segments: tuple[str, ...]) -> None:
        self._root = root
        self._segments = segments

    @property
    def path(self) -> Path:
        """Where it is; for programs that need a path. It may not exist yet."""
        return self._root.joinpath(*self._segments)

    def folder(self, *segments: str) -> Folder:
        """A folder below this one. Raises UnsafeError."""
        return Folder(self._root, (*self._segments, *(checked(each) for each in segments)))

    @contextlib.contextmanager
    def opened(self, create: bool = False) -> Iterator[int]:
        """A descriptor of the folder, for `dir_fd`. Raises FileNotFoundError, UnsafeError."""
        descriptor = _open_root(self._root, create)
        try:
            for segment in self._segments:
                descriptor, parent = _step(descriptor, segment, create), descriptor
                os.close(parent)
            yield descriptor
        finally:
            os.close(descriptor)

    def names(self) -> list[str]:
        """What is in it, sorted, without half-written files; nothing when it is absent."""
        try:
            with self.opened() as folder:
                return sorted(each for each in os.listdir(folder) if not each.startswith("."))
        except FileNotFoundError:
            return []

    def read(self, name: str) -> bytes:
        """The bytes of file `name`. Raises FileNotFoundError, UnsafeError for a link."""
        checked(name)
        with self.opened() as folder, _no_link(name):
            file = os.open(name, _EXISTING, dir_fd=folder)
        with os.fdopen(file, "rb") as stream:
            return stream.read()

    def write(self, name: str, content: bytes) -> None:
        """Replace file `name` as a whole; when this returns, it survives a loss of power."""
        checked(name)
        try:
            self._replace(name, content)
        except FileNotFoundError:  # the folder was dissolved by another in between
            self._replace(name, content)

    def _replace(self, name: str, content: bytes) -> None:
        temporary = f".tmp-{os.getpid()}-{os.urandom(8).hex()}"
        with self.opened(create=True) as folder:
            try:
                _write_all(os.open(temporary, _FRESH, 0o600, dir_fd=folder), content)
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
                raise
            os.fsync(folder)

    def remove(self, name: str) -> bool:
        """Remove file `name`; False when it was not there."""
        checked(name)
        try:
            with self.opened() as folder:
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
        except FileNotFoundError:
            return False
        return True

    def dissolve(self) -> bool:
        """Remove the folder if it is empty but for what killed writers left; False if it stays."""
        if not self._segments:
            return False
        with contextlib.suppress(FileNotFoundError):
            with self.opened() as folder:
                _sweep(folder)
            with Folder(self._root, self._segments[:-1]).opened() as parent:
                try:
                    os.rmdir(self._segments[-1], dir_fd=parent)
                except OSError:
                    return False
        return True


def checked(segment: str) -> str:
    """`segment`, if it can be one name in a path. Raises UnsafeError."""
    if _SEGMENT.fullmatch(segment) is None:
        raise UnsafeError(
            f"{segment[:80]!r} cannot be a file name here: lower case letters, digits, '.', '-' "
            "and '_', at most 200, and not '.' first"
        )
    return segment


def _default() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("cloudabstract", appauthor=False)) / "local"


def _open_root(path: Path, create: bool) -> int:
    """The root's descriptor; refuses a root into which others may put links and files."""
    if create:
        for missing in [each for each in (*reversed(path.parents), path) if not each.exists()]:
            with contextlib.suppress(FileExistsError):
                missing.mkdir(mode=0o700)
    descriptor = os.open(path, _FOLDER)
    found = os.fstat(descriptor)
    if found.st_uid not in (os.geteuid(), 0) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        os.close(descriptor)
        raise UnsafeError(f"{path} can be written by others: choose another root or `chmod 700` it")
    return descriptor


def _step(parent: int, segment: str, create: bool) -> int:
    if create:
        with contextlib.suppress(FileExistsError):
            os.mkdir(segment, 0o700, dir_fd=parent)
    with _no_link(segment):
        return os.open(segment, _FOLDER, dir_fd=parent)


@contextlib.contextmanager
def _no_link(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):  # what O_NOFOLLOW says of a link
            raise UnsafeError(f"{name!r} in the provider's root is a link or no folder") from error
        raise


def _write_all(file: int, content: bytes) -> None:
    with os.fdopen(file, "wb") as stream:
        os.fchmod(file, 0o600)
        stream.write(content)
        stream.flush()
        os.fsync(file)


def _locked(folder: int, file: str) -> int:
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(file, flags, 0o600, dir_fd=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.stat(file, dir_fd=folder).st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)


def _sweep(folder: int) -> None:
    """Remove the half-written files of writers that are gone."""
    for name in os.listdir(folder):
        match = _TEMPORARY.fullmatch(name)
        if match and not _alive(int(match.group(1))):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
