"""The provider as the engine and `doctor` see it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cloudabstract.errors import ConfigError, ErrorCode
from cloudabstract.provider import Batch, Marks
from cloudabstract_local import failures, plugin
from cloudabstract_local.provider import LocalProvider
from cloudabstract_local.records import TornError
from cloudabstract_local.root import UnsafeError
from cloudabstract_local.settings import InventoryHost, LocalSettings


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    """Settings with a root of the test's own."""
    return LocalSettings(root=str(tmp_path / "root"))


def test_the_plugin_offers_one_provider() -> None:
    """Its settings have defaults, so that no configuration at all is enough."""
    (offer,) = plugin.cloudabstract_providers()

    assert (offer.name, offer.settings) == ("local", LocalSettings)
    assert offer.open(offer.settings()).name == "local"


def test_importing_the_plugin_imports_no_envoy_and_no_server() -> None:
    """Neither Envoy's package nor cryptography, pydantic or an HTTP client is needed to plan."""
    heavy = ("envoy", "cryptography", "pydantic", "http.client", "yaml", "platformdirs")
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "import cloudabstract_local.plugin as plugin\n"
        "plugin.cloudabstract_providers()[0].open(plugin.LocalSettings())\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"


def test_kinds_fit_together(settings: LocalSettings) -> None:
    """Each kind is declared once, has a driver, and uses only declared kinds."""
    provider = LocalProvider(settings)
    names = [kind.name for kind in provider.kinds]

    assert len(set(names)) == len(names)
    assert provider.connect().drivers().keys() == set(names)
    assert {used for kind in provider.kinds for used in kind.uses} <= set(names)


def test_drivers_of_precious_kinds_can_mark(settings: LocalSettings) -> None:
    """Counting calls does not take that power away."""
    provider = LocalProvider(settings)
    drivers = provider.connect().drivers()

    assert all(isinstance(drivers[kind.name], Marks) for kind in provider.kinds if kind.precious)


def test_observing_an_untouched_root_finds_nothing_and_makes_nothing(
    settings: LocalSettings,
) -> None:
    """A plan on a fresh machine leaves no trace of itself."""
    session = LocalProvider(settings).connect()
    for driver in session.drivers().values():
        assert list(driver.observe(Batch("local", {"stack": "shop"}))) == []

    assert not Path(str(settings.root)).exists()


def test_calls_are_counted_by_verb_and_kind(settings: LocalSettings) -> None:
    """One batch is one call, however many objects there are."""
    session = LocalProvider(settings).connect()
    list(session.drivers()["local.listener"].observe(Batch("local", {"stack": "shop"})))

    assert session.calls == {"observe local.listener": 1}


def test_the_inventory_becomes_hosts(tmp_path: Path) -> None:
    """Names, addresses, labels and named ports are known to `expand`."""
    host = InventoryHost("one", "10.0.0.1", {"app": "web"}, "rack-1", {"main": 8080})
    settings = LocalSettings(root=str(tmp_path), inventory=[host])  # type: ignore[arg-type]
    facts = LocalProvider(settings).connect().survey(())

    (known,) = facts.hosts
    assert facts.place == "local"
    assert (known.name, known.address, known.zone) == ("one", "10.0.0.1", "rack-1")
    assert (known.labels, known.ports) == ({"app": "web"}, {"main": 8080})


def test_wrong_pools_are_a_configuration_error() -> None:
    """All of them are named, with the field they stand in."""
    pools = {"External": ("10.0.0.1", "nonsense"), "Internal": ("10.0.0.9-10.0.0.1",)}
    with pytest.raises(ConfigError) as wrong:
        LocalProvider(LocalSettings(pools=pools))  # type: ignore[arg-type]

    fields = [each.field for each in wrong.value.problems]
    assert fields == ["pools.External[1]", "pools.Internal[0]"]


def test_doctor_looks_at_everything(settings: LocalSettings) -> None:
    """Envoy runs here, addresses and ports can be had; every failed finding has a remedy."""
    found = {each.name: each for each in LocalProvider(settings).connect().checkup()}

    assert {"root", "envoy", "ports below 1024", "e2fsprogs", "mounting"} <= found.keys()
    assert {"pool External IPv4", "pool Internal IPv4"} <= found.keys()
    assert found["envoy"].ok, found["envoy"].message
    assert found["pool External IPv4"].ok, found["pool External IPv4"].message
    assert all(each.remedy for each in found.values() if not each.ok)


def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    """A binary that is none, and addresses of another machine, are found and explained."""
    settings = LocalSettings(
        root=str(tmp_path / "root"),
        envoy=str(tmp_path / "absent"),
        pools={"External": ("192.0.2.1",)},
    )
    found = {each.name: each for each in LocalProvider(settings).connect().checkup()}

    assert not found["envoy"].ok
    assert "absent" in found["envoy"].message
    assert not found["pool External IPv4"].ok
    assert all(each.remedy for each in found.values() if not each.ok)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "Permission denied"), ErrorCode.DENIED),
        (OSError(28, "No space left on device"), ErrorCode.EXHAUSTED),
        (OSError(16, "Device or resource busy"), ErrorCode.CONFLICT),
        (UnsafeError("x"), ErrorCode.INVALID),
        (TornError("x"), ErrorCode.INVALID),
        (failures.Refused(ErrorCode.TAKEN, "x"), ErrorCode.TAKEN),
        (RuntimeError("x"), ErrorCode.UNKNOWN),
    ],
)
def test_errors_are_told_in_the_engines_terms(error: Exception, code: ErrorCode) -> None:
    """What the engine does next follows from the code."""
    assert failures.classify(error).code is code
