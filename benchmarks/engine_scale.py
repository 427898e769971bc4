"""How the engine's cost grows: plan, apply, empty plan and empty apply of 1,000 and 10,000 parts.

    python benchmarks/engine_scale.py [--sizes 1000,10000] [--kinds volumes,claims,balancers]

Everything runs against the memory cloud, so that what is measured is the engine and its store. Each
line has the CPU seconds of the smaller and the larger size, their ratio, and the exponent with
which cost grows between them: 1.00 is linear. Quote ratios, not seconds: machines differ.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from cloudabstract.engine import Consent, Engine, Plan, Settings
from cloudabstract.model import (
    BackendPool,
    ClaimResources,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Resource,
    Storage,
    Volume,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeSpec,
)
from cloudabstract.store import Store
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings

GIB = 2**30
PARTS_OF_A_BALANCER = 5
STEPS = ("plan", "apply", "empty plan", "empty apply", "change one", "destroy")


def volumes(count: int) -> list[Resource]:
    """As many volumes, one part each."""
    spec = VolumeSpec(Storage(GIB), ("ReadWriteOnce",), reclaim_policy="Delete")
    return [Volume(Metadata(f"v{number}", ""), spec) for number in range(count)]


def claims(count: int) -> list[Resource]:
    """As many claims, each with a volume made for it."""
    spec = VolumeClaimSpec(("ReadWriteOnce",), ClaimResources(Storage(GIB)))
    return [VolumeClaim(Metadata(f"c{number}"), spec) for number in range(count)]


def balancers(count: int) -> list[Resource]:
    """Balancers with as many parts in all."""
    return [_balancer(number) for number in range(count // PARTS_OF_A_BALANCER)]


def _balancer(number: int, last: int = 1) -> LoadBalancer:
    pool = BackendPool("web", (Member(f"10.0.0.{last}"),))
    return LoadBalancer(Metadata(f"w{number}"), LoadBalancerSpec((Port(80),), backends=(pool,)))


KINDS: dict[str, Callable[[int], list[Resource]]] = {
    "volumes": volumes,
    "claims": claims,
    "balancers": balancers,
}


def agree(plan: Plan) -> Consent:
    """Everything is meant to happen here."""
    names = {each.claim or str(each.part.resource) for each in plan.changes}
    return Consent(yes=True, data_loss=frozenset(names))


def measured(resources: list[Resource], folder: Path) -> dict[str, float]:
    """CPU seconds of each step of one life."""
    clock = FakeClock()
    provider = MemoryProvider(MemorySettings(page=500), Cloud(clock))
    spent: dict[str, float] = {}

    def timed(step: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        work()
        spent[step] = time.process_time() - start

    with Store.open(folder / "store.db", clock) as store:
        session = provider.connect()
        engine = Engine(
            provider, session, store, stack="bench", clock=clock, settings=Settings(beat=0.0)
        )
        changed = [*resources[:-1], _changed(resources[-1])]
        timed("plan", lambda: engine.plan(resources))
        timed("apply", lambda: engine.run(resources, agree))
        timed("empty plan", lambda: engine.plan(resources))
        timed("empty apply", lambda: engine.run(resources, agree))
        timed("change one", lambda: engine.run(changed, agree))
        timed("destroy", lambda: engine.run([], agree))
    return spent


def _changed(resource: Resource) -> Resource:
    """The same resource with something that changes in place."""
    if isinstance(resource, LoadBalancer):
        return _balancer(int(resource.metadata.name[1:]), last=2)
    larger = Storage(2 * GIB)
    if isinstance(resource, Volume):
        return Volume(resource.metadata, VolumeSpec(larger, ("ReadWriteOnce",)))
    spec = VolumeClaimSpec(("ReadWriteOnce",), ClaimResources(larger))
    return VolumeClaim(resource.metadata, spec)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1000,10000", help="two sizes, the smaller one first")
    parser.add_argument("--kinds", default=",".join(KINDS), help="which of them to measure")
    given = parser.parse_args()
    small, large = (int(each) for each in given.sizes.split(","))
    print(f"{'kind':<10} {'step':<12} {small:>9,} {large:>9,} {'ratio':>7} {'exponent':>9}")
    for kind in given.kinds.split(","):
        spent = []
        for size in (small, small, large):  # the first one only warms up
            with TemporaryDirectory(prefix="benchmark-") as folder:
                spent.append(measured(KINDS[kind](size), Path(folder)))
        for step in STEPS:
            before, after = spent[1][step], spent[2][step]
            exponent = math.log(after / before) / math.log(large / small)
            costs = f"{before:>8.2f}s {after:>8.2f}s {after / before:>7.1f}"
            print(f"{kind:<10} {step:<12} {costs} {exponent:>9.2f}")


if __name__ == "__main__":
    main()
