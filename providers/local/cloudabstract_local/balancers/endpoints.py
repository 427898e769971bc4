"""The backends of pools, with the health that Envoy sees."""

from __future__ import annotations

from collections.abc import Iterable

from cloudabstract.provider import Found
from cloudabstract_local.envoy import handover
from cloudabstract_local.records import Record

from .kinds import ENDPOINTS, POOL
from .plane import Plane
from .recorded import RecordedDriver

HEALTHY, UNHEALTHY, UNKNOWN = "Healthy", "Unhealthy", "Unknown"


class EndpointsDriver(RecordedDriver):
    """The verbs for `local.endpoints`.

    Found objects have one more field, `seen`: the health of each member, from the running Envoy.
    """

    def __init__(self, plane: Plane) -> None:
        super().__init__(ENDPOINTS.name, plane)

    def _found(self, records: Iterable[Record]) -> Iterable[Found]:
        taken = list(records)
        seen = self._seen() if taken else {}
        pools = self._plane.records[POOL.name]
        for record in taken:
            pool = pools.read(record.fields["pool"])
            checked = pool is not None and pool.fields["check"] is not None
            seats = [(each["address"], each["port"]) for each in record.fields["members"]]
            known = seen.get(record.fields["pool"], {}) if checked else {}
            yield self._told(record, seen=[known.get(seat, UNKNOWN) for seat in seats])

    def _seen(self) -> dict[str, dict[tuple[str, int], str]]:
        """Pool -> (address, port) -> health, as Envoy's checks have it."""
        return {
            pool: {
                handover.host_of(each): HEALTHY if handover.healthy(each) else UNHEALTHY
                for each in statuses
            }
            for pool, statuses in self._plane.hosts()
        }
