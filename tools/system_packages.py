"""Make sure that the system's packages which some tests need are there.

    python tools/system_packages.py e2fsprogs util-linux

A package counts as there when the command we use from it is found. What is missing is installed
with apt-get when we are root on a Debian-like system; else the script says so and fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The command by which each package is recognised.
COMMANDS = {"curl": "curl", "e2fsprogs": "mke2fs", "openssl": "openssl", "util-linux": "losetup"}

# Where administrators' commands lie, which an ordinary user's PATH may leave out.
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])


def missing(packages: list[str]) -> list[str]:
    """Those of `packages` whose command is not found."""
    return [name for name in packages if not shutil.which(COMMANDS[name], path=SYSTEM_PATH)]


def install(packages: list[str]) -> None:
    """Install `packages` with apt-get; raises CalledProcessError when it fails."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=quiet)


def main(packages: list[str]) -> int:
    """Install what is missing; return the exit code."""
    wanting = missing(packages)
    if not wanting:
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install(wanting)
        return 0
    print(f"These tests need packages of your system: {' '.join(wanting)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
