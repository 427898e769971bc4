"""What a resource is like now, in the cells of a table: one function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudabstract.model import Resource, ResourceKey, Status, format_quantity

_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


@dataclass(frozen=True)
class Row:
    """One resource, to be shown. `resource` is None when only its status is known."""

    key: ResourceKey
    resource: Resource | None
    status: Status


Cell = Callable[[Row], str]


def state(status: Status) -> str:
    """One word: the phase, or what the conditions come down to."""
    if status.phase:
        return f"{status.phase} ({status.reason})" if status.reason else status.phase
    for kind in ("Accepted", "Programmed"):
        condition = status.condition(kind)
        if condition is not None and condition.status != "True":
            return condition.reason
    if status.ready_to_use is not None:
        return "Ready" if status.ready_to_use else "Pending"
    degraded = status.condition("Degraded")
    if degraded is not None and degraded.status == "True":
        return f"Degraded ({degraded.reason})"
    return "Ready" if status.condition("Programmed") else ""


def address(row: Row) -> str:
    """Where a balancer answers."""
    return ", ".join(str(each) for each in row.status.addresses)


def size(row: Row) -> str:
    """Capacity, or what a restore needs."""
    total = row.status.capacity or row.status.restore_size
    return format_quantity(total) if total else ""


def modes(row: Row) -> str:
    """Access modes, short."""
    return ",".join(_MODES[each] for each in row.status.access_modes)


def labels(row: Row) -> str:
    """Labels as `-l` takes them."""
    given = row.resource.metadata.labels if row.resource is not None else {}
    return ",".join(f"{key}={value}" for key, value in sorted(given.items()))


def native(row: Row) -> str:
    """The native objects' ids."""
    return ", ".join(each.id for each in row.status.external_resources)


def healthy(row: Row) -> str:
    """`2/3`: backends that pass their checks."""
    all_of_them = row.status.backends
    well = sum(each.health == "Healthy" for each in all_of_them)
    return f"{well}/{len(all_of_them)}" if all_of_them else ""


def _spec(*path: str) -> Cell:
    """A cell with a field of the spec."""

    def cell(row: Row) -> str:
        value: object = row.resource.spec if row.resource is not None else None
        for step in path:
            value = getattr(value, step, None)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else str(value)

    return cell


def _ports(row: Row) -> str:
    ports = row.resource.spec.ports if row.resource is not None else ()
    return ",".join(f"{each.port}/{each.protocol}" for each in ports)


def _holder(row: Row) -> str:
    held = row.resource.spec.claim_ref if row.resource is not None else None
    return f"{held.namespace}/{held.name}" if held is not None else ""


def _source(row: Row) -> str:
    source = row.resource.spec.source if row.resource is not None else None
    if source is None:
        return ""
    return f"VolumeClaim/{source.claim}" if source.claim else f"Volume/{source.volume}"


def _name(row: Row) -> str:
    return row.key.name


def _state(row: Row) -> str:
    return state(row.status)


def _volume(row: Row) -> str:
    return row.status.volume_name


def _path(row: Row) -> str:
    return row.status.path or row.status.device


_CLASS = _spec("volume_class_name")
COLUMNS: dict[str, dict[str, Cell]] = {
    "LoadBalancer": {
        "name": _name,
        "class": _spec("load_balancer_class"),
        "address": address,
        "ports": _ports,
        "status": _state,
    },
    "Volume": {
        "name": _name,
        "status": _state,
        "capacity": size,
        "modes": modes,
        "claim": _holder,
        "class": _CLASS,
    },
    "VolumeClaim": {
        "name": _name,
        "status": _state,
        "volume": _volume,
        "capacity": size,
        "modes": modes,
        "class": _CLASS,
    },
    "VolumeClass": {
        "name": _name,
        "tier": _spec("performance", "tier"),
        "reclaim": _spec("reclaim_policy"),
        "binding": _spec("volume_binding_mode"),
        "growable": _spec("allow_volume_expansion"),
        "default": _spec("default"),
    },
    "VolumeAttributesClass": {"name": _name, "tier": _spec("performance", "tier")},
    "VolumeSnapshot": {"name": _name, "status": _state, "size": size, "source": _source},
    "VolumeAttachment": {
        "name": _name,
        "status": _state,
        "source": _source,
        "instance": _spec("instance"),
        "device": _path,
    },
}
WIDE: dict[str, dict[str, Cell]] = {
    "LoadBalancer": {"routability": _spec("routability"), "healthy": healthy},
    "Volume": {"reclaim": _spec("reclaim_policy")},
    "VolumeClaim": {"path": _path},
}
WIDE_ALWAYS: dict[str, Cell] = {"objects": native, "labels": labels}
