"""Whether a change may be planned: management policies, cool-downs, data that was lost. Pure.

What is not permitted is not planned, and says so by an Objection; the rest of the plan goes on.
"""

from __future__ import annotations

from cloudabstract.clock import iso
from cloudabstract.engine.wanting.parts import NamedPart, may
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.provider import CLAIM, Found, Objection, Severity

from .change import Options


class Permits:
    """Asked before each change; collects the objections of what was refused."""

    def __init__(self, desired: Desired, options: Options) -> None:
        self._desired = desired
        self._options = options
        self.objections: list[Objection] = []

    def policies(self, named: NamedPart, *policies: str) -> bool:
        """Whether the resource's management policies allow all of `policies` (ST003)."""
        resource = self._desired.resources.get(named.key.resource)
        missing = [each for each in policies if not may(resource, each)]
        if missing:
            self._object(
                named,
                "ST003",
                "spec.managementPolicies",
                f"{named.key} needs {' and '.join(missing)}, which is not allowed",
                f"add {', '.join(missing)}",
                "NotManaged",
            )
        return not missing

    def now(self, named: NamedPart, found: Found) -> bool:
        """Whether the target takes another change of this object already (VO011)."""
        if found.not_before <= self._options.now:
            return True
        when = iso(found.not_before)
        self._object(
            named,
            "VO011",
            "spec",
            f"{named.name} cannot be modified before {when}",
            f"the first apply after {when} changes it",
            "ModificationDelayed",
        )
        return False

    def loss(self, named: NamedPart) -> bool:
        """Whether the user has agreed, by name, that what vanished may be made anew."""
        return bool(
            self._options.data_loss & {str(named.key.resource), named.labels.get(CLAIM, "")}
        )

    def _object(  # noqa: PLR0913  the fields of an Objection
        self,
        named: NamedPart,
        code: str,
        field: str,
        message: str,
        alternative: str,
        reason: str,
    ) -> None:
        subject = str(self._desired.author(named.key.resource))
        self.objections.append(
            Objection(code, field, message, alternative, Severity.DEGRADE, reason, subject)
        )
