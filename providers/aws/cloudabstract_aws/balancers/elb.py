"""Reading Elastic Load Balancing in as few calls as it allows: whose is what, and which are meant.

Lists come in pages of 400 and have no tags. Tags come for 20 objects a call (DescribeTags), or, for
everything of one stack, 100 a call from the Resource Groups Tagging API. The first way is sure and
is taken while it costs a call or two, and by whoever looks closely; the second lags, may be denied,
and is not known to every emulator, so what it does not tell is looked up the first way wherever
that can make a difference.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from cloudabstract.provider import Batch, Whose
from cloudabstract_aws import errors, pages, tags
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

from .limits import limits

log = logging.getLogger("cloudabstract.aws")
SERVICE = "elbv2"
_TYPES = {
    "loadbalancer": "elasticloadbalancing:loadbalancer",
    "targetgroup": "elasticloadbalancing:targetgroup",
    "listener": "elasticloadbalancing:listener",
    "listener-rule": "elasticloadbalancing:listener-rule",
}
FEW = 40  # objects whose tags are looked up one way or the other without asking the index
CLOSE = 20  # objects that scrutiny `auto` looks at one by one
_AT_ONCE = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


class Elb:
    """Elastic Load Balancing as the drivers read it. Shared by threads; remembers no object."""

    def __init__(self, clients: Clients, settings: AwsSettings) -> None:
        self._clients = clients
        self._settings = settings
        self.indexed: set[str] = set()  # types that the tagging API has told anything about

    def read(self, region: str) -> Any:
        """The client for looking."""
        return self._clients.read(SERVICE, region)

    def write(self, region: str) -> Any:
        """The client for changing."""
        return self._clients.write(SERVICE, region)

    def listed(self, region: str, operation: str, key: str, **asked: Any) -> list[dict[str, Any]]:
        """Every item of a list, in the largest pages."""
        size = {"PageSize": limits().page}
        return list(pages.of(self.read(region), operation, key, PaginationConfig=size, **asked))

    def tags_of(self, region: str, arns: Iterable[str]) -> dict[str, dict[str, str]]:
        """Tags by ARN; objects that vanished meanwhile are left out."""
        found: dict[str, dict[str, str]] = {}
        for chunk in pages.chunks(sorted(set(arns)), limits().tags_per_call):
            for each in self._described(region, chunk):
                found[each["ResourceArn"]] = tags.from_list(each.get("Tags"))
        return found

    def index(
        self, region: str, kind: str, labels: Mapping[str, str]
    ) -> dict[str, dict[str, str]] | None:
        """What the tagging API knows of these labels: tags by ARN; None when it cannot be asked."""
        wanted = [
            {"Key": each["Name"].removeprefix("tag:"), "Values": each["Values"]}
            for each in tags.filters(labels)
        ]
        client = self._clients.read("resourcegroupstaggingapi", region)
        try:
            told = pages.of(
                client,
                "get_resources",
                "ResourceTagMappingList",
                TagFilters=wanted,
                ResourceTypeFilters=[_TYPES[kind]],
                PaginationConfig={"PageSize": limits().resources_per_page},
            )
            found = {each["ResourceARN"]: tags.from_list(each.get("Tags")) for each in told}
        except Exception as error:  # noqa: BLE001 - denied, unknown to an emulator: the other way
            log.debug("the tagging API cannot be asked: %s", errors.classify(error))
            return None
        of_kind = {arn: each for arn, each in found.items() if f":{kind}/" in arn}
        if of_kind:
            self.indexed.add(kind)
        return of_kind

    def meant(
        self, batch: Batch, kind: str, names: Mapping[str, str], asked: frozenset[str]
    ) -> dict[str, dict[str, str]]:
        """Tags by ARN of what `batch` asks for, of the objects in `names` (ARN -> AWS's name).

        `asked` has the ARNs that are meant whatever their tags.
        """
        if tags.search(batch) is None:
            return self.tags_of(batch.place, asked)
        found = self._all_tags(batch, kind, names, asked)
        return {
            arn: each
            for arn, each in found.items()
            if arn in asked or batch.takes(tags.labels(each))
        }

    def closely(self, number: int) -> bool:
        """Whether so many objects are looked at one by one."""
        scrutiny = self._settings.scrutiny
        return scrutiny == "full" or (scrutiny == "auto" and number <= CLOSE)

    def extra(self, found: Mapping[str, str]) -> dict[str, str]:
        """The field `tags`: those of the settings."""
        return tags.extra(found, self._settings.tags)

    def owner_of(self, region: str, arn: str) -> dict[str, str]:
        """The owner's labels of one object."""
        return tags.labels(self.tags_of(region, [arn]).get(arn, {}))

    def _all_tags(
        self, batch: Batch, kind: str, names: Mapping[str, str], asked: frozenset[str]
    ) -> dict[str, dict[str, str]]:
        if len(names) <= FEW or batch.whose is not Whose.OURS or batch.closely:
            return self.tags_of(batch.place, names)
        indexed = self.index(batch.place, kind, batch.labels) or {}
        known = {arn: each for arn, each in indexed.items() if arn in names}
        fresh = self.tags_of(batch.place, asked - known.keys())
        late = any(batch.takes(tags.labels(each)) for each in fresh.values())
        if late or not known:  # the index does not tell everything, or nothing at all
            fresh |= self.tags_of(batch.place, names.keys() - known.keys() - fresh.keys())
        return known | fresh

    def _described(self, region: str, arns: Sequence[str]) -> list[dict[str, Any]]:
        client = self.read(region)
        try:
            answer = client.describe_tags(ResourceArns=list(arns))
            return list(answer.get("TagDescriptions") or ())
        except Exception as error:
            if not errors.is_missing(error):
                raise
        if len(arns) == 1:
            return []
        return [each for arn in arns for each in self._described(region, [arn])]


def each(look: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """`look` at every item, a few at a time; answers in the order of the items."""
    if len(items) < 2:
        return [look(item) for item in items]
    with ThreadPoolExecutor(min(_AT_ONCE, len(items)), "observe-aws") as pool:
        return list(pool.map(look, items))


def present(look: Callable[[], Result]) -> Result | None:
    """What `look` gives; None when the object is gone."""
    try:
        return look()
    except Exception as error:
        if errors.is_missing(error):
            return None
        raise
