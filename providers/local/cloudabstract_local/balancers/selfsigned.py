"""Certificates that sign themselves, for names that the settings have no certificate for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

DAY = 86400.0
LIFETIME = 397 * DAY  # seconds; the most that browsers accept
RENEWAL = 30 * DAY  # with less than this left, a new one is made
_LONGEST = 64  # characters of a common name


@dataclass(frozen=True)
class Made:
    """PEM, and when it ends in epoch seconds."""

    certificate: bytes
    key: bytes
    expires: float

    def __repr__(self) -> str:
        return f"Made(expires={self.expires})"  # never the key


def make(title: str, names: Iterable[str], now: float) -> Made:
    """A key and its certificate for these hosts and addresses, beside `localhost` and `title`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:_LONGEST] or "local")])
    begin = datetime.fromtimestamp(now, UTC)
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin - timedelta(hours=1))
        .not_valid_after(begin + timedelta(seconds=LIFETIME))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName(_alternatives(title, names)), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    made = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Made(made.public_bytes(serialization.Encoding.PEM), private, now + LIFETIME)


def _alternatives(title: str, names: Iterable[str]) -> list[x509.GeneralName]:
    from cryptography import x509

    made: list[x509.GeneralName] = []
    for name in dict.fromkeys(("localhost", title, *names)):
        try:
            made.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            if _is_host(name):
                made.append(x509.DNSName(name))
    return made


def _is_host(name: str) -> bool:
    labels = name.removeprefix("*.").split(".")
    return all(each and each.isascii() and each.replace("-", "a").isalnum() for each in labels)
