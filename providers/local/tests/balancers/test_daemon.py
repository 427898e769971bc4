"""What counts as an Envoy that still runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cloudabstract.clock import SystemClock
from cloudabstract_local.envoy.daemon import PID, Daemon
from cloudabstract_local.root import Root

from .waiting import until

_LEADERLESS = """
import ctypes, threading
threading.Thread(target=input).start()
ctypes.CDLL(None).pthread_exit(None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are seen in /proc")
def test_a_process_runs_until_its_last_thread_ends(tmp_path: Path) -> None:
    """Its first thread is a zombie by then, but the ports are still taken."""
    folder = Root(tmp_path).folder("envoy")
    with subprocess.Popen([sys.executable, "-c", _LEADERLESS], stdin=subprocess.PIPE) as process:
        status = Path(f"/proc/{process.pid}/stat")
        folder.write(PID, status.read_bytes())
        until(lambda: ") Z " in status.read_text(), "the first thread does not end")
        assert Daemon(folder, SystemClock()).running()
        process.communicate(b"\n")
    assert not Daemon(folder, SystemClock()).running()
