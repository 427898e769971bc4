"""All records of the root at one moment, and the configurations that follow from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cloudabstract.provider import RESOURCE, STACK
from cloudabstract_local.envoy.config import Config, configuration
from cloudabstract_local.envoy.nouns import Certificate, Frontend, Member, Pool
from cloudabstract_local.records import Record, Records

from .kinds import ADDRESS, CERTIFICATE, ENDPOINTS, LISTENER, POOL

LEAVING = "leaving"  # a listener's field: it serves no more, and is about to be removed

ByName = Mapping[str, Record]


@dataclass(frozen=True)
class Snapshot:
    """Records by kind and name. `torn` tells of files that should be records and are not."""

    kinds: Mapping[str, ByName]
    torn: tuple[str, ...] = field(default=())

    def of(self, kind: str) -> ByName:
        """The records of one kind."""
        return self.kinds.get(kind, {})

    def changed(self, kind: str, changes: Mapping[str, Record | None]) -> Snapshot:
        """The same with these records in place of those of their names; None removes one."""
        merged = {**self.of(kind), **changes}
        left = {name: record for name, record in merged.items() if record is not None}
        return replace(self, kinds={**self.kinds, kind: left})

    def serving(self) -> Iterable[tuple[str, Frontend]]:
        """The frontends that should take traffic."""
        for name, record in self.of(LISTENER.name).items():
            if not record.fields.get(LEAVING):
                yield name, Frontend.of(name, record.fields)

    def users(self, record: Record) -> tuple[str, ...]:
        """The names of frontends that need this record to serve."""
        return tuple(name for name, frontend in self.serving() if self._needs(frontend, record))

    def _needs(self, frontend: Frontend, record: Record) -> bool:
        if record.kind == ADDRESS.name:
            holders = [
                each
                for each in self.of(ADDRESS.name).values()
                if each.fields["ip"] == frontend.address
                and owner(each) == owner(self.of(LISTENER.name)[frontend.name])
            ]
            return [each.name for each in holders] == [record.name]
        if record.kind == ENDPOINTS.name:
            return record.fields["pool"] in frontend.pools
        return record.name in (*frontend.pools, *frontend.certificates)

    @cached_property
    def configs(self) -> Mapping[int, Config]:
        """What each Envoy should be told, by its drain time in seconds."""
        groups: dict[int, list[Frontend]] = {}
        for _, frontend in self.serving():
            groups.setdefault(frontend.drain, []).append(frontend)
        pools, certificates = self._pools(), self._certificates()
        return {
            drain: configuration(frontends, pools, certificates)
            for drain, frontends in groups.items()
        }

    def _pools(self) -> list[Pool]:
        members = {
            record.fields["pool"]: tuple(Member(**each) for each in record.fields["members"])
            for record in self.of(ENDPOINTS.name).values()
        }
        return [
            Pool.of(name, record.fields, members.get(name, ()))
            for name, record in self.of(POOL.name).items()
        ]

    def _certificates(self) -> list[Certificate]:
        return [
            Certificate(name, record.fields["chain"], record.fields["key_file"])
            for name, record in self.of(CERTIFICATE.name).items()
        ]


def take(records: Mapping[str, Records]) -> Snapshot:
    """Read everything."""
    scans = {kind: each.scan() for kind, each in records.items()}
    by_name = {
        kind: {record.name: record for record in scan.records} for kind, scan in scans.items()
    }
    return Snapshot(by_name, tuple(text for scan in scans.values() for text in scan.torn))


def owner(record: Record) -> tuple[str, str]:
    """Whose it is: the stack, and the resource in it."""
    return record.labels.get(STACK, ""), record.labels.get(RESOURCE, "")


def title(record: Record) -> str:
    """The owner in words."""
    stack, resource = owner(record)
    return f"{resource or record.name} of stack {stack}" if stack else record.name
