"""Rules across fields and across documents, after each field is what it should be.

One table says which rules a kind has. A rule is a function from a resource to complaints; it looks
at nothing else. Rules that need several resources take all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from cloudabstract.model import Resource, ResourceKey, VolumeClass

from . import rules_annotations, rules_balancer, rules_metadata, rules_routes, rules_volume
from .decode import Complaint

Rule = Callable[[Resource], Iterable[Complaint]]
WideRule = Callable[[Sequence[Resource]], Iterable[tuple[ResourceKey, Complaint]]]

ALL_KINDS: tuple[Rule, ...] = (
    rules_metadata.labels_can_be_selected,
    rules_metadata.annotations_have_keys,
    rules_annotations.own_annotations_are_known,
)

RULES: dict[str, tuple[Rule, ...]] = {
    "LoadBalancer": (
        rules_balancer.ports_are_told_apart,
        rules_balancer.pools_are_told_apart,
        rules_balancer.pools_exist,
        rules_balancer.pools_have_one_source,
        rules_balancer.members_make_sense,
        rules_balancer.named_ports_have_a_number,
        rules_balancer.pools_have_ports_of_their_own,
        rules_balancer.source_ranges_are_networks,
        rules_balancer.affinity_fits,
        rules_balancer.health_check_fits,
        rules_balancer.families_fit,
        rules_balancer.names_are_qualified,
        rules_routes.routes_need_l7,
        rules_routes.routes_match_requests,
        rules_routes.protocols_fit_the_class,
    ),
    "Volume": (
        rules_volume.one_pod_mode_is_alone,
        rules_volume.names_of_classes_are_names,
        rules_volume.one_origin,
        rules_volume.no_copy_of_itself,
        rules_volume.mount_options_are_known,
        rules_volume.keys_need_encryption,
    ),
    "VolumeClaim": (
        rules_volume.one_pod_mode_is_alone,
        rules_volume.names_of_classes_are_names,
        rules_volume.no_copy_of_itself,
        rules_volume.claims_select_volumes,
    ),
    "VolumeClass": (rules_volume.mount_options_are_known, rules_volume.keys_need_encryption),
    "VolumeAttributesClass": (rules_volume.something_changes,),
    "VolumeSnapshot": (rules_volume.one_source,),
    "VolumeAttachment": (rules_volume.one_source,),
}


def one_default_class(resources: Sequence[Resource]) -> Iterator[tuple[ResourceKey, Complaint]]:
    """Claims that name no class get the default one, so there cannot be two."""
    defaults = [each for each in resources if isinstance(each, VolumeClass) and each.spec.default]
    for each in defaults[1:]:
        message = f"{defaults[0].key} is the default class already"
        yield each.key, Complaint(("spec", "default"), message, code="CL003")


WIDE_RULES: tuple[WideRule, ...] = (
    one_default_class,
    rules_annotations.moves_lead_from_what_is_gone,
)


def check(resources: Sequence[Resource]) -> Iterator[tuple[ResourceKey, Complaint]]:
    """Every complaint about `resources`, warnings too, with the resource that it is about."""
    for resource in resources:
        for rule in ALL_KINDS + RULES.get(resource.KIND, ()):
            for complaint in rule(resource):
                yield resource.key, complaint
    for wide in WIDE_RULES:
        yield from wide(resources)
