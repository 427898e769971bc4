"""Targets: who may be one, and its health: initial, healthy, draining, unused, or unhealthy.

moto keeps one target per id and calls all of them healthy. Here a target is an id *and* a port,
and its health follows from when it was registered, when its group came into use, and the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.aws import listeners, target_rules
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_DELAY = "deregistration_delay.timeout_seconds"
Key = tuple[str, int | None]  # id and port


@dataclass
class Target:
    """One registration."""

    id: str
    port: int | None
    zone: str | None
    registered: float
    drained: float | None = None  # when it will be gone; None while it is registered


class Targets:
    """The targets of every group, and which of them are broken."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._targets: dict[str, dict[Key, Target]] = {}
        self._in_use_since: dict[str, float] = {}
        self._broken: set[str] = set()

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "elbv2.*": self._watch,
            "elbv2.RegisterTargets": self._register,
            "elbv2.DeregisterTargets": self._deregister,
            "elbv2.DescribeTargetHealth": self._describe,
        }

    def fail(self, id_: str) -> None:
        """From now on the health checks of this instance id or address fail."""
        self._broken.add(id_)

    def mend(self, id_: str) -> None:
        """From now on they succeed again."""
        self._broken.discard(id_)

    def _watch(self, call: Call, proceed: Proceed) -> Any:
        """Notice when a group comes into use, and when it falls out of it."""
        payload = proceed()
        used = listeners.users(call.backend)
        for arn in call.backend.target_groups:
            if arn not in used:
                self._in_use_since.pop(arn, None)
            else:
                self._in_use_since.setdefault(arn, self._clock.now())
        return payload

    def _register(self, call: Call, proceed: Proceed) -> Any:
        group = _group(call)
        for asked in call.params["Targets"]:
            target_rules.check(call, group, asked)
        mine = self._targets.setdefault(group.arn, {})
        for asked in call.params["Targets"]:
            key = _key(group, asked)
            known = mine.get(key)
            if known is None or known.drained is not None:
                zone = asked.get("AvailabilityZone")
                mine[key] = Target(asked["Id"], key[1], zone, self._clock.now())

    def _deregister(self, call: Call, proceed: Proceed) -> Any:
        """Those that are not there are no error, as documented."""
        group = _group(call)
        mine = self._targets.get(group.arn, {})
        for asked in call.params["Targets"]:
            keys = [k for k in mine if k[0] == asked["Id"] and asked.get("Port") in (None, k[1])]
            for key in keys:
                if group.arn not in self._in_use_since:
                    del mine[key]
                elif mine[key].drained is None:
                    mine[key].drained = self._clock.now() + float(group.attributes[_DELAY])

    def _describe(self, call: Call, proceed: Proceed) -> Any:
        group = _group(call)
        present = {key: t for key, t in self._targets.get(group.arn, {}).items() if self._left(t)}
        asked = [_key(group, target) for target in call.params.get("Targets") or ()]
        shown = []
        for key in asked or present:
            target = present.get(key)
            health = self._health(call, group, target) if target else _unused("NotRegistered")
            shown.append(_shown(group, key, target, health))
        return {"TargetHealthDescriptions": shown}

    def _left(self, target: Target) -> bool:
        return target.drained is None or target.drained > self._clock.now()

    def _health(self, call: Call, group: Any, target: Target) -> dict[str, str]:
        if target.drained is not None:
            return _state("draining", "Target.DeregistrationInProgress")
        since = self._in_use_since.get(group.arn)
        if since is None:
            return _unused("NotInUse")
        instance = call.network.get_instance_by_id(target.id)
        if instance is not None and instance.state != "running":
            return _unused("InvalidState")
        if not _any_active(call.backend, group):
            return _state("initial", "Elb.RegistrationInProgress")
        if self._clock.now() < max(since, target.registered) + _first_checks(group):
            return _state("initial", "Elb.InitialHealthChecking")
        if target.id in self._broken:
            return _state("unhealthy", "Target.FailedHealthChecks")
        return {"State": "healthy"}


def _group(call: Call) -> Any:
    group = call.backend.target_groups.get(call.params["TargetGroupArn"])
    if group is None:
        raise Refused("TargetGroupNotFound", "One or more target groups not found")
    return group


def _key(group: Any, asked: Mapping[str, Any]) -> Key:
    port = asked.get("Port") or group.port
    return asked["Id"], None if port is None else int(port)


def _first_checks(group: Any) -> float:
    """Seconds until enough checks have succeeded: one for an ALB's targets, else the threshold."""
    checks = 1 if group.protocol in ("HTTP", "HTTPS") else int(group.healthy_threshold_count)
    return float(group.health_check_interval_seconds) * checks


def _any_active(store: Any, group: Any) -> bool:
    arns = listeners.users(store).get(group.arn, ())
    return any(store.load_balancers[arn].state == "active" for arn in arns)


def _state(state: str, reason: str) -> dict[str, str]:
    return {"State": state, "Reason": reason, "Description": f"{state}: {reason}"}


def _unused(reason: str) -> dict[str, str]:
    return _state("unused", f"Target.{reason}")


def _shown(group: Any, key: Key, target: Target | None, health: Mapping[str, str]) -> Any:
    described: dict[str, Any] = {"Id": key[0], "Port": key[1]}
    if target is not None and target.zone is not None:
        described["AvailabilityZone"] = target.zone
    port = group.health_check_port
    shown_port = str(key[1]) if port in (None, "traffic-port") else str(port)
    return {"Target": described, "HealthCheckPort": shown_port, "TargetHealth": health}
