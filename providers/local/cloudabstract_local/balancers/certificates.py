"""Certificates: files of the user's, by their paths; or one made here, signed by itself.

Records hold certificates and the paths of keys, never keys. A file that was renewed since shows as
`valid: false`, as does a certificate that is about to expire; the update that follows has Envoy
read it again, or makes a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Found, Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record

from . import selfsigned
from .kinds import CERTIFICATE
from .plane import Plane
from .recorded import RecordedDriver
from .snapshot import Snapshot

_FOLDER = "certificates"


class CertificateDriver(RecordedDriver):
    """The verbs for `local.certificate`."""

    def __init__(self, plane: Plane) -> None:
        super().__init__(CERTIFICATE.name, plane)
        self._folder = plane.root.folder(_FOLDER)

    def delete(self, found: Found) -> None:
        """Remove the record, and the files if they were made here."""
        super().delete(found)
        self._sweep({each.name for each in self._plane.records[self.kind].list()})

    def _creation(self, wanted: Wanted, snapshot: Snapshot) -> Mapping[str, Record | None]:
        self._sweep(snapshot.of(self.kind).keys())
        return {wanted.name: self._provided(self._record(wanted, wanted.fields))}

    def _changed(self, standing: Record, fields: Mapping[str, Any]) -> Record:
        changed = super()._changed(standing, fields)
        if changed == standing and self._valid(standing):
            return standing
        return self._provided(changed)

    def _found(self, records: Iterable[Record]) -> Iterable[Found]:
        return [self._told(each, valid=self._valid(each)) for each in records]

    def _provided(self, record: Record) -> Record:
        """The record with the certificate it stands for, which is there when this returns."""
        if record.fields["source"] == "files":
            return _with(record, {**_read(record.fields), "expires": 0.0})
        names = (*record.fields["hosts"], *record.fields["addresses"])
        made = selfsigned.make(record.fields["reference"], names, self._plane.clock.now())
        chain, key = f"{record.name}.crt", f"{record.name}.key"
        self._folder.write(key, made.key)
        self._folder.write(chain, made.certificate)
        files = {
            "chain_file": str(self._folder.path / chain),
            "key_file": str(self._folder.path / key),
        }
        return _with(record, {**files, "chain": made.certificate.decode(), "expires": made.expires})

    def _valid(self, record: Record) -> bool:
        """Whether Envoy was told of the certificate that stands there now, and it lasts."""
        expires = record.fields["expires"]
        if expires and expires - self._plane.clock.now() < selfsigned.RENEWAL:
            return False
        try:
            standing = Path(record.fields["chain_file"]).read_text()
        except (OSError, ValueError):
            return False
        return bool(standing == record.fields["chain"])

    def _sweep(self, kept: Collection[str]) -> None:
        """Remove what was made for certificates that are gone, or never came to be."""
        for file in self._folder.names():
            if file.rpartition(".")[0] not in kept:
                self._folder.remove(file)
        self._folder.dissolve()


def _with(record: Record, fields: Mapping[str, Any]) -> Record:
    return replace(record, fields={**record.fields, **fields})


def _read(fields: Mapping[str, Any]) -> dict[str, str]:
    """The user's certificate. Raises Refused if it or its key cannot be read."""
    try:
        with open(fields["key"], "rb"):
            chain = Path(fields["certificate"]).read_text()
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is not PEM"
        message = f"{getattr(error, 'filename', fields['certificate'])}: {told}"
        remedy = "correct the path under `certificates` of the target, or who may read it"
        raise Refused(ErrorCode.INVALID, message, remedy) from error
    return {"chain": chain, "chain_file": fields["certificate"], "key_file": fields["key"]}
