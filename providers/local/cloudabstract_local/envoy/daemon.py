"""The Envoy process: started so that it outlives us, known again later, stopped without a trace.

It is started through a shell that writes its own pid and birth into `envoy.pid` and then becomes
Envoy: at no moment does it run unknown to us. A pid is only believed, and only ever signalled, when
the process with that number was born at that time, so a number that the system gave to somebody
else is never touched.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from cloudabstract.clock import Clock
from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.root import Folder

from .admin import SOCKET, Admin, UnansweredError

PID, LOG = "envoy.pid", "envoy.log"
_READY, _GONE = 20.0, 5.0  # seconds to wait for it to start, to stop
_STEP = 0.01
_ENDED = ("Z", "X")  # states of a process that ends; it has its ports until its last thread does

_BECOME = f"""umask 077
ulimit -n "$(ulimit -Hn)" 2>/dev/null
{{ cat /proc/$$/stat 2>/dev/null || LC_ALL=C ps -o pid=,lstart= -p $$; }} >{PID}
exec "$0" "$@" >{LOG} 2>&1 </dev/null
"""
_DETACH = 'sh -c "$0" "$@" &'  # orphaned at once: init reaps it, whoever we are by then


class Daemon:
    """The Envoy that runs, or could run, in `folder`."""

    def __init__(self, folder: Folder, clock: Clock) -> None:
        self.folder = folder
        self.admin = Admin(folder)
        self._clock = clock

    def running(self) -> bool:
        """Whether the process lives."""
        return self._pid() is not None

    def serving(self) -> bool:
        """Whether the process lives and answers."""
        return self.running() and self.admin.live()

    def start(self, binary: Path, bootstrap: str, drain: int, workers: int) -> None:
        """Start it and wait until it is live. Raises Refused with the end of its log."""
        self.folder.remove(SOCKET)
        subprocess.run(
            ["sh", "-c", _DETACH, _BECOME, *_arguments(binary, bootstrap, drain, workers)],
            cwd=self.folder.path,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        deadline = self._clock.now() + _READY
        born = False
        while self._clock.now() < deadline:
            if self.admin.live():
                return
            born = born or self.running()
            if born and not self.running():
                break
            self._clock.sleep(_STEP)
        said = self.log_since(0) or "it said nothing"
        self.stop()
        raise Refused(ErrorCode.UNKNOWN, f"Envoy did not start: {said}", "run `doctor`")

    def stop(self) -> None:
        """End it, politely and then not, and remove everything it and we kept for it."""
        answered = self._quit()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._gone_within(_GONE if answered else 0):
                break
            self._signal(sign)
        if not self._gone_within(_GONE):
            raise Refused(ErrorCode.CONFLICT, f"Envoy in {self.folder.path} does not end")
        for name in (SOCKET, PID, LOG):
            self.folder.remove(name)

    def _quit(self) -> bool:
        try:
            self.admin.ask("/quitquitquit", "POST")
        except UnansweredError:
            return False
        return True

    def log_size(self) -> int:
        """How long its log is; the place from which `log_since` may read later."""
        try:
            return os.stat(self.folder.path / LOG).st_size
        except FileNotFoundError:
            return 0

    def log_since(self, start: int) -> str:
        """What it said of errors from there on, without times and places in its source."""
        try:
            content = self.folder.read(LOG)[start:]
        except FileNotFoundError:
            return ""
        lines = content.decode(errors="replace").splitlines()
        worthy = [line for line in lines if _worth_telling(line)] or lines[-3:]
        told = [line.rpartition("] ")[2] for line in worthy]
        return "; ".join(dict.fromkeys(told))[-800:]

    def _gone_within(self, seconds: float) -> bool:
        deadline = self._clock.now() + seconds
        while self.running():
            if self._clock.now() >= deadline:
                return False
            self._clock.sleep(_STEP)
        return True

    def _pid(self) -> int | None:
        """The pid, if that process lives and was born when ours was."""
        try:
            written = self.folder.read(PID).decode()
        except FileNotFoundError:
            return None
        number = written.split(maxsplit=1)[0] if written.strip() else ""
        if not number.isdigit():
            return None
        birth = _birth(written)
        return int(number) if birth and birth == _birth(_status(int(number))) else None

    def _signal(self, sign: int) -> None:
        pid = self._pid()
        if pid is None:
            return
        if not hasattr(os, "pidfd_open"):
            os.kill(pid, sign)
            return
        with contextlib.suppress(ProcessLookupError):
            pidfd = os.pidfd_open(pid)
            try:
                if self._pid() == pid:  # still ours, and from here on it cannot be another
                    signal.pidfd_send_signal(pidfd, sign)
            finally:
                os.close(pidfd)


def _arguments(binary: Path, bootstrap: str, drain: int, workers: int) -> list[str]:
    return [
        str(binary),
        *("-c", bootstrap),
        *("--concurrency", str(workers)),
        *("--drain-time-s", str(drain)),
        *("--drain-strategy", "immediate"),
        *("--log-level", "warning"),
        "--disable-hot-restart",
        "--reject-unknown-dynamic-fields",
    ]


def _status(pid: int) -> str:
    """What the system says of a process, in the form in which the pid file has it; "" if none."""
    if os.path.isdir("/proc/self"):
        try:
            return Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    asked = ["ps", "-o", "pid=,lstart=", "-p", str(pid)]
    answer = subprocess.run(
        asked, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False
    )
    return answer.stdout


def _birth(status: str) -> str:
    """When a process began, in the system's own unit; "" for one that is dead or a zombie."""
    if ")" not in status:
        return status.strip()
    fields = status.rpartition(")")[2].split()
    if len(fields) < 20 or (fields[0] in _ENDED and int(fields[17]) <= 1):
        return ""
    return fields[19]


def _worth_telling(line: str) -> bool:
    return any(mark in line for mark in ("[error]", "[critical]", "rejected", "failure"))
