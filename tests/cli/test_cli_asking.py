"""Consent: asked for at a terminal, needed as an option without one; data by name alone."""

from __future__ import annotations

import os
import pty
import subprocess
from typing import Any

import pytest


def converse(home: Any, answer: str, *arguments: str) -> tuple[int, str]:
    """Run the command line at a terminal and answer its question; exit code and the screen."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    process = subprocess.Popen(
        home.command(*arguments),
        cwd=home.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        screen += more
        if not more:
            break
        if screen.rstrip().endswith(b"do all of it:") and answer:
            os.write(ours, f"{answer}\n".encode())
            answer = ""
    os.close(ours)
    return process.wait(30), screen.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("answer", "code", "left"), [("yes", 0, []), ("no", 6, ["some"])])
def test_a_deletion_asks_at_a_terminal(
    answer: str, code: int, left: list[str], home: Any, run: Any
) -> None:
    """The plan is shown first; `yes` does it, anything else changes nothing."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    before = home.kinds
    ended, screen = converse(home, answer, "delete", "-f", "shop.yaml")
    assert ended == code
    assert screen.index("5 to destroy") < screen.index("Type `yes`")
    assert home.kinds == (before if left else [])


def test_progress_is_drawn_again_at_a_terminal(home: Any) -> None:
    """Creations ask nothing; lines are redrawn in place, and the summary comes last."""
    home.write("shop.yaml", home.balancer())
    code, screen = converse(home, "", "apply", "-f", "shop.yaml")
    assert code == 0
    assert "\x1b[1F\x1b[J" in screen or "\x1b[2F\x1b[J" in screen
    assert screen.rstrip().splitlines()[-1].startswith("Done: 5 added, 0 changed, 0 destroyed")


def test_yes_is_needed_without_a_terminal(home: Any, run: Any) -> None:
    """Exit 6 and what to add; with it, everything goes."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    refused = run("delete", "-f", "shop.yaml")
    assert refused.exit_code == 6
    assert refused.stderr.endswith("hint: agree with --yes\n")
    assert run("delete", "-f", "shop.yaml", "--yes").exit_code == 0
    assert home.kinds == []


def test_yes_does_not_agree_to_lose_data(home: Any, run: Any) -> None:
    """The volume has to be named, in any spelling; another one's name does not help."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    delete = ("delete", "-f", "shop.yaml", "--yes")
    assert run(*delete).exit_code == 6
    assert run(*delete, "--allow-data-loss", "vc/other").exit_code == 6
    assert home.kinds == ["memory.disk"]
    assert run(*delete, "--allow-data-loss", "volumeclaims/data").exit_code == 0
    assert home.kinds == []


def test_retained_data_stays(home: Any, run: Any) -> None:
    """--retain-data: the stack owns nothing any more, the disk is there."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    result = run("delete", "-s", "shop", "--all", "--yes", "--retain-data")
    assert result.exit_code == 0
    assert "1 released" in result.stdout
    assert home.kinds == ["memory.disk"]


def test_delete_leaves_what_the_files_do_not_name(home: Any, run: Any) -> None:
    """Two files applied, one deleted: the other's resources stay, also in the next apply."""
    home.write("web.yaml", home.balancer("web"))
    home.write("api.yaml", home.balancer("api"))
    run("apply", "-f", "web.yaml", "-f", "api.yaml")
    assert run("delete", "-f", "web.yaml", "--yes").exit_code == 0
    assert run("get", "lb", "-o", "name").stdout == "LoadBalancer/api\n"
    assert run("plan", "-f", "api.yaml").stdout == "Nothing to do.\n"


def test_delete_refuses_what_the_files_do_not_name_when_history_is_lost(
    home: Any, run: Any
) -> None:
    """Without history nobody knows what stays, so nothing else is ended."""
    home.write("web.yaml", home.balancer("web"))
    home.write("api.yaml", home.balancer("api"))
    run("apply", "-f", "web.yaml", "-f", "api.yaml")
    before = home.kinds
    result = run("delete", "-f", "web.yaml", "--yes", "--store", "another.db")
    assert result.exit_code == 6
    assert "LoadBalancer/api" in result.stderr
    assert home.kinds == before


def test_delete_of_everything_needs_the_stacks_name(home: Any, run: Any) -> None:
    """--all alone is a usage error: configuration is not enough to lose a whole stack."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    assert run("delete", "--all", "--yes").exit_code == 64
    assert run("delete", "--stack", "shop", "--all", "--yes").exit_code == 0
    assert home.kinds == []


def test_a_saved_plan_is_what_runs(home: Any, run: Any) -> None:
    """Its deletions need --yes like any other, and it runs though the spec's file is gone."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    run("plan", "-f", home.write("empty.yaml", home.claim), "--out", "plan.json")
    (home.folder / "empty.yaml").unlink()
    assert run("apply", "plan.json").exit_code == 6
    assert run("apply", "plan.json", "--yes").exit_code == 0
    assert home.kinds == ["memory.disk"]


def test_what_is_no_saved_plan_is_said_so(home: Any, run: Any) -> None:
    """A spec in the place of a plan is a misunderstanding, and both at once too."""
    spec = home.write("shop.yaml", home.claim)
    result = run("apply", spec)
    assert result.exit_code == 64
    assert "a spec is named with -f shop.yaml" in result.stderr
    assert run("apply", "plan.json", "-f", spec).exit_code == 64
    assert run("apply").exit_code == 64
