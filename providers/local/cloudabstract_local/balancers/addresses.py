"""Addresses of balancers: taken from a pool once, and kept as long as the balancer lives."""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Wanted
from cloudabstract_local.envoy import ports
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record

from . import pools
from .kinds import ADDRESS
from .plane import Plane
from .recorded import RecordedDriver
from .snapshot import Snapshot, owner, title


class AddressDriver(RecordedDriver):
    """The verbs for `local.address`; its record is the reservation."""

    def __init__(self, plane: Plane) -> None:
        super().__init__(ADDRESS.name, plane)

    def _creation(self, wanted: Wanted, snapshot: Snapshot) -> Mapping[str, Record | None]:
        record = self._record(wanted, wanted.fields)
        pool = pools.parse(self._plane.settings.pools.get(wanted.fields["routability"], ()))
        held = _held(snapshot, record)
        if wanted.fields["wanted"]:
            address = self._named(wanted, pool, held)
        else:
            address = self._free(wanted, pool, held)
        return {wanted.name: self._record(wanted, {**wanted.fields, "ip": address})}

    def _named(self, wanted: Wanted, pool: pools.AddressPool, held: Mapping[str, Record]) -> str:
        """The address that the spec asks for, unless another balancer has it."""
        address: str = wanted.fields["wanted"]
        holder = held.get(address)
        if holder is not None and not pool.shared(wanted.fields["family"]):
            message = f"{address} is held by {title(holder)}"
            raise Refused(ErrorCode.EXHAUSTED, message, "take another address of the pool")
        return address

    def _free(self, wanted: Wanted, pool: pools.AddressPool, held: Mapping[str, Record]) -> str:
        """An address nobody has: no balancer of this root, and no other process of the machine."""
        family: str = wanted.fields["family"]
        strangers = ports.listening_addresses() - self._plane.addresses()
        shared = pool.shared(family)
        for address in pool.candidates(family, f"{self._plane.root.path}/{wanted.name}"):
            if shared or (address not in held and address not in strangers):
                return address
        message = f"no {family} address is left in the {wanted.fields['routability']} pool"
        raise Refused(ErrorCode.EXHAUSTED, message, "add addresses to the target's `pools`")


def _held(snapshot: Snapshot, record: Record) -> dict[str, Record]:
    """Addresses in use, by their holder; what the same balancer has is not in its way."""
    return {
        each.fields["ip"]: each
        for each in snapshot.of(ADDRESS.name).values()
        if owner(each) != owner(record) or each.fields["family"] != record.fields["family"]
    }
