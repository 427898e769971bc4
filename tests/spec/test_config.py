"""Configuration: found where it should be, with the origin of every value, explained if wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import pytest

from cloudabstract.errors import ConfigError
from cloudabstract.model.limits import Bytes, Ge, PortNumber, doc
from cloudabstract.spec import config
from cloudabstract.spec.config import Flags
from cloudabstract.spec.config_file import Where

SHOP = """\
stack: shop
target: laptop
targets:
  laptop: {provider: local}
  prod:
    provider: aws
    region: ap-northeast-2
store: history/shop.db
"""


@dataclass(frozen=True)
class Settings:
    """What a provider might want to know."""

    region: Annotated[str, doc("Where.")]
    endpoint_url: Annotated[str | None, doc("Another endpoint.")] = None
    medium: Annotated[Literal["image", "directory"], doc("What volumes are.")] = "image"
    retries: Annotated[int, Ge(0), doc("How often.")] = 3
    capacity: Annotated[Bytes | None, doc("A limit.")] = None
    ports: Annotated[Mapping[str, PortNumber], doc("Named ports.")] = field(default_factory=dict)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def project(home: Path) -> Path:
    """A project with a configuration, and a folder deep inside of it."""
    folder = home / "My Shop"
    (folder / "deep" / "inside").mkdir(parents=True)
    (folder / "cloudabstract.yaml").write_text(SHOP)
    return folder


def wrong(folder: Path, text: str) -> list[str]:
    """The problems of a configuration file, without its name."""
    path = folder / "cloudabstract.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(folder, environment={})
    return [str(each).removeprefix(f"{path}:") for each in caught.value.problems]


def test_without_any_file_there_is_one_local_target(home: Path) -> None:
    """The stack is called after the folder, the store is in the user's state folder."""
    folder = home / "My Shop_2"
    folder.mkdir()
    found = config.load(folder, environment={})
    assert (found.stack, found.target, found.file) == ("my-shop-2", "local", None)
    assert (found.chosen.name, found.chosen.provider) == ("local", "local")
    assert found.store == home / "state" / "cloudabstract" / "store.db"
    assert found.plugins is None
    assert set(found.origins.values()) == {"default"}


def test_the_nearest_file_upwards_counts(project: Path) -> None:
    """From a folder deep inside the project; every value has its line, the store its folder."""
    found = config.load(project / "deep" / "inside", environment={})
    file = project / "cloudabstract.yaml"
    assert (found.stack, found.target, found.file) == ("shop", "laptop", file)
    assert found.store == project / "history" / "shop.db"
    assert dict(found.targets["prod"].settings) == {"region": "ap-northeast-2"}
    assert found.origins == {
        "stack": f"{file}:1",
        "target": f"{file}:2",
        "store": f"{file}:8",
        "plugins": "default",
        "targets.laptop": f"{file}:4",
        "targets.prod": f"{file}:5",
    }


def test_the_users_own_file_counts_where_there_is_no_other(home: Path) -> None:
    """Its targets are everywhere; the stack is still called after the folder at hand."""
    own = home / "config" / "cloudabstract" / "cloudabstract.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("targets: {lab: {provider: local}}\n")
    folder = home / "work"
    folder.mkdir()
    found = config.load(folder, environment={})
    assert (found.stack, found.target, found.file) == ("work", "lab", own)


def test_flags_go_before_the_environment_and_that_before_the_file(project: Path) -> None:
    """Each value on its own, with its origin; an empty variable is as if it were not set."""
    variables = {"CLOUDABSTRACT_STACK": "b", "CLOUDABSTRACT_TARGET": "prod"}
    found = config.load(project, Flags(stack="c"), variables | {"CLOUDABSTRACT_STORE": ""})
    assert (found.stack, found.target) == ("c", "prod")
    assert found.origins["stack"] == "--stack"
    assert found.origins["target"] == "CLOUDABSTRACT_TARGET"
    assert found.origins["store"] == f"{project / 'cloudabstract.yaml'}:8"


def test_a_file_can_be_named(project: Path) -> None:
    """With a flag or a variable; then it is that one, wherever one stands."""
    elsewhere = project.parent / "ci.yaml"
    elsewhere.write_text("stack: ci\n")
    assert config.load(project, Flags(config=str(elsewhere)), {}).stack == "ci"
    variables = {"CLOUDABSTRACT_CONFIG": str(elsewhere)}
    assert config.load(project, environment=variables).stack == "ci"
    with pytest.raises(ConfigError, match=r"no\.yaml: there is no such file or folder"):
        config.load(project, Flags(config=str(project / "no.yaml")), {})


def test_several_targets_need_a_choice(home: Path) -> None:
    """Without one, nothing is chosen at random; a name that does not exist gets a near one."""
    (home / "cloudabstract.yaml").write_text(
        "targets: {laptop: {provider: local}, prod: {provider: aws}}\n"
    )
    with pytest.raises(ConfigError, match="several targets, and none of them is the default"):
        _ = config.load(home, environment={}).chosen
    with pytest.raises(ConfigError) as caught:
        _ = config.load(home, Flags(target="prd"), {}).chosen
    assert str(caught.value) == "--target: there is no target 'prd' (hint: did you mean 'prod'?)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "stak: shop\ntargets:\n  laptop: {provider: local}\n",
            ["1: stak: there is no such field (hint: did you mean 'stack'?)"],
        ),
        (
            "targets:\n  laptop: {root: /x}\n  prod: {provider: [aws]}\n",
            [
                "2: targets.laptop.provider: is required (hint: such as local, aws or gcp)",
                "3: targets.prod.provider: the provider is a name "
                "(hint: such as local, aws or gcp)",
            ],
        ),
        (
            "targets:\n  My Laptop: {provider: local}\n",
            [
                "2: targets['My Laptop']: this text must consist of lower case letters, digits "
                "and '-', and must start and end with a letter or digit"
            ],
        ),
        ("targets: [local]\n", ["1: targets: a list stands where a mapping is expected"]),
        (
            "stack: 12\n",
            ['1: stack: 12 is read as a number; text is expected (hint: quote it: "12")'],
        ),
        (
            "stack: Shop\n",
            [
                "1: stack: this text must consist of lower case letters, digits and '-', and must "
                "start and end with a letter or digit"
            ],
        ),
        ("plugins: mine\n", ["1: plugins: this text stands where a list is expected"]),
        ("a: [\n", ["1: a value is missing, or a bracket is not closed"]),
        ("stack: a\n---\nstack: b\n", ["3: configuration is one document; this is another"]),
        ("- a\n", ["1: a list stands where a mapping is expected"]),
    ],
)
def test_a_wrong_file_is_explained(text: str, expected: list[str], home: Path) -> None:
    """File, line, field, and what to do; all problems at once."""
    assert wrong(home, text) == expected


def test_a_name_that_no_stack_can_have_is_refused(home: Path) -> None:
    """Wherever it comes from."""
    with pytest.raises(ConfigError, match=r"^--stack: stack: 'My Shop' must consist of lower case"):
        config.load(home, Flags(stack="My Shop"), {})


def test_settings_are_typed(home: Path) -> None:
    """A provider's dataclass says what its settings are, under their names in Python."""
    (home / "cloudabstract.yaml").write_text(
        "targets:\n  a: {provider: x, region: here, endpoint_url: http://x, capacity: 1Gi}\n"
    )
    target = config.load(home, environment={}).chosen
    settings = config.typed_settings(Settings, target.settings, target.where)
    assert settings == Settings("here", endpoint_url="http://x", capacity=2**30)


def test_wrong_settings_are_explained_without_showing_them(home: Path) -> None:
    """Text in settings may be a secret: it is never part of a message."""
    path = home / "cloudabstract.yaml"
    path.write_text(
        "targets:\n  a:\n    provider: x\n    endpointUrl: hunter2\n    medium: hunter2\n"
        "    retries: hunter2\n    capacity: hunter2\n    ports: {http: hunter2}\n"
    )
    target = config.load(home, environment={}).chosen
    with pytest.raises(ConfigError) as caught:
        config.typed_settings(Settings, target.settings, target.where)
    assert [str(each).removeprefix(f"{path}:") for each in caught.value.problems] == [
        "2: targets.a.region: is required",
        "4: targets.a.endpointUrl: there is no such field (hint: did you mean 'endpoint_url'?)",
        "5: targets.a.medium: this text is not one of image, directory",
        "6: targets.a.retries: this text is not a whole number",
        "7: targets.a.capacity: this text is not a quantity such as 64Mi, 10Gi or 1500M",
        "8: targets.a.ports.http: this text is not a whole number",
    ]


def test_settings_may_come_from_python() -> None:
    """Without a file there is no place to show, but the problem is the same."""
    with pytest.raises(ConfigError, match=r"^retries: -1 is less than 0$"):
        config.typed_settings(Settings, {"region": "x", "retries": -1}, Where())


@pytest.mark.parametrize(
    ("folder", "stack"),
    [("shop", "shop"), ("My Shop", "my-shop"), ("--x--", "x"), ("", "default"), ("ü", "default")],
)
def test_a_folder_gives_the_stack_its_name(folder: str, stack: str) -> None:
    """Lower case, and '-' for whatever a label cannot have."""
    assert config.label(folder) == stack
