"""What goes to standard error: logs, progress, no secret; and what happens when nobody listens."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from cloudabstract.cli import logs
from cloudabstract.cli.redaction import CUT, redact

SECRETS = [
    ("password=hunter2hunter2", "hunter2"),
    ('{"SecretAccessKey": "abcdEFGH1234"}', "abcdEFGH"),
    ("Authorization: Bearer abc.def-ghi123", "abc.def"),
    ("AKIA" + "ABCDEFGHIJKLMNOP in a line", "ABCDEFGHIJKLMNOP"),
    ("https://user:topsecret@example.com/x", "topsecret"),
    ("-----BEGIN " + "PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----", "MIIabc"),
    ("aws_session_token = FwoGZXIvYXdzEBY", "FwoGZXIv"),
    ("ya29." + "a0AfH6SMBxxxxxxx", "a0AfH6"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_what_looks_like_a_secret_is_cut_out(text: str, secret: str) -> None:
    """By name or by look; the rest of the text stays."""
    assert secret not in redact(text, {})
    assert CUT in redact(text, {})


def test_what_the_environment_says_is_secret_is_cut_out() -> None:
    """Wherever it stands, though nothing about it looks like a secret."""
    environment = {"DEPLOY_TOKEN": "plain-words-here", "HOME": "/home/user"}
    assert redact("failed with plain-words-here in /home/user", environment) == (
        f"failed with {CUT} in /home/user"
    )


def test_ordinary_text_is_left_alone() -> None:
    """Names, places and messages pass unchanged."""
    text = "LoadBalancer/web in ap-northeast-2a: 3 of 4 done; token bucket refilled"
    assert redact(text, {}) == text


def test_log_lines_are_json_and_redacted(home: Any, capsys: Any) -> None:
    """One object a line; an exception is one line too, without its traceback."""
    logs.set_up(1, "json")
    try:
        raise ValueError("password=hunter2hunter2")
    except ValueError:
        logging.getLogger("cloudabstract.test").exception("it failed")
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"]) == ("error", "cloudabstract.test")
    assert line["message"] == f"it failed: ValueError: password={CUT}"


@pytest.mark.parametrize(
    ("verbosity", "shown"), [(0, ["warning"]), (1, ["info", "warning"]), (2, ["debug", "info"])]
)
def test_verbosity_is_a_matter_of_level(
    verbosity: int, shown: list[str], home: Any, capsys: Any
) -> None:
    """Warnings always, -v what we do, -vv all of it."""
    logs.set_up(verbosity, "text")
    log = logging.getLogger("cloudabstract.test")
    log.debug("a")
    log.info("b")
    log.warning("c")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines][: len(shown)] == shown


def test_progress_is_a_line_for_each_event(home: Any, run: Any) -> None:
    """Without a terminal: counted, on standard error, nothing redrawn."""
    result = run("apply", "-f", home.write("shop.yaml", home.claim))
    lines = result.stderr.splitlines()
    assert [line.split()[1] for line in lines] == ["started", "done"]
    assert lines[1].startswith("[1/1] done     + create Volume/data-2ig3aj memory.disk shop-data-")
    assert "\x1b" not in result.stderr


def test_the_summary_says_what_failed_and_what_to_do(home: Any, run: Any) -> None:
    """The object, the target's code, whether to try again, a hint; what it held up; what next."""
    home.target(quotas={"memory.balancer": 0})
    result = run("apply", "-f", home.write("shop.yaml", home.balancer(), home.claim))
    assert result.exit_code == 3
    assert "Failed\n  create memory.balancer shop-web-balancer-" in result.stdout
    assert "    EXHAUSTED (Quota): there are 0 already\n" in result.stdout
    assert "    will not pass by trying again\n" in result.stdout
    assert "Not done\n  create memory.listener" in result.stdout
    last = result.stdout.splitlines()[-1]
    assert last.startswith("Failed: 4 added, 0 changed, 0 destroyed, 2 not done (revision 1, ")
    assert last.endswith("run the same command again to go on from here.")


def _closed_pipe(home: Any, stream: str, *arguments: str) -> int:
    """Run with a standard stream that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writing}
        command = home.command(*arguments)
        return subprocess.run(command, cwd=home.folder, check=False, **streams).returncode
    finally:
        os.close(writing)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_an_apply_goes_on_when_nobody_listens(stream: str, home: Any) -> None:
    """A closed pipe is no reason to leave things half done; the exit code is that of the work."""
    home.write("shop.yaml", home.balancer())
    assert _closed_pipe(home, stream, "apply", "-f", "shop.yaml") == 0
    assert len(home.kinds) == 5


def test_a_full_disk_is_an_error_and_no_traceback(home: Any) -> None:
    """Data that cannot be written is said so; exit 1."""
    home.write("shop.yaml", home.balancer())
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            home.command("plan", "-f", "shop.yaml"),
            cwd=home.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr == "error: standard output cannot be written: No space left on device\n"


TWICE = """
import os, signal
from cloudabstract.cli.stopping import Stopping
with Stopping(lambda: print("asked to stop", flush=True)) as stopping:
    stopping.arm()
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    print("still here", flush=True)
"""


def test_a_second_interrupt_exits_at_once() -> None:
    """The first one asks for an orderly end; the second does not wait for it."""
    result = subprocess.run(
        [sys.executable, "-c", TWICE], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (130, "asked to stop\n")
    assert "once more exits at once" in result.stderr


def test_control_characters_of_others_do_not_reach_a_terminal(home: Any, run: Any) -> None:
    """A name that would clear the screen is shown, not obeyed."""
    result = run("validate", "-f", home.write("a.yaml", 'kind: "\\e[2J"\nmetadata: {name: x}\n'))
    assert "\x1b" not in result.output
    assert result.exit_code == 5
