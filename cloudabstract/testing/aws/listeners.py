"""Listeners and rules: one to a port, protocols that fit, a target group with one balancer only.

moto knows neither QUIC nor changes of a listener to UDP or TLS; for those it is shown a protocol
that it knows, and the listener gets its own afterwards.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.elbv2.models import FakeAction

from cloudabstract.testing.aws.placing import check_family
from cloudabstract.testing.aws.refusal import Refused, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_FITS = {  # a listener's protocol: the target groups it can forward to
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP", "TCP_QUIC"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "QUIC": ("QUIC", "TCP_QUIC"),
    "TCP_QUIC": ("TCP_QUIC",),
}
_SECURE = ("HTTPS", "TLS")
QUIC = ("QUIC", "TCP_QUIC")
STAND_IN = "TCP_UDP"  # what moto takes QUIC for
_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"


def rules() -> Mapping[str, Rule]:
    """By call."""
    return {
        "elbv2.CreateListener": _create,
        "elbv2.ModifyListener": _modify,
        "elbv2.DescribeListeners": _describe,
        "elbv2.CreateRule": _create_rule,
        "elbv2.ModifyRule": _modify_rule,
    }


def users(store: Any) -> dict[str, set[str]]:
    """The balancers that use each target group, by ARN."""
    found: dict[str, set[str]] = {}
    for balancer in store.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                for arn in _forwarded([action.data for action in rule.actions]):
                    found.setdefault(arn, set()).add(balancer.arn)
    return found


def _create(call: Call, proceed: Proceed) -> Any:
    balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
    if balancer is None:
        return proceed()
    protocol, port = call.params.get("Protocol"), call.params.get("Port")
    actions = call.params["DefaultActions"]
    _check_certificates(call, protocol, call.params.get("Certificates") or ())
    check_family(protocol, balancer.ip_address_type)
    if protocol in QUIC and balancer.type != "network":
        raise not_valid(f"Listener protocol '{protocol}' needs a Network Load Balancer")
    _check_targets(call.backend, protocol, balancer.arn, actions)
    for listener in balancer.listeners.values():
        if listener.port == port:
            return {"Listeners": [_same(listener, call.params)]}
    if protocol in QUIC:
        call.params["Protocol"] = STAND_IN
    payload = proceed()
    if protocol is not None:
        payload["Listeners"][0].protocol = protocol
    return payload


def _same(listener: Any, params: Mapping[str, Any]) -> Any:
    """The listener of this port, if it has these settings."""
    wanted = [FakeAction(action).data for action in copy.deepcopy(params["DefaultActions"])]
    arns = [certificate["CertificateArn"] for certificate in params.get("Certificates") or ()]
    if (
        listener.protocol == params.get("Protocol")
        and listener.ssl_policy == params.get("SslPolicy", _DEFAULT_POLICY)
        and listener.certificates[:1] == arns
        and [action.data for action in listener.default_actions] == wanted
        and list(listener.alpn_policy) == list(params.get("AlpnPolicy") or ())
    ):
        return listener
    raise Refused("DuplicateListener", f"A listener already exists on port {listener.port}")


def _modify(call: Call, proceed: Proceed) -> Any:
    store, params = call.backend, call.params
    listener = _find(store, params["ListenerArn"])
    balancer = store.load_balancers[listener.load_balancer_arn]
    protocol = params.get("Protocol") or listener.protocol
    port = params.get("Port")
    if any(other.port == port for other in balancer.listeners.values() if other is not listener):
        raise Refused("DuplicateListener", f"A listener already exists on port {port}")
    certificates = params.get("Certificates")
    if certificates or not listener.certificates:
        _check_certificates(call, protocol, certificates or [])
    check_family(protocol, balancer.ip_address_type)
    if params.get("DefaultActions"):
        _check_targets(store, protocol, balancer.arn, params["DefaultActions"])
    if protocol != "HTTPS":
        params.pop("Protocol", None)
    payload = proceed()
    listener.protocol = protocol
    if certificates:
        listener.certificates = [item["CertificateArn"] for item in certificates]
        listener.certificate = listener.certificates[0]
    return payload


def _describe(call: Call, proceed: Proceed) -> Any:
    """Each ARN asked for must exist; moto is content with one of them."""
    for arn in call.params.get("ListenerArns") or ():
        _find(call.backend, arn)
    return proceed()


def _create_rule(call: Call, proceed: Proceed) -> Any:
    listener = _find(call.backend, call.params["ListenerArn"])
    arn = listener.load_balancer_arn
    _check_targets(call.backend, listener.protocol, arn, call.params["Actions"])
    return proceed()


def _modify_rule(call: Call, proceed: Proceed) -> Any:
    rule = call.backend.describe_rules(None, [call.params["RuleArn"]])[0]
    listener = _find(call.backend, rule.listener_arn)
    actions = call.params.get("Actions") or ()
    _check_targets(call.backend, listener.protocol, listener.load_balancer_arn, actions)
    return proceed()


def _find(store: Any, arn: str) -> Any:
    for balancer in store.load_balancers.values():
        if arn in balancer.listeners:
            return balancer.listeners[arn]
    raise Refused("ListenerNotFound", f"Listener '{arn}' not found")


def _forwarded(actions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for action in actions:
        if action.get("TargetGroupArn"):
            yield action["TargetGroupArn"]
        for group in (action.get("ForwardConfig") or {}).get("TargetGroups") or ():
            yield group["TargetGroupArn"]


def _check_certificates(call: Call, protocol: str | None, certificates: Sequence[Any]) -> None:
    if protocol not in _SECURE:
        return
    if len(certificates) != 1:
        raise not_valid(f"Exactly one certificate must be specified for {protocol} listeners")
    arn = certificates[0]["CertificateArn"]
    if not call.backend._certificate_exists(certificate_arn=arn):
        raise Refused("CertificateNotFound", f"Certificate ARN '{arn}' is not valid")


def _check_targets(
    store: Any, protocol: str | None, balancer_arn: str, actions: Sequence[Mapping[str, Any]]
) -> None:
    """Target groups must exist, speak a protocol that fits, and belong to no other balancer."""
    used = users(store)
    for arn in _forwarded(actions):
        group = store.target_groups.get(arn)
        if group is None:
            raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
        if protocol in _FITS and group.protocol and group.protocol not in _FITS[protocol]:
            message = f"{protocol} listeners cannot forward to {group.protocol} target groups"
            raise Refused("IncompatibleProtocols", message)
        if used.get(arn, set()) - {balancer_arn}:
            message = f"Target group '{arn}' is already associated with another load balancer"
            raise Refused("TargetGroupAssociationLimit", message)
