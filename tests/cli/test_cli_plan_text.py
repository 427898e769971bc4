"""What a person reads: plans, word for word."""

from __future__ import annotations

import re
from typing import Any

HASH = re.compile(r"-[a-z2-7]{10}\b")


def plan(run: Any, *arguments: str) -> str:
    """The text of a plan, hashes and ids cut out."""
    shown = HASH.sub("-HASH", run("plan", *arguments).stdout)
    return re.sub(r"\b(address|balancer)-[0-9a-f]{12}\b", r"\1-ID", shown)


def test_a_new_claim(home: Any, run: Any) -> None:
    """A creation: the object, its place, why, what it gets; the size first."""
    assert plan(run, "-f", home.write("shop.yaml", home.claim)) == (
        "Volume/data-2ig3aj (for VolumeClaim/data)\n"
        "  +   create   memory.disk  shop-data-2ig3aj-volume-HASH in here-a\n"
        "               does not exist yet\n"
        "               size 64Mi, fs_type ext4, mode Filesystem, replication zonal, tier fast, "
        "access_modes…\n"
        "\n"
        "Plan: 1 to add, 0 to change, 0 to destroy.\n"
    )


def test_changes_show_their_fields_and_their_effect(home: Any, run: Any) -> None:
    """An update in place and a drain: only what differs, list items one by one, durations read."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    members = [{"address": "10.0.0.5"}, {"address": "10.0.0.7"}]
    changed = home.balancer(
        backends=[{"name": "web", "addresses": members}], sessionAffinity="ClientIP"
    )
    assert plan(run, "-f", home.write("shop.yaml", changed)) == (
        "LoadBalancer/web\n"
        "  ~   update   memory.pool  shop-web-80-tcp-web-HASH in here  [in-place]\n"
        "               the spec changed\n"
        "               affinity_seconds: 0s -> 3h\n"
        "  ~   update   memory.members  shop-web-80-tcp-web-HASH in here  [drains connections]\n"
        "               the spec changed\n"
        "               members: - address 10.0.0.6, port 8080, weight 1\n"
        "               members: + address 10.0.0.7, port 8080, weight 1\n"
        "\n"
        "Plan: 0 to add, 2 to change, 0 to destroy.\n"
    )


def test_a_replacement_tells_what_goes_and_when(home: Any, run: Any) -> None:
    """The symbol and the words say that the new object is made first; values to come say so."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    shown = plan(run, "-f", home.write("shop.yaml", home.balancer(routability="Internal")))
    assert (
        "  +/- replace  memory.balancer  shop-web-balancer-HASH in here  [changes address]\n"
        "               address, routability cannot change in place\n"
        "               replaces shop-web-balancer-HASH, which goes last\n"
        "               address: address-ID -> (known after apply)\n"
        "               routability: External -> Internal\n"
    ) in shown
    assert shown.endswith("Plan: 3 to add, 0 to change, 3 to destroy.\n")


def test_a_volume_that_is_kept_is_a_release(home: Any, run: Any) -> None:
    """--retain-data: nothing is destroyed, and the last line counts what is released."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    home.write("shop.yaml", home.balancer())
    run("apply", "-f", "shop.yaml", "--no-prune")
    assert plan(run, "-f", "shop.yaml", "--retain-data") == (
        "Volume/data-2ig3aj (for VolumeClaim/data)\n"
        "  =>  release  memory.disk  shop-data-2ig3aj-volume-HASH in here-a\n"
        "               the spec no longer names it\n"
        "\n"
        "Plan: 0 to add, 0 to change, 0 to destroy, 1 to release.\n"
    )


def test_a_loss_of_data_is_refused_with_the_way_out(home: Any, run: Any) -> None:
    """The plan is shown, then why it will not be done, with the exact words that would help."""
    run("apply", "-f", home.write("shop.yaml", home.balancer(), home.claim))
    result = run("plan", "-f", home.write("shop.yaml", home.balancer()))
    assert result.exit_code == 6
    assert "- " in result.stdout
    assert "[loses data]" in result.stdout
    assert result.stderr == (
        "error: the data of VolumeClaim/data would be lost\n"
        "hint: to lose it, add --allow-data-loss VolumeClaim/data; "
        "to keep it, add --retain-data (the volume stays, Released)\n"
    )
    assert run("plan", "-f", "shop.yaml", "--allow-data-loss", "vc/data").exit_code == 0


def test_nothing_to_do_is_one_line(home: Any, run: Any) -> None:
    """What is as it should be is not shown."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    assert plan(run, "-f", "shop.yaml") == "Nothing to do.\n"


def test_objections_have_code_place_and_alternative(home: Any, run: Any) -> None:
    """Both in the plan and as the error, with file and line of the field."""
    port = {"name": "http", "port": 80, "protocol": "SCTP"}
    result = run("plan", "-f", home.write("shop.yaml", home.claim, home.balancer(ports=[port])))
    assert result.exit_code == 5
    assert (
        "Objections\n"
        "  reject [LB003] shop.yaml:8: LoadBalancer/web: spec.ports[0].protocol: "
        "class l4 does not carry SCTP\n"
        "    hint: use TCP or UDP\n"
    ) in result.stdout
    assert result.stderr == (
        "error: shop.yaml:8: LoadBalancer/web: spec.ports[0].protocol: "
        "[LB003] class l4 does not carry SCTP\n"
        "  hint: use TCP or UDP\n"
    )


def test_colour_is_for_terminals_and_for_those_who_force_it(
    home: Any, run: Any, monkeypatch: Any
) -> None:
    """No escape codes in a pipe; with FORCE_COLOR some, and without them the same text."""
    home.write("shop.yaml", home.claim)
    plain = run("plan", "-f", "shop.yaml").stdout
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = run("plan", "-f", "shop.yaml", color=True).stdout
    assert "\x1b[32m+   create" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("plan", "-f", "shop.yaml", color=True).stdout == plain
