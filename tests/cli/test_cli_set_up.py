"""targets, providers, doctor, unlock, version, schema, completion."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.metadata import version
from typing import Any

import jsonschema
import pytest
import yaml

from cloudabstract.clock import SystemClock
from cloudabstract.spec import config
from cloudabstract.store import Store


@pytest.fixture
def lease(home: Any) -> Any:
    """The lease of stack shop, held by somebody else."""
    with Store.open(config.state_folder() / "store.db", SystemClock()) as store:
        yield store.leases.acquire("shop@mem", "somebody")


def test_targets_tell_where_each_value_is_from(home: Any, run: Any, monkeypatch: Any) -> None:
    """File and line, the variable, or the flag."""
    monkeypatch.setenv("CLOUDABSTRACT_STACK", "other")
    told = json.loads(run("targets", "--store", "here.db", "-o", "json").stdout)
    assert (told["stack"], told["target"]) == ("other", "mem")
    assert told["origins"]["stack"] == "CLOUDABSTRACT_STACK"
    assert told["origins"]["store"] == "--store"
    assert told["origins"]["target"].endswith("cloudabstract.yaml:1")
    assert told["targets"][0]["inForce"] is True
    assert "*   mem    memory" in run("targets").stdout


def test_targets_show_no_secret(home: Any, run: Any) -> None:
    """A setting that looks like one is cut out."""
    home.target(world="default", password="hunter2hunter2")
    assert "hunter2" not in run("targets").stdout + run("targets", "-o", "json").stdout


def test_providers_are_listed_with_their_settings(home: Any, run: Any) -> None:
    """Name and summary of each; with a name, every setting and its meaning."""
    assert "memory   ready" in run("providers").stdout
    told = json.loads(run("providers", "memory", "-o", "json").stdout)
    settings = {each["name"]: each for each in told["providers"][0]["settings"]}
    assert settings["delay"]["doc"]
    assert run("providers", "moon").exit_code == 5


def test_doctor_finds_all_well(home: Any, run: Any) -> None:
    """Configuration, store and target, each with a line; exit 0."""
    result = run("doctor")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ok"] * 3


def test_doctor_finds_a_broken_store(home: Any, run: Any) -> None:
    """Exit 1, and a remedy below the finding; the rest is checked all the same."""
    (home.folder / "broken.db").write_text("this is no database, and never was one")
    result = run("doctor", "--store", "broken.db", "-o", "json")
    findings = {each["name"]: each for each in json.loads(result.stdout)["findings"]}
    assert result.exit_code == 1
    assert findings["store"]["ok"] is False
    assert findings["store"]["remedy"]
    assert findings["cloud"]["ok"] is True


def test_unlock_tells_who_holds_the_stack(run: Any, lease: Any) -> None:
    """And with its number the lease is released; with another one it is not."""
    assert "is held by somebody@" in run("unlock").stdout
    assert run("unlock", str(lease.fence + 1)).exit_code == 4
    assert run("unlock", str(lease.fence)).stdout == "Stack shop is free: lease 1 was released.\n"
    assert run("unlock").stdout == "Nobody holds stack shop.\n"


def test_a_locked_stack_names_the_holder_and_the_way_out(home: Any, run: Any, lease: Any) -> None:
    """Exit 4 with everything one needs to go on."""
    result = run("apply", "-f", home.write("shop.yaml", home.claim))
    assert result.exit_code == 4
    assert "somebody@" in result.stderr
    assert f"unlock {lease.fence}" in result.stderr


def test_the_version_is_that_of_the_package(run: Any) -> None:
    """The one in the installed metadata."""
    told = json.loads(run("version", "-o", "json").stdout)
    assert told["cloudabstract"] == version("cloudabstract")
    assert "python" in told


def test_the_schema_accepts_what_is_valid_and_refuses_what_is_not(home: Any, run: Any) -> None:
    """The printed document is a schema that tools can use."""
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(home.claim), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**yaml.safe_load(home.claim), "odd": 1}, schema)
    assert json.loads(run("schema", "vclass").stdout)["title"] == "VolumeClass"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_accepted_by_its_shell(shell: str, run: Any) -> None:
    """The shell itself reads it without complaint, where it is installed."""
    script = run("completion", shell).stdout
    assert "_CLOUDABSTRACT_COMPLETE" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("words", "offered"),
    [("cloudabstract app", "apply"), ("cloudabstract get volumec", "volumeclaims")],
)
def test_words_are_completed(words: str, offered: str, home: Any, spawn: Any) -> None:
    """As the script asks for it: commands and kinds."""
    asked = {
        "_CLOUDABSTRACT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    assert f"plain,{offered}" in spawn(env={**os.environ, **asked}).stdout.splitlines()


def test_targets_are_completed(home: Any, spawn: Any) -> None:
    """After -t, those of the configuration."""
    words = "cloudabstract plan -t m"
    asked = {"_CLOUDABSTRACT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    assert spawn(env={**os.environ, **asked}).stdout == "plain,mem\n"
