"""What a target cannot do, said before anything is touched: objections with a code and a way out.

The codes are those of the portable contract. REJECT stops the plan; DEGRADE lets it go on and shows
as condition Degraded=True on the resource; NOTE is only told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """What an objection does to the plan."""

    REJECT = "reject"
    DEGRADE = "degrade"
    NOTE = "note"


@dataclass(frozen=True)
class Objection:
    """One field that the target cannot honour as asked."""

    code: str  # a key of CODES
    field: str  # "spec.ports[0].protocol"
    message: str
    alternative: str = ""
    severity: Severity = Severity.REJECT
    reason: str = ""  # CamelCase, for the condition; DEGRADE only
    resource: str = ""  # filled in by the engine


CODES: dict[str, str] = {
    "LB000": "only a cluster has a use for the field, and it has another value than its default",
    "LB001": "loadBalancerClass is unknown to the target",
    "LB002": "an immutable field was changed",
    "LB003": "protocol is not supported by the class or target",
    "LB004": "targetPort must equal port on a passthrough balancer",
    "LB005": "health check is impossible or out of range",
    "LB006": "no address pool or subnets for the routability",
    "LB007": "addressRefs do not fit",
    "LB008": "combination of IP families is not possible",
    "LB009": "TLS or source ranges need another class or product",
    "LB010": "backends cannot see the client's address in this class",
    "LB011": "backend address cannot be reached from the balancer",
    "LB012": "mixed protocols are not possible in this class",
    "LB013": "more ports than one balancer of the target carries",
    "LB014": "session affinity cannot be kept as asked",
    "LB015": "certificate is not known to the target",
    "LB016": "routes are not possible as asked",
    "LB017": "field has no meaning on this target",
    "LB018": "no backends",
    "VO001": "a volume cannot shrink",
    "VO002": "access mode ReadOnlyMany is not supported by the medium",
    "VO003": "access mode ReadWriteMany is not supported by the medium",
    "VO004": "volume mode Block is not supported by the medium",
    "VO005": "replication across zones is not available",
    "VO006": "iops or throughput are not accepted by the medium, or out of range",
    "VO007": "encryption is not supported as asked",
    "VO008": "size is outside the medium's range",
    "VO009": "topology cannot be satisfied",
    "VO010": "expansion is not allowed by the class",
    "VO011": "the volume cannot be modified before a later time",
    "VO012": "the plan would destroy or replace a volume that has data",
    "VO013": "a restore cannot be smaller than its snapshot",
    "VO014": "capacity is not enforced by the medium",
    "VO015": "an immutable field of a volume or claim was changed",
    "VO016": "the volume has vanished from the target",
    "VO017": "field has no meaning on this target",
    "VO018": "mount option is not allowed",
    "VO019": "the volume stays unmounted",
    "VC001": "VolumeAttributesClass is infeasible on the bound medium",
    "CL001": "no volume fits and none can be made for the claim",
    "CL002": "a selector was combined with provisioning",
    "CL003": "more than one default class",
    "CL004": "the data source is unknown",
    "CL005": "the claim waits for its first consumer",
    "CL006": "the named class does not exist",
    "ST001": "a native name is taken by an object that is not ours",
    "ST002": "deletion protection is on",
    "ST003": "management policies forbid the change",
    "ST004": "part of the target could not be read",
    "ST005": "the object to adopt does not exist",
    "ST006": "an annotation names nothing that is here",
    "ST007": "the object cannot change hands",
}
