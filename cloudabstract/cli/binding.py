"""Why a claim has the volume it has, or none: what every volume answered, for `explain claim`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.errors import CloudAbstractError
from cloudabstract.model import ResourceKey

from . import names
from .terminal import harmless

if TYPE_CHECKING:
    from cloudabstract.engine import Plan
    from cloudabstract.engine.wanting.claims import Verdict

_QUESTIONS = {
    "volumeName": "is it the one that the claim names",
    "claimRef": "is it free of other claims",
    "capacity": "is it large enough",
    "volumeMode": "has it files, or raw blocks, as asked",
    "deletion": "does it stay",
    "consumer": "is there a consumer, for a class that waits for one",
    "phase": "is it Available",
    "selector": "do its labels match",
    "class": "is it of the claim's class",
    "topology": "can it be reached from the consumer's zone",
    "accessModes": "does it offer every access mode",
}


@dataclass(frozen=True)
class Answers:
    """A claim, its volume or why it has none, and the answer of every volume that was asked."""

    claim: str
    volume: str  # "" while it is Pending
    made: bool  # the volume exists for this claim alone
    why: str
    alternative: str
    verdicts: tuple[Verdict, ...]

    def as_json(self) -> dict[str, Any]:
        """The answers as data."""
        return {
            "claim": self.claim,
            "phase": "Bound" if self.volume else "Pending",
            "volumeName": self.volume,
            "made": self.made,
            "why": self.why,
            "alternative": self.alternative,
            "volumes": [
                {
                    "name": each.volume,
                    "fits": not each.failed,
                    "failed": each.failed,
                    "message": each.text,
                }
                for each in self.verdicts
            ],
        }


def answers(plan: Plan, name: str, namespace: str) -> Answers:
    """What the plan found for one claim. Raises CloudAbstractError when there is no such claim."""
    key = ResourceKey("VolumeClaim", name.rpartition("/")[2], namespace)
    bindings = plan.desired.bindings
    binding = bindings.get(key)
    if binding is None:
        near = names.nearest(key.name, [each.name for each in bindings])
        hint = f"did you mean {near!r}?" if near else f"there are {len(bindings)} claims"
        raise CloudAbstractError(f"there is no {key} in the spec\nhint: {hint}")
    return Answers(
        str(key),
        binding.volume.metadata.name if binding.volume is not None else "",
        binding.made,
        f"[{binding.why.code}] {binding.why.message}" if binding.why is not None else "",
        binding.why.alternative if binding.why is not None else "",
        binding.verdicts,
    )


def text(told: Answers) -> str:
    """The answers in lines, and what comes of them."""
    lines = []
    for each in told.verdicts:
        question = _QUESTIONS.get(each.failed, each.failed)
        answer = f"no: {question}? {each.text}" if each.failed else "fits"
        lines.append(f"  Volume/{each.volume}  {harmless(answer)}")
    lines.insert(0, "Volumes that were asked:" if lines else "No volume was asked.")
    if not told.volume:
        lines.append(f"{told.claim} is Pending: {harmless(told.why)}")
        if told.alternative:
            lines.append(f"hint: {harmless(told.alternative)}")
    elif told.made:
        lines.append(f"{told.claim} gets Volume/{told.volume}, which is made for it.")
    else:
        lines.append(f"{told.claim} is bound to Volume/{told.volume}.")
    return "\n".join(lines)
