"""A home for each test: a working directory, a memory cloud in a file, a store; no terminal.

`run` calls the command line in this process, `spawn` as a process of its own.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cloudabstract.cli.main import main
from cloudabstract.testing.memory import Cloud

CLAIM = """\
kind: VolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  volumeClassName: fast
  resources: {requests: {storage: 64Mi}}
"""


@dataclass
class Home:
    """Where a test works."""

    folder: Path
    claim: str = CLAIM

    @staticmethod
    def balancer(name: str = "web", **spec: Any) -> str:
        """A document of a balancer with one port and two backends."""
        pool = {"name": "web", "addresses": [{"address": "10.0.0.5"}, {"address": "10.0.0.6"}]}
        port = {"name": "http", "port": 80, "targetPort": 8080}
        document = {
            "kind": "LoadBalancer",
            "metadata": {"name": name},
            "spec": {"ports": [port], "backends": [pool], **spec},
        }
        return json.dumps(document) + "\n"

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """The command line as a process."""
        return [sys.executable, "-m", "cloudabstract", *arguments]

    def write(self, name: str, *documents: str) -> str:
        """A file of YAML documents; gives its name."""
        (self.folder / name).write_text("---\n".join(documents))
        return name

    def target(self, **settings: Any) -> None:
        """Configure the only target anew; the cloud keeps what stands in it."""
        target = {"provider": "memory", "path": str(self.folder / "cloud.json"), **settings}
        config = {"stack": "shop", "target": "mem", "targets": {"mem": target}, "plugins": []}
        (self.folder / "cloudabstract.yaml").write_text(json.dumps(config))

    @property
    def cloud(self) -> Cloud:
        """The cloud of the target, as it is now."""
        return Cloud(path=self.folder / "cloud.json")

    @property
    def kinds(self) -> list[str]:
        """The kinds of all objects that stand in the cloud."""
        return sorted(each.kind for each in self.cloud.objects())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A fresh home, made the working directory; the environment says nothing else."""
    for name in list(os.environ):
        if name.startswith(("CLOUDABSTRACT", "XDG_")) or name in ("NO_COLOR", "FORCE_COLOR", "CI"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    made = Home(work)
    made.target()
    root, ours = logging.getLogger(), logging.getLogger("cloudabstract")
    before = (root.handlers[:], root.level, ours.level)
    yield made
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(home: Home) -> Run:
    """Calls the command line in this process: `run("plan", "-f", "shop.yaml", input=...)`."""

    def call(*arguments: str, **extra: Any) -> Result:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False, **extra)

    return call


@pytest.fixture
def spawn(home: Home) -> Spawn:
    """Runs the command line as a process of its own, to its end."""

    def call(*arguments: str, **extra: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            home.command(*arguments),
            cwd=home.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            **extra,
        )

    return call
