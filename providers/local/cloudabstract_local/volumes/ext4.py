"""Filesystems of format ext4 in files: made, checked and grown with e2fsprogs; no root needed.

Every choice is sent, so that the same volume is made everywhere, whatever mke2fs.conf says.
As little as possible is kept back: no reserved blocks, and a journal of a 64th of the size, at
least 1 and at most 64 MiB. Below 512 MiB blocks are 1 KiB, as mke2fs does it, or the journal alone
would need 4 MiB. Of 64 MiB, 59 are for files; of 1 GiB, 973.
"""

from __future__ import annotations

import os
from pathlib import Path

from . import faults, tools

_MIB = 2**20
_SMALL = 512 * _MIB
_FEATURES = (
    "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,"
    "large_file,huge_file,dir_nlink,extra_isize,metadata_csum"
)


def make(path: Path) -> None:
    """Make an empty filesystem that fills the file at `path`; its root is this user's."""
    size = path.stat().st_size
    block = 1024 if size < _SMALL else 4096
    journal = min(max(size // _MIB // 64, 1), 64)
    extra = f"lazy_itable_init=0,lazy_journal_init=1,root_owner={os.geteuid()}:{os.getegid()}"
    options = ["-b", str(block), "-I", "256", "-i", "16384", "-m", "0", "-J", f"size={journal}"]
    tools.run("mke2fs", "-q", "-F", "-t", "ext4", *options, "-O", _FEATURES, "-E", extra, path)


def check(path: Path, keep: int | None = None) -> None:
    """Replay the journal and repair what is safe to repair. The filesystem must not be mounted."""
    try:
        tools.run("e2fsck", "-f", "-p", path, accept=(0, 1, 2), keep=keep)
    except tools.ToolError as error:
        if error.status < 4 or error.status == 127:
            raise
        remedy = f"look at it with `e2fsck -f {path}`; nothing was changed"
        raise faults.invalid(f"{path} has errors: {error.output[-300:]}", remedy) from error


def grow(path: Path, keep: int | None = None) -> None:
    """Grow the filesystem to fill its file. It must not be mounted; `keep` has the file's lock."""
    check(path, keep)
    tools.run("resize2fs", path, keep=keep)


def grow_mounted(device: str) -> None:
    """Grow the mounted filesystem to fill its device. Raises ToolError where that is forbidden."""
    tools.run("resize2fs", device)
