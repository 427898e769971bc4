"""Certificates: files of the user's, by their paths; or one made here, signed by itself.

Records hold paths, never keys. `digest` is of the certificate that Envoy was told of, so a file
that was renewed shows as `valid: false`, as does a certificate that is about to expire; the update
that follows has Envoy read it again, or makes a new one.
"""

from __future__ import annotations

import hashlib
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
        return self._provided(super()._changed(standing, fields))

    def _found(self, records: Iterable[Record]) -> Iterable[Found]:
        return [each.found(valid=self._valid(each)) for each in records]

    def _provided(self, record: Record) -> Record:
        """The record with the files it stands for, which are there when this returns."""
        if record.fields["source"] == "files":
            files = {"chain": record.fields["certificate"], "private": record.fields["key"]}
            return _with(record, {**files, "expires": 0.0, "digest": _readable(files)})
        now = self._plane.clock.now()
        names = (*record.fields["hosts"], *record.fields["addresses"])
        made = selfsigned.make(record.fields["reference"], names, now)
        chain, private = f"{record.name}.crt", f"{record.name}.key"
        self._folder.write(private, made.key)
        self._folder.write(chain, made.certificate)
        more = {
            "chain": str(self._folder.path / chain),
            "private": str(self._folder.path / private),
            "expires": made.expires,
            "digest": _digest(made.certificate),
        }
        return _with(record, more)

    def _valid(self, record: Record) -> bool:
        """Whether Envoy was told of the certificate that stands there now, and it lasts."""
        expires = record.fields["expires"]
        if expires and expires - self._plane.clock.now() < selfsigned.RENEWAL:
            return False
        try:
            standing = Path(record.fields["chain"]).read_bytes()
        except OSError:
            return False
        return bool(_digest(standing) == record.fields["digest"])

    def _sweep(self, kept: Collection[str]) -> None:
        """Remove what was made for certificates that are gone, or never came to be."""
        for file in self._folder.names():
            if file.rpartition(".")[0] not in kept:
                self._folder.remove(file)
        self._folder.dissolve()


def _with(record: Record, fields: Mapping[str, Any]) -> Record:
    return replace(record, fields={**record.fields, **fields})


def _readable(files: Mapping[str, str]) -> str:
    """The digest of the user's certificate. Raises Refused if it or its key cannot be read."""
    try:
        with open(files["private"], "rb"):
            return _digest(Path(files["chain"]).read_bytes())
    except OSError as error:
        message = f"{error.filename}: {error.strerror}"
        remedy = "correct the path under `certificates` of the target, or who may read it"
        raise Refused(ErrorCode.INVALID, message, remedy) from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
