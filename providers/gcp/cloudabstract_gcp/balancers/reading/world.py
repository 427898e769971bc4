"""What was found, by link, and who uses what. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cloudabstract.provider import Found, Host, Kind
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers import kinds

_LEADING = ("backendService", "target")


class World:
    """Everything found. A stranger's global object is seen in every place; one place counts."""

    def __init__(self, found: Iterable[Found], place: str) -> None:
        self._found: dict[tuple[str, str], Found] = {}
        for each in sorted(found, key=lambda one: (one.place != place, one.place)):
            self._found.setdefault((each.kind, link_of(each)), each)
        self._services: defaultdict[str, set[str]] = defaultdict(set)  # service -> rules
        self._checks: defaultdict[str, set[str]] = defaultdict(set)  # health check -> services
        self.taken: set[tuple[str, str]] = set()  # (kind, link) of what belongs to a balancer read
        for rule in self.of(kinds.FORWARDING_RULE):
            self._services[rule.fields["backendService"]].add(link_of(rule))
        for service in self.of(kinds.BACKEND_SERVICE):
            for check in service.fields["healthChecks"]:
                self._checks[check].add(link_of(service))

    def of(self, kind: Kind) -> list[Found]:
        """All objects of a kind, by name."""
        chosen = (each for (name, _), each in self._found.items() if name == kind.name)
        return sorted(chosen, key=lambda each: (each.name, each.id))

    def one(self, kind: Kind, link: str) -> Found | None:
        """The object of that kind with that link; for endpoints the link of their group."""
        return self._found.get((kind.name, link))

    def fronts(self) -> list[list[Found]]:
        """The rules that lead somewhere, by the address that they share and by what they are."""
        together: defaultdict[tuple[str, ...], list[Found]] = defaultdict(list)
        for rule in self.of(kinds.FORWARDING_RULE):
            fields = rule.fields
            if any(fields[each] for each in _LEADING) and ":" not in fields["IPAddress"]:
                through = "through" if fields["backendService"] else "web"
                where = (fields["scope"], rule.place, fields["IPAddress"], through)
                together[where].append(rule)
        return [sorted(rules, key=_seat) for _, rules in sorted(together.items())]

    def rules_of(self, service: str) -> set[str]:
        """The links of the rules that lead straight to a backend service."""
        return self._services[service]

    def services_of(self, check: str) -> set[str]:
        """The links of the services that use a health check."""
        return self._checks[check]

    def address(self, rule: Found) -> Found | None:
        """The reserved address that a rule has."""
        scope = places.scope_of(link_of(rule))
        for each in self.of(kinds.ADDRESS):
            same = each.fields.get("address") == rule.fields["IPAddress"]
            if same and places.scope_of(link_of(each)) == scope:
                return each
        return None

    def hosts(self) -> tuple[Host, ...]:
        """The instances that are in any group, as a survey would tell them."""
        known: dict[tuple[str, str], Host] = {}
        for each in self.of(kinds.ENDPOINTS):
            for member in each.fields["members"]:
                link, address = member["instance"], member["ipAddress"]
                if link:
                    zone = places.scope_of(link).name
                    host = Host(places.name_of(link), address, {}, link, zone)
                    known.setdefault((link, address), host)
        return tuple(known[key] for key in sorted(known))


def link_of(found: Found) -> str:
    """The link of an object, or of the group whose endpoints it is."""
    return str(found.fields.get("link") or found.fields.get("group", ""))


def _seat(rule: Found) -> tuple[int, str]:
    ports = rule.fields["ports"] or [str(rule.fields["portRange"]).partition("-")[0]]
    numbers = [int(each) for each in ports if str(each).isdigit()]
    return min(numbers, default=0), rule.name
