"""A driver for every kind of this subpackage."""

from __future__ import annotations

from cloudabstract.provider import Driver
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings
from cloudabstract_aws.vpcs import Vpcs

from . import kinds
from .access_points import AccessPointDriver
from .attachments import AttachmentDriver
from .disks import VolumeDriver
from .efs import Efs
from .file_systems import FileSystemDriver
from .mount_targets import MountTargetDriver
from .snapshots import SnapshotDriver


def drivers(clients: Clients, settings: AwsSettings, vpcs: Vpcs) -> dict[str, Driver]:
    """By the names of kinds."""
    service = Efs(clients)
    systems = FileSystemDriver(service, settings.tags, vpcs)
    return {
        kinds.VOLUME: VolumeDriver(clients, settings.tags),
        kinds.SNAPSHOT: SnapshotDriver(clients, settings.tags),
        kinds.ATTACHMENT: AttachmentDriver(clients),
        kinds.FILE_SYSTEM: systems,
        kinds.MOUNT_TARGET: MountTargetDriver(service, systems),
        kinds.ACCESS_POINT: AccessPointDriver(service, settings.tags),
    }
