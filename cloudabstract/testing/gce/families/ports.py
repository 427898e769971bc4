"""The ports of forwarding rules: how they are given, and when two rules want the same."""

from __future__ import annotations

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.records import Fields

_MOST = 5
_WITH_PORTS = ("TCP", "UDP", "SCTP")


def check(fields: Fields) -> None:
    """Ports are given in one way, the way of the product, and within bounds.

    A single port in `portRange` is turned into a range. Raises ApiError 400.
    """
    given = [name for name in ("ports", "portRange", "allPorts") if fields.get(name)]
    if len(given) > 1:
        detail = "ports, portRange and allPorts are mutually exclusive."
        raise errors.invalid(f"resource.{given[0]}", fields[given[0]], detail)
    if given and given != ["allPorts"] and fields["IPProtocol"] not in _WITH_PORTS:
        raise errors.invalid("resource.IPProtocol", fields["IPProtocol"], "It has no ports.")
    _of_product(fields)
    if len(fields.get("ports", ())) > _MOST:
        raise errors.invalid("resource.ports", fields["ports"], f"At most {_MOST} ports.")
    for low, high in spans(fields):
        if not 1 <= low <= high <= 65535:
            raise errors.invalid("resource.ports", f"{low}-{high}", "Not a range of ports.")
    if "portRange" in fields:
        (low, high), *_ = spans(fields)
        fields["portRange"] = f"{low}-{high}"


def _of_product(fields: Fields) -> None:
    if fields.get("target") and fields.get("ports"):
        raise errors.invalid("resource.ports", fields["ports"], "Proxies take a portRange.")
    if fields["loadBalancingScheme"] == "INTERNAL" and fields.get("portRange"):
        detail = "Internal passthrough load balancers take ports or allPorts."
        raise errors.invalid("resource.portRange", fields["portRange"], detail)


def spans(fields: Fields) -> list[tuple[int, int]]:
    """The ranges of ports that a rule takes; all of them when it names none."""
    listed = fields.get("ports") or ([fields["portRange"]] if fields.get("portRange") else [])
    found = []
    for text in listed:
        low, _, high = str(text).partition("-")
        if not low.isdigit() or not (high or low).isdigit():
            raise errors.invalid("resource.ports", text, "Must be a port or a range of ports.")
        found.append((int(low), int(high or low)))
    return found or [(1, 65535)]


def overlap(ours: Fields, theirs: Fields) -> bool:
    """Whether two rules share a port."""
    return any(a <= d and c <= b for a, b in spans(ours) for c, d in spans(theirs))
