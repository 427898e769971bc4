"""Provisions hello.yaml on this machine and sends real requests through it.

    python examples/hello/hello.py           apply, send 40 requests, say what to try next
    python examples/hello/hello.py --stop    delete everything again, the two backends included

The backends are two processes of this example; the balancer and the volume are the product's.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path

from cloudabstract import CloudAbstractError, Event, Report, Stack

HERE = Path(__file__).resolve().parent
SPEC = HERE / "hello.yaml"
PIDS = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"cloudabstract-hello-{os.getuid()}.pid"
BACKENDS = ("hello-1=7081", "hello-2=7082")
REQUESTS = 40


def main() -> int:
    """Start or stop, as the command line says; returns the exit code."""
    with Stack(config=HERE / "cloudabstract.yaml") as stack:
        try:
            return stop(stack) if "--stop" in sys.argv[1:] else start(stack)
        except CloudAbstractError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_code


def start(stack: Stack) -> int:
    """Backends, balancer, volume; then traffic."""
    start_backends()
    report = stack.apply(SPEC, report=tell)
    if not report.ok:
        for outcome in report.failed:
            print(f"failed: {outcome.change.part}: {outcome.failure or outcome.message}")
        return report.exit_code
    address = report["LoadBalancer/hello"].addresses[0]
    url = f"http://{address}:8080/"
    answers = Counter(fetch(url) for _ in range(REQUESTS))
    print(f"\n{REQUESTS} requests to {url}")
    for name, count in sorted(answers.items()):
        print(f"  {name:10} {'#' * count} {count}")
    describe_volume(report)
    print(NEXT.format(url=url, path=path_line()))
    return 0


def stop(stack: Stack) -> int:
    """Delete the stack and stop the backends. The claim is named: its data goes for good."""
    report = stack.delete(allow_data_loss=["VolumeClaim/guestbook"], report=tell)
    stop_backends()
    print("Nothing is left." if report.ok else f"failed: {report.failed}")
    return report.exit_code


def describe_volume(report: Report) -> None:
    """Where the claim's volume is, and how large."""
    claim = report["VolumeClaim/guestbook"]
    where = claim.path or "made, not mounted (mounting needs root)"
    print(f"\nVolumeClaim/guestbook is {claim.phase}: {claim.capacity >> 20} MiB, {where}")


def tell(event: Event) -> None:
    """One line for each object that is finished."""
    if event.stage.value in ("done", "failed", "skipped"):
        change = event.change
        print(f"  [{event.done}/{event.total}] {change.action.value} {change.part} {event.message}")


def fetch(url: str) -> str:
    """The name of the backend that answers."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        return str(answer.read().decode().strip())


def start_backends() -> None:
    """Two processes that go on after this one, unless they are running already."""
    if running() is not None:
        return
    command = [sys.executable, str(HERE / "backends.py"), *BACKENDS]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True
    )
    if process.stdout is None or process.stdout.readline() != b"ready\n":
        raise SystemExit("the backends did not start; are ports 7081 and 7082 in use?")
    PIDS.write_text(str(process.pid))


def stop_backends() -> None:
    """Terminate the process that `start_backends` left running."""
    pid = running()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    PIDS.unlink(missing_ok=True)


def running() -> int | None:
    """The process id of our backends, if they run."""
    try:
        pid = int(PIDS.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"backends.py" in command else None


def path_line() -> str:
    """The line that makes `python` and `cloudabstract` ours, where they are not."""
    ours = str(Path(sys.executable).parent)
    known = os.environ.get("PATH", "").split(os.pathsep)
    return "" if ours in known else f"  export PATH={shlex.quote(ours)}:$PATH\n"


NEXT = """
Try next:
{path}  curl {url}
  cd examples/hello
  cloudabstract get                         # what there is, with addresses
  cloudabstract apply -f hello.yaml         # again: nothing to do
  sed -i 's/64Mi/128Mi/' hello.yaml         # grow the volume ...
  cloudabstract plan -f hello.yaml          # ... and see what that means
  cloudabstract plan -f hello.yaml -t aws   # the same file on a target of your own
  python hello.py --stop                    # delete everything
"""

if __name__ == "__main__":
    sys.exit(main())
