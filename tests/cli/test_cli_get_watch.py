"""`get -w`: what is there, then what changes, until somebody stops it or stops reading."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.errors import CallError, ErrorCode, Failure
from cloudabstract.testing.clock import FakeClock

Watching = Callable[..., "subprocess.Popen[str]"]
EVERY = ("--every", "1s")


@pytest.fixture
def watching(home: Any) -> Iterator[Watching]:
    """Starts `get ... -w` in a process of its own; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = home.command("get", *arguments, "-w", *EVERY)
        process = subprocess.Popen(command, cwd=home.folder, text=True, **pipes)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@contextmanager
def line_by_line(process: Any) -> Iterator[Callable[[], str]]:
    """Lines of standard output, as they come."""
    yield lambda: str(process.stdout.readline())


def test_rows_come_as_things_change(home: Any, run: Any, watching: Watching) -> None:
    """The table, then one row for each change, in its columns; Ctrl-C ends it with 130."""
    home.write("shop.yaml", home.claim)
    run("apply", "-f", "shop.yaml")
    process = watching("vc")
    with line_by_line(process) as line:
        head, first = line(), line()
        assert head.split()[:2] == ["NAME", "STATUS"]
        assert first.split()[:2] == ["data", "Bound"]
        home.cloud.remove(home.cloud.one("memory.disk"))
        changed = line()
        assert changed.split()[:2] == ["data", "Lost"]
        assert changed.index("Lost") == head.index("STATUS")
        home.write("shop.yaml", home.balancer())
        run("apply", "-f", "shop.yaml", "--yes", "--allow-data-loss", "vc/data")
        assert line().split()[:2] == ["data", "Deleted"]
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert "Traceback" not in process.stderr.read()


def test_a_new_kind_gets_its_own_heading(home: Any, run: Any, watching: Watching) -> None:
    """What was not there at first is told when it comes."""
    home.write("shop.yaml", home.balancer())
    run("apply", "-f", "shop.yaml")
    process = watching()
    with line_by_line(process) as line:
        assert [line().split()[0], line().split()[0]] == ["NAME", "web"]
        home.write("shop.yaml", home.balancer(), home.claim)
        run("apply", "-f", "shop.yaml")
        said = [line() for _ in range(4)]
    starts = [each.split()[0] for each in said]
    assert starts == ["NAME", "Volume/data-2ig3aj", "NAME", "VolumeClaim/data"]


@pytest.mark.parametrize("form", ["json", "name"])
def test_data_comes_a_document_at_a_time(
    home: Any, run: Any, watching: Watching, form: str
) -> None:
    """No list: each resource by itself, whole, whenever anything of it is another."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    process = watching("lb/web", "-o", form)
    decoder = json.JSONDecoder()

    def following() -> Any:
        if form == "name":
            return process.stdout.readline().strip()
        text = ""
        while True:
            text += process.stdout.readline()
            try:
                return decoder.raw_decode(text)[0]
            except ValueError:
                continue

    first = following()
    home.cloud.fail(home.cloud.one("memory.balancer"), "no capacity")
    second = following()
    if form == "name":
        assert (first, second) == ("LoadBalancer/web",) * 2
        return
    broken = {each["type"]: each["reason"] for each in second["status"]["conditions"]}
    assert first["name"] == second["name"] == "web"
    assert broken["Programmed"] == "Infrastructure"


def test_it_ends_when_nobody_reads(home: Any, run: Any, watching: Watching) -> None:
    """`get -w | head -1` gives the shell back."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    process = watching("lb")
    process.stdout.readline()
    process.stdout.close()
    home.cloud.fail(home.cloud.one("memory.balancer"), "no capacity")
    assert process.wait(30) == 0
    process.stdout = None


def test_what_is_not_there_is_an_error_as_without_it(home: Any, run: Any) -> None:
    """A name that nobody has written is not waited for."""
    result = run("get", "lb/none", "-w")
    assert result.exit_code == 1
    assert "there is no LoadBalancer 'none'" in result.stderr


def test_a_look_that_fails_is_told_and_taken_again(
    home: Any, run: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In Python: `Stack.looks` raises at the first look only."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    with Stack(clock=FakeClock()) as stack:
        status = stack.status
        looks = stack.looks(every=5.0)
        assert next(looks)["LoadBalancer/web"].addresses

        def away(source: Any = None) -> Any:
            monkeypatch.setattr(stack, "status", status)
            raise CallError(Failure(ErrorCode.UNKNOWN, "the network is down"))

        monkeypatch.setattr(stack, "status", away)
        assert next(looks)["LoadBalancer/web"].addresses
        assert "the network is down" in caplog.text
        monkeypatch.setattr(stack, "status", away)
        with pytest.raises(CallError):
            next(stack.looks())
