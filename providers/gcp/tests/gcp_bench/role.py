"""The custom role that the provider needs: what its calls were seen to need, and what they name.

Google checks two kinds of permissions: of the method itself, which the emulator tells for every
call, and of the objects that a call refers to (a rule uses an address). The emulator does not know
the latter; they stand here, as Google's permission reference has them.
"""

from __future__ import annotations

from collections.abc import Iterable

USED = (
    "compute.addresses.createInternal",
    "compute.addresses.deleteInternal",
    "compute.addresses.use",
    "compute.addresses.useInternal",
    "compute.backendServices.use",
    "compute.disks.createSnapshot",
    "compute.disks.use",
    "compute.disks.useReadOnly",
    "compute.globalAddresses.use",
    "compute.healthChecks.useReadOnly",
    "compute.instances.use",
    "compute.networkEndpointGroups.use",
    "compute.networks.updatePolicy",
    "compute.networks.use",
    "compute.regionBackendServices.use",
    "compute.regionHealthChecks.useReadOnly",
    "compute.regionTargetHttpProxies.use",
    "compute.regionTargetHttpsProxies.use",
    "compute.regionUrlMaps.use",
    "compute.snapshots.useReadOnly",
    "compute.sslCertificates.get",
    "compute.subnetworks.use",
    "compute.targetHttpProxies.use",
    "compute.targetHttpsProxies.use",
    "compute.urlMaps.use",
)
_HEAD = """\
# Made from the calls that the provider's tests record; test_role.py holds it to them.
#   gcloud iam roles create cloudabstract --project PROJECT --file gcp-role.yaml
title: cloudabstract
description: Load balancers and volumes, and nothing else.
stage: GA
includedPermissions:
"""


def render(recorded: Iterable[str]) -> str:
    """The role as gcloud reads it."""
    lines = [
        "  # of the calls themselves",
        *(f"  - {each}" for each in sorted(set(recorded))),
        "  # of what these calls refer to",
        *(f"  - {each}" for each in sorted(set(USED) - set(recorded))),
    ]
    return _HEAD + "\n".join(lines) + "\n"
