"""The kinds of native objects behind volumes, and what the engine must know of each.

    image  <- mount      (a disk image, and where its files are)      image, directory <- snapshot
    image  <- loop       (for volumeMode Block: its block device)     snapshot <- image, directory
    directory <- mount   (read-only, for ReadOnlyMany)                all of them <- attachment

Images, directories and snapshots hold data and are precious; the others can be made anew at any
time. A volume may begin as a copy; it does not depend on its origin afterwards.
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

IMAGE = "local.image"
DIRECTORY = "local.directory"
SNAPSHOT = "local.snapshot"
MOUNT = "local.mount"
LOOP = "local.loop"
ATTACHMENT = "local.attachment"

KINDS: tuple[Kind, ...] = (
    Kind(
        IMAGE,
        uses=(SNAPSHOT, IMAGE),
        fixed=frozenset({"format"}),
        birth=frozenset({"source"}),
        precious=True,
        effects={"size": Effect.IN_PLACE},
        ending=Effect.DATA,
        summary="a sparse file of the volume's size, with a filesystem in it",
    ),
    Kind(
        DIRECTORY,
        uses=(SNAPSHOT, DIRECTORY),
        birth=frozenset({"source"}),
        precious=True,
        effects={"size": Effect.NONE},
        ending=Effect.DATA,
        summary="a folder; its size is told, not enforced",
    ),
    Kind(
        SNAPSHOT,
        uses=(IMAGE, DIRECTORY),
        birth=frozenset({"source"}),
        precious=True,
        ending=Effect.DATA,
        summary="a full copy of an image or a folder at one moment",
    ),
    Kind(
        MOUNT,
        uses=(IMAGE, DIRECTORY),
        fixed=frozenset({"source", "type", "read_only"}),
        exclusive=True,
        summary="where the files of an image are; or a read-only view of a folder",
    ),
    Kind(
        LOOP,
        uses=(IMAGE,),
        fixed=frozenset({"source", "read_only"}),
        exclusive=True,
        summary="the block device of an image",
    ),
    Kind(
        ATTACHMENT,
        uses=(IMAGE, DIRECTORY, MOUNT, LOOP),
        fixed=frozenset({"volume", "read_only"}),
        exclusive=True,
        summary="a path of its own by which a consumer uses a volume",
    ),
)
