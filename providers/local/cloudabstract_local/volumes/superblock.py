"""What filesystem is in an image, and how large it is: read from the first bytes of the file.

The size that counts is the filesystem's own. After a crash between enlarging the file and enlarging
the filesystem the two differ, and the next turn sees that it has to go on.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

_EXT = 1024  # where ext4's superblock begins
_EXT_MAGIC, _XFS_MAGIC = 0xEF53, b"XFSB"
_64BIT, _EXTENTS = 0x80, 0x40  # incompatible features of ext4


@dataclass(frozen=True)
class Inside:
    """`format` is ext4, xfs or raw; `size` is what the filesystem has, for raw the file; bytes."""

    format: str
    size: int


def read(path: Path) -> Inside:
    """What is in the image at `path`. Raises OSError; a symbolic link is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        head = os.pread(descriptor, 2048, 0)
        length = os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
    return _ext4(head) or _xfs(head) or Inside("raw", length)


def _ext4(head: bytes) -> Inside | None:
    if len(head) < 2048 or struct.unpack_from("<H", head, _EXT + 0x38)[0] != _EXT_MAGIC:
        return None
    features = struct.unpack_from("<I", head, _EXT + 0x60)[0]
    if not features & _EXTENTS:
        return None  # ext2 or ext3
    blocks = struct.unpack_from("<I", head, _EXT + 0x04)[0]
    if features & _64BIT:
        blocks += struct.unpack_from("<I", head, _EXT + 0x150)[0] << 32
    return Inside("ext4", blocks * (1024 << struct.unpack_from("<I", head, _EXT + 0x18)[0]))


def _xfs(head: bytes) -> Inside | None:
    if head[:4] != _XFS_MAGIC:
        return None
    block, blocks = struct.unpack_from(">IQ", head, 4)
    return Inside("xfs", block * blocks)
