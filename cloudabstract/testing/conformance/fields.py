"""Promise one: no field of a spec is ever silently ignored."""

from __future__ import annotations

from cloudabstract.provider import Facts, Severity

from .bench import Bench
from .layer import Layer


class Fields(Layer):
    """Each field is honoured (parts differ), or an objection says that it is not."""

    def test_no_field_is_silently_ignored(self, bench: Bench, field: str) -> None:
        """An unusual value changes what is wanted, or meets an objection."""
        odd = next(each for each in self.oddities() if each.field == field)
        facts: Facts = bench.facts((odd.usual, odd.resource))
        objections = tuple(bench.provider.check(odd.resource))
        known = {each.code for each in bench.provider.check(odd.usual)}
        if any(each.severity is Severity.REJECT or each.code not in known for each in objections):
            return
        usual = [repr(each) for each in bench.provider.expand(odd.usual, facts)]
        parts = [repr(each) for each in bench.provider.expand(odd.resource, facts)]
        assert parts != usual, f"{field} makes no difference, and nobody says so"
