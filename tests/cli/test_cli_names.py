"""Names and selectors in every spelling that kubectl takes."""

from __future__ import annotations

from typing import Any

import click
import pytest

from cloudabstract.cli import names, selectors
from cloudabstract.cli.names import Pick
from cloudabstract.model import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_many_spellings(kind: str) -> None:
    """Singular, plural and short, in any case."""
    plural = f"{kind}es" if kind.endswith("s") else f"{kind}s"
    for word in (kind, kind.upper(), kind.lower(), plural, plural.lower(), *KINDS[kind].SHORT):
        assert names.kind(word) == kind


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), [Pick()]),
        (("all",), [Pick()]),
        (("lb",), [Pick("LoadBalancer")]),
        (("lb/web",), [Pick("LoadBalancer", "web")]),
        (("lb", "web", "api"), [Pick("LoadBalancer", "web"), Pick("LoadBalancer", "api")]),
        (("lb/web", "pvc/data"), [Pick("LoadBalancer", "web"), Pick("VolumeClaim", "data")]),
        (("lb/shop/web",), [Pick("LoadBalancer", "web", "shop")]),
        (("vol,vc",), [Pick("Volume"), Pick("VolumeClaim")]),
    ],
)
def test_words_pick_resources(words: tuple[str, ...], expected: list[Pick]) -> None:
    """As kubectl reads them."""
    assert names.picks(words) == expected


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("loadbalncer",), "did you mean 'loadbalancer'?"),
        (("lb/web", "vc"), "not both"),
        (("lb/",), "is not KIND/NAME"),
        (("a/b/c/d",), "is not KIND/NAME"),
        (("gadget",), "the kinds are LoadBalancer (lb)"),
    ],
)
def test_what_is_no_name_is_answered_with_one(words: tuple[str, ...], hint: str) -> None:
    """A usage error that says how it is written, or what was probably meant."""
    with pytest.raises(click.UsageError) as error:
        names.picks(words)
    assert hint in error.value.message


SELECTED = [
    ("app=shop", True),
    ("app==shop,tier!=db", True),
    ("app in (shop, other)", True),
    ("app notin (shop)", False),
    ("app", True),
    ("!app", False),
    ("tier!=web", True),
    ("missing=", False),
    ("app=shop,app in (x,y)", False),
]


@pytest.mark.parametrize(("text", "selects"), SELECTED)
def test_a_selector_selects_by_labels(text: str, selects: bool) -> None:
    """With the meaning that it has in Kubernetes."""
    assert selectors.parse(text).matches({"app": "shop"}) is selects


def test_what_is_no_selector_is_a_usage_error() -> None:
    """The part that is wrong is named."""
    with pytest.raises(click.UsageError, match="a b"):
        selectors.parse("app=shop,a b")


@pytest.fixture
def shop(home: Any, run: Any) -> Any:
    """Balancers in two namespaces, one with labels."""
    web = home.balancer("web")
    web = web.replace('{"name": "web"}, "spec"', '{"name": "web", "labels": {"a": "b"}}, "spec"')
    other = home.balancer("web").replace(
        '{"name": "web"}, "spec"', '{"name": "web", "namespace": "other"}, "spec"'
    )
    assert run("apply", "-f", home.write("shop.yaml", web, other)).exit_code == 0
    return home


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), ["LoadBalancer/web"]),
        (("-n", "other"), ["LoadBalancer/other/web"]),
        (("-A",), ["LoadBalancer/web", "LoadBalancer/other/web"]),
        (("-A", "-l", "a=b"), ["LoadBalancer/web"]),
        (("lb/other/web",), ["LoadBalancer/other/web"]),
        (("vc",), []),
        (("-l", "a!=b"), []),
    ],
)
def test_get_finds_what_was_asked_for(
    arguments: tuple[str, ...], found: list[str], shop: Any, run: Any
) -> None:
    """By namespace, label and name; namespace default unless another is named."""
    result = run("get", *arguments, "-o", "name")
    assert result.exit_code == 0
    assert result.stdout.split() == found


def test_a_missing_name_is_guessed(shop: Any, run: Any) -> None:
    """Exit 1, with the nearest name that there is."""
    result = run("get", "lb/wep")
    assert result.exit_code == 1
    assert result.stderr == "error: there is no LoadBalancer 'wep'\nhint: did you mean 'web'?\n"
