"""What SQLite says when it fails, in words that name the file and the way on.

The rule for every message here: the store is a cache plus history, so no failure of it is ever
repaired by deleting something silently. A person is told what happened and what to do.
"""

from __future__ import annotations

from pathlib import Path

from cloudabstract.errors import StoreError

# Primary result codes of SQLite's C interface.
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT = 3, 5, 6, 8, 10, 11
_FULL, _CANTOPEN, _NOTADB = 13, 14, 26

_REMEDIES = {
    _PERM: "may not be used by this user; make the file and its folder yours, or choose another",
    _READONLY: "cannot be written; make the file and its folder writable, or choose another path",
    _CANTOPEN: "cannot be opened; check that its folder exists and is writable by this user",
    _FULL: "has no space left on its disk; free some and run again (no call was sent without its"
    " intent on disk)",
    _IOERR: "could not be read or written by the system; check the disk and its free space,"
    " then run again",
    _BUSY: "is kept busy by another program; wait for it to finish, then run again",
    _LOCKED: "is kept busy by another program; wait for it to finish, then run again",
}


def damaged(path: Path, detail: str) -> StoreError:
    """The error for a file that is no sound database: kept where it is, with the way out."""
    return StoreError(
        f"store {path} is damaged ({detail}); move it away, e.g. `mv {path} {path}.damaged`, along"
        " with its -wal and -shm files, and run again: everything is found again by its labels,"
        " and only the history stays behind in the moved file"
    )


def explain(error: Exception, path: Path) -> Exception:
    """`error` itself, or the StoreError that says what an SQLite error means for a person."""
    import sqlite3

    if not isinstance(error, sqlite3.Error):
        return error
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (_CORRUPT, _NOTADB):
        explained = damaged(path, str(error))
    else:
        remedy = _REMEDIES.get(code, "failed; run again, and report it when it happens again")
        explained = StoreError(f"store {path} {remedy} ({error})")
    explained.__cause__ = error
    return explained
