"""The system's own programs: found, run and listened to.

They are found in PATH and where administrators' programs lie, which an ordinary user's PATH may
leave out. They speak English (LC_ALL=C) and get no input; when they fail, the error quotes them.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused

_log = logging.getLogger("cloudabstract.local")
_ADMINISTRATORS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_PACKAGES = {
    "e2fsck": "e2fsprogs",
    "losetup": "util-linux",
    "mke2fs": "e2fsprogs",
    "mkfs.xfs": "xfsprogs",
    "mount": "mount",
    "resize2fs": "e2fsprogs",
    "umount": "mount",
    "unshare": "util-linux",
    "xfs_growfs": "xfsprogs",
}


class ToolError(Refused):
    """`program` ended with `status`, saying `output`; status 127: it is not installed."""

    def __init__(self, program: str, status: int, output: str) -> None:
        self.status = status
        self.output = output
        native = f"exit status {status}"
        if status == 127:
            remedy = f"install the package {_PACKAGES.get(program, program)}"
            super().__init__(ErrorCode.INVALID, f"{program} is not installed", remedy, native)
        else:
            said = f"{program}: {output[-500:]}"
            super().__init__(_meaning(output.lower()), said, native=native)


def find(program: str) -> str | None:
    """The path of `program`, if it is installed."""
    return shutil.which(program, path=_path())


def run(
    program: str,
    *arguments: str | os.PathLike[str],
    accept: tuple[int, ...] = (0,),
    keep: int | None = None,
) -> str:
    """What `program` printed. Raises ToolError when it is missing or its status is not accepted.

    It gets the open file `keep` too, and with it the file's lock, should we die before it ends.
    """
    found = find(program)
    if found is None:
        raise ToolError(program, 127, "")
    command = [found, *(os.fspath(each) for each in arguments)]
    _log.debug("run %s", command)
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={"PATH": _path(), "LC_ALL": "C"},
        pass_fds=() if keep is None else (keep,),
        text=True,
        errors="replace",
        start_new_session=True,  # an interrupt at the terminal is for us: we let it end
        check=False,
    )
    if result.returncode not in accept:
        said = " ".join(f"{result.stderr} {result.stdout}".split())
        raise ToolError(program, result.returncode, said)
    return result.stdout


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *_ADMINISTRATORS])


def _meaning(said: str) -> ErrorCode:
    if "no space left" in said:
        return ErrorCode.EXHAUSTED
    if any(each in said for each in ("permission denied", "not permitted", "must be superuser")):
        return ErrorCode.DENIED
    if "busy" in said:
        return ErrorCode.CONFLICT
    return ErrorCode.UNKNOWN
