"""Layer one: what a provider promises without a target. No session, no socket, no SDK."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from typing import Any

import pytest

from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import resolve
from cloudabstract.model import traits
from cloudabstract.provider import CODES, Facts, Part, Ref, Severity, refs
from cloudabstract.store import Memory

from .bench import STACK_NAME, Bench
from .layer import Layer

_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_PROBE = "import sys, {}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"


class Pure(Layer):
    """What is true of check, expand, kinds and settings."""

    @pytest.fixture
    def facts(self, bench: Bench) -> Facts:
        """What a session surveys for all samples."""
        return bench.facts(each for one in self.samples().values() for each in one.resources)

    def expanded(self, bench: Bench, capability: str, facts: Facts) -> tuple[NamedPart, ...]:
        """The parts of a sample."""
        resources = self.sample(capability).resources
        return resolve(STACK_NAME, resources, bench.provider, facts, Memory()).parts

    def test_importing_the_plugin_imports_no_sdk(self) -> None:
        """A fresh interpreter that imports the plugin has not loaded the SDK."""
        command = [sys.executable, "-c", _PROBE.format(self.harness.plugin)]
        loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        assert set(loaded) & set(self.harness.sdk) == set()

    def test_expanding_twice_gives_the_same_parts(
        self, bench: Bench, capability: str, facts: Facts
    ) -> None:
        """Parts depend on the resource and the facts alone, and come in the same order."""
        for resource in self.sample(capability).resources:
            first = [repr(each) for each in bench.provider.expand(resource, facts)]
            second = [repr(each) for each in bench.provider.expand(resource, facts)]
            assert first == second, f"{resource.key} expands differently the second time"

    def test_check_and_expand_touch_no_network(
        self, bench: Bench, capability: str, facts: Facts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither opens a socket nor looks up a name."""

        def refuse(*args: Any, **kwargs: Any) -> Any:
            raise AssertionError("check and expand must not touch the network")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        self.harness.offer.open(self.harness.settings())
        for resource in self.sample(capability).resources:
            assert isinstance(tuple(bench.provider.check(resource)), tuple)
            assert isinstance(tuple(bench.provider.expand(resource, facts)), tuple)

    def test_wanted_values_are_json_values(
        self, bench: Bench, capability: str, facts: Facts
    ) -> None:
        """What is wanted survives JSON unchanged, with refs and tuples apart."""
        for named in self.expanded(bench, capability, facts):
            plain = _plain(named.part.want)
            assert json.loads(json.dumps(plain)) == plain, f"{named.key}: {plain}"

    def test_refs_point_at_parts_that_exist_and_kinds_that_are_declared(
        self, bench: Bench, capability: str, facts: Facts
    ) -> None:
        """Each ref leads to a part of the same expansion, of a kind in `uses`."""
        parts = self.expanded(bench, capability, facts)
        known = {named.key for named in parts}
        for named in parts:
            targets = [ref.to for ref in refs(dict(named.part.want))]
            for target in (*targets, *named.part.after):
                assert target in known, f"{named.key} points at {target}, which is no part"
            for target in targets:
                assert target.kind in named.kind.uses, f"{named.key.kind} must use {target.kind}"

    def test_every_part_stands_in_a_place_of_the_target(
        self, bench: Bench, capability: str, facts: Facts
    ) -> None:
        """A place that `survey` does not tell is never looked into when a store was lost."""
        for named in self.expanded(bench, capability, facts):
            assert named.place in facts.places, f"{named.key} stands in {named.place!r}"

    def test_bytes_are_in_parts_of_known_role_and_precious_kind(
        self, bench: Bench, capability: str, facts: Facts
    ) -> None:
        """A volume's data is in role `volume`, a snapshot's in `snapshot`; both are precious."""
        parts = self.expanded(bench, capability, facts)
        for resource, role in (("Volume", "volume"), ("VolumeSnapshot", "snapshot")):
            ours = [each for each in parts if each.key.resource.kind == resource]
            holders = [each for each in ours if each.key.role == role]
            assert bool(holders) == bool(ours), f"no part of {resource} has role {role!r}"
            assert all(each.kind.precious for each in holders)

    def test_kinds_are_named_after_the_provider(self, bench: Bench) -> None:
        """`<provider>.<object>`, each once, using declared kinds only."""
        names = [kind.name for kind in bench.provider.kinds]
        assert len(names) == len(set(names))
        for kind in bench.provider.kinds:
            assert kind.name.split(".")[0] == bench.provider.name, kind.name
            assert set(kind.uses) <= set(names), f"{kind.name} uses an undeclared kind"

    def test_names_may_be_long_enough(self, bench: Bench) -> None:
        """The engine's names need twenty characters or more."""
        assert [kind.name for kind in bench.provider.kinds if kind.name_limit < 20] == []

    def test_every_kind_is_in_a_sample(self, bench: Bench, kind: str) -> None:
        """What no sample makes is not tested: add a sample, or remove the kind."""
        assert bench.sample_of(kind)[1].key.kind == kind

    def test_declared_fields_are_wanted(self, bench: Bench, kind: str) -> None:
        """Fixed, birth, identity and effect fields are fields that parts have."""
        declared = bench.kinds[kind]
        named = declared.fixed | declared.birth | declared.identity | set(declared.effects)
        _, part = bench.sample_of(kind)
        assert named <= set(part.part.want), f"{kind}: {sorted(named - set(part.part.want))}"
        assert not declared.fixed & declared.birth, f"{kind}: fixed or birth, not both"
        assert declared.seat <= declared.fixed, f"{kind}: who leaves a seat leaves it for good"
        assert declared.exclusive or not declared.seat, f"{kind}: only exclusive kinds have a seat"

    def test_what_has_no_name_is_told_by_its_parent(self, bench: Bench, kind: str) -> None:
        """Identity fields include a ref to a kind in `uses`, and are fixed."""
        declared = bench.kinds[kind]
        _, part = bench.sample_of(kind)
        parents = [ref.to.kind for field in declared.identity for ref in _refs(part.part, field)]
        assert set(parents) & set(declared.uses) or not declared.identity
        assert declared.identity <= declared.fixed, f"{kind}: identity fields must be fixed"

    def test_samples_are_accepted(self, bench: Bench, capability: str) -> None:
        """No sample meets a rejection: what is sampled is what the target can do."""
        desired = bench.desired(self.sample(capability).resources)
        rejected = [each for each in desired.objections if each.severity is Severity.REJECT]
        assert rejected == []

    def test_built_in_classes_are_there(self, bench: Bench) -> None:
        """standard (the only default), fast, cold and shared."""
        classes = {each.metadata.name: each for each in bench.provider.classes}
        assert {"standard", "fast", "cold", "shared"} <= set(classes)
        assert [name for name, each in classes.items() if each.spec.default] == ["standard"]

    def test_settings_are_documented(self) -> None:
        """Each setting has a type and a `doc`."""
        settings: Any = self.harness.offer.settings
        assert [each.name for each in traits.fields(settings) if not each.doc] == []

    def test_objections_say_what_and_what_else(self, bench: Bench) -> None:
        """Known codes, a field of the spec, a message; a way out; a reason when degrading."""
        for odd in self.oddities():
            for each in bench.provider.check(odd.resource):
                assert each.code in CODES, f"{each.code} is not in CODES"
                assert each.field.split(".")[0] == "spec", f"{each.code}: {each.field!r}"
                assert each.message, f"{each.code} has no message"
                if each.severity is Severity.REJECT:
                    assert each.alternative, f"{each.code} has no alternative"
                if each.severity is Severity.DEGRADE:
                    assert _CAMEL.fullmatch(each.reason), f"{each.code}: {each.reason!r}"


def _plain(value: Any) -> Any:
    if isinstance(value, Ref):
        return f"{value.to}.{value.field}"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _refs(part: Part, field: str) -> tuple[Ref, ...]:
    return tuple(refs(part.want.get(field)))
