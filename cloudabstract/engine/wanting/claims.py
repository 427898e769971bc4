"""Which volume a claim gets: the binding algorithm of Kubernetes, pure, with its reasons.

The order of the questions is that of FindMatchingVolume in kubernetes/component-helpers. Each
volume is asked all of them until one fails; `Verdict.failed` names the first, so that `explain`
can tell for every volume why it was passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloudabstract.model import Volume, VolumeClaim, format_quantity


@dataclass(frozen=True)
class Candidate:
    """A volume as the binder sees it. `holder` is the claim it is bound to or reserved for."""

    volume: Volume
    phase: str = "Available"
    holder: tuple[str, str] | None = None  # (namespace, name)
    deleting: bool = False

    @property
    def name(self) -> str:
        return self.volume.metadata.name


@dataclass(frozen=True)
class Ask:
    """A claim with what the rest of the spec says about it."""

    claim: VolumeClaim
    class_name: str  # the effective class; "" for none
    waits: bool = False  # the class is WaitForFirstConsumer and there is no consumer
    consumer: bool = False
    zone: str = ""  # the consumer's zone, when known

    @property
    def who(self) -> tuple[str, str]:
        return self.claim.metadata.namespace, self.claim.metadata.name


@dataclass(frozen=True)
class Verdict:
    """What one volume answered: `failed` is the first question it failed, "" if it fits."""

    volume: str
    failed: str = ""
    text: str = ""


@dataclass(frozen=True)
class Match:
    """The volume to bind, if any, and every volume's verdict in the order asked."""

    volume: Volume | None
    verdicts: tuple[Verdict, ...]


def find(ask: Ask, candidates: Iterable[Candidate]) -> Match:
    """The smallest volume that fits, or the one that is reserved for this claim."""
    if ask.claim.spec.volume_name is not None:
        return _find_named(ask, candidates)
    verdicts: list[Verdict] = []
    smallest: Volume | None = None
    for candidate in candidates:
        verdict = judge(ask, candidate)
        verdicts.append(verdict)
        if candidate.holder == ask.who and not _unfit(ask, candidate):
            fits = not verdict.failed
            return Match(candidate.volume if fits else None, tuple(verdicts))
        if not verdict.failed and _smaller(candidate.volume, smallest):
            smallest = candidate.volume
    return Match(smallest, tuple(verdicts))


def judge(ask: Ask, candidate: Candidate) -> Verdict:
    """The first question that `candidate` fails for `ask`."""
    failed = _unfit(ask, candidate)
    if not failed and candidate.holder == ask.who:
        failed = _far(ask, candidate)
    elif not failed:
        failed = _unavailable(ask, candidate)
    return Verdict(candidate.name, *failed) if failed else Verdict(candidate.name)


def _find_named(ask: Ask, candidates: Iterable[Candidate]) -> Match:
    """With `volumeName` only that one is asked; topology does not count (semantics 3.3)."""
    for candidate in candidates:
        if candidate.name != ask.claim.spec.volume_name:
            continue
        failed = (
            _unfit(ask, candidate)
            or (candidate.holder != ask.who and _not_free(candidate))
            or _other_class(ask, candidate)
            or _modes(ask, candidate)
        )
        if failed:
            return Match(None, (Verdict(candidate.name, *failed),))
        return Match(candidate.volume, (Verdict(candidate.name),))
    wanted = ask.claim.spec.volume_name or ""
    return Match(None, (Verdict(wanted, "volumeName", "there is no such volume"),))


_Failed = tuple[str, str] | None


def _unfit(ask: Ask, candidate: Candidate) -> _Failed:
    """The questions that come before a reservation counts."""
    spec, claim = candidate.volume.spec, ask.claim.spec
    if candidate.holder is not None and candidate.holder != ask.who:
        return "claimRef", f"it is held for VolumeClaim {'/'.join(candidate.holder)}"
    wanted = claim.resources.requests.storage
    if spec.capacity.storage < wanted:
        return "capacity", (
            f"it has {format_quantity(spec.capacity.storage)}, asked are {format_quantity(wanted)}"
        )
    if spec.volume_mode != claim.volume_mode:
        return "volumeMode", f"it is {spec.volume_mode}, asked is {claim.volume_mode}"
    if candidate.deleting:
        return "deletion", "it is being deleted"
    return None


def _unavailable(ask: Ask, candidate: Candidate) -> _Failed:
    """The questions to a volume that is not reserved for this claim, in Kubernetes' order."""
    if ask.waits and not ask.consumer:
        return "consumer", "the class waits for a first consumer"
    return (
        _not_free(candidate)
        or _unselected(ask, candidate)
        or _other_class(ask, candidate)
        or _far(ask, candidate)
        or _modes(ask, candidate)
    )


def _not_free(candidate: Candidate) -> _Failed:
    if candidate.phase != "Available":
        return "phase", f"it is {candidate.phase}"
    return None


def _unselected(ask: Ask, candidate: Candidate) -> _Failed:
    selector = ask.claim.spec.selector
    if selector is not None and not selector.matches(candidate.volume.metadata.labels):
        return "selector", "its labels do not match the selector"
    return None


def _other_class(ask: Ask, candidate: Candidate) -> _Failed:
    has = candidate.volume.spec.volume_class_name
    if has != ask.class_name:
        return "class", f"its class is {has!r}, asked is {ask.class_name!r}"
    return None


def _far(ask: Ask, candidate: Candidate) -> _Failed:
    zones = candidate.volume.spec.topology.zones
    if ask.zone and zones and ask.zone not in zones:
        return "topology", f"it stands in {', '.join(zones)}, the consumer in {ask.zone}"
    return None


def _modes(ask: Ask, candidate: Candidate) -> _Failed:
    missing = set(ask.claim.spec.access_modes) - set(candidate.volume.spec.access_modes)
    if missing:
        return "accessModes", f"it does not offer {', '.join(sorted(missing))}"
    return None


def _smaller(volume: Volume, than: Volume | None) -> bool:
    return than is None or volume.spec.capacity.storage < than.spec.capacity.storage
