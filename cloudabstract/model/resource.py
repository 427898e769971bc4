"""What every portable resource has: a kind, a name, labels; and the address by which it is known.

A resource is a frozen value with `metadata` and `spec`. `KIND`, `SHORT` and `NAMESPACED` belong to
its class. `ResourceKey` is its address: it has a text form, is hashable and is used as an id
everywhere (plans, labels, memory, the command line).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from .limits import DnsLabel, DnsSubdomain, doc

API_VERSION = "cloudabstract.dev/v1"
DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True, order=True)
class ResourceKey:
    """The address of a resource; `LoadBalancer/web`, with its namespace `LoadBalancer/shop/web`."""

    kind: str
    name: str
    namespace: str = ""  # "" for kinds that are not namespaced

    def __str__(self) -> str:
        if self.namespace in ("", DEFAULT_NAMESPACE):
            return f"{self.kind}/{self.name}"
        return f"{self.kind}/{self.namespace}/{self.name}"

    @classmethod
    def parse(cls, text: str, namespaced: bool = True) -> ResourceKey:
        """The inverse of `str`. Raises ValueError when `text` has not two or three segments."""
        segments = text.split("/")
        if len(segments) == 2 and all(segments):
            return cls(segments[0], segments[1], DEFAULT_NAMESPACE if namespaced else "")
        if len(segments) == 3 and all(segments):
            return cls(segments[0], segments[2], segments[1])
        raise ValueError(f"{text!r} is not KIND/NAME or KIND/NAMESPACE/NAME")


@dataclass(frozen=True)
class Metadata:
    """Name and labels of a resource; `namespace` groups names and defaults to `default`."""

    name: Annotated[DnsSubdomain, doc("Unique within kind and namespace; part of native names.")]
    namespace: Annotated[
        DnsLabel, doc("Groups names. Kinds that are not namespaced have none.")
    ] = DEFAULT_NAMESPACE
    labels: Annotated[Mapping[str, str], doc("Selected by selectors and by `-l`.")] = field(
        default_factory=dict
    )
    annotations: Annotated[Mapping[str, str], doc("Free text for people and tools.")] = field(
        default_factory=dict
    )


@dataclass(frozen=True)
class Resource:
    """The root of all portable kinds."""

    KIND: ClassVar[str] = ""
    SHORT: ClassVar[tuple[str, ...]] = ()
    NAMESPACED: ClassVar[bool] = True

    metadata: Metadata
    spec: Any

    @property
    def key(self) -> ResourceKey:
        """The address of this resource."""
        namespace = self.metadata.namespace if self.NAMESPACED else ""
        return ResourceKey(self.KIND, self.metadata.name, namespace)


class Tuples:
    """Mixin: turns every list given to a frozen dataclass into a tuple."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(value))
