"""Owner's labels that change after birth: protection turned on or off, objects adopted or let go.

New labels are written before old ones are taken away, so that an object is never nobody's between
two calls. Registrations have no tags, and so no such verb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cloudabstract.provider import Found
from cloudabstract_aws import tags
from cloudabstract_aws.clients import Clients

from . import details
from .elb import Elb


class Tagged:
    """Mixin: `mark` for objects of Elastic Load Balancing."""

    _elb: Elb

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels of the object."""
        client, fresh, gone = self._elb.write(found.place), tags.owned(labels), _gone(found, labels)
        if fresh:
            client.add_tags(ResourceArns=[found.id], Tags=tags.to_list(fresh))
        if gone:
            client.remove_tags(ResourceArns=[found.id], TagKeys=gone)
        kept = {key: text for key, text in details.tags_of(found).items() if key not in gone}
        return replace(found, labels=dict(labels), raw={**(found.raw or {}), "tags": kept | fresh})


class TaggedInEc2:
    """Mixin: `mark` for objects of EC2."""

    _clients: Clients

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels of the object."""
        client, fresh = self._clients.write("ec2", found.place), tags.owned(labels)
        gone = [{"Key": each} for each in _gone(found, labels)]
        if fresh:
            client.create_tags(Resources=[found.id], Tags=tags.to_list(fresh))
        if gone:
            client.delete_tags(Resources=[found.id], Tags=gone)
        return replace(found, labels=dict(labels))


def _gone(found: Found, labels: Mapping[str, str]) -> list[str]:
    """The keys of owner's tags that the object has and shall not have."""
    return sorted(tags.owned(found.labels).keys() - tags.owned(labels).keys())
