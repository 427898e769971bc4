"""TLS is terminated at the balancer, with the user's certificates or ones made here."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from cloudabstract.clock import SystemClock
from cloudabstract.model import Port, Route, Tls
from cloudabstract.provider import Severity
from cloudabstract_local.balancers import selfsigned
from cloudabstract_local.failures import Refused
from cloudabstract_local.settings import CertificateFiles

from .backends import Backends
from .bench import Bench, MakeBench, balancer, pool
from .clients import TlsLine, get


def write(folder: Path, name: str, *hosts: str) -> CertificateFiles:
    """A certificate of the user's."""
    made = selfsigned.make(name, hosts, SystemClock().now())
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.pem").write_bytes(made.certificate)
    (folder / f"{name}.key").write_bytes(made.key)
    return CertificateFiles(str(folder / f"{name}.pem"), str(folder / f"{name}.key"))


def trusting(certificate: str) -> ssl.SSLContext:
    """A client that trusts this certificate and no other, and checks names."""
    return ssl.create_default_context(cafile=certificate)


def test_https_with_the_users_certificate(
    make_bench: MakeBench, backends: Backends, tmp_path: Path
) -> None:
    """The certificate named in `certificates` is shown, and backends get plain HTTP."""
    files = write(tmp_path / "pki", "shop", "shop.example.com")
    bench = make_bench(certificates={"shop": files})
    backend = backends.http("a")
    web = balancer(
        "web", [Port(443, tls=Tls(("shop",)))], load_balancer_class="l7", backends=[pool(backend)]
    )
    where = bench.serve(web), 443

    line = TlsLine(where, "shop.example.com", trusting(files.certificate), ["h2", "http/1.1"])
    assert (line.version, line.protocol) == ("TLSv1.3", "h2")
    line.close()
    plain = TlsLine(where, "shop.example.com", trusting(files.certificate), ["http/1.1"])
    assert plain.ask("GET / HTTP/1.0\r\n\r\n").endswith("a")
    (_, headers, _) = backend.requests[-1]
    assert headers["x-forwarded-proto"] == "https"


def test_a_self_signed_certificate_names_the_balancer(bench: Bench, backends: Backends) -> None:
    """An unknown name gets a certificate of its own, good for the address and the routes' hosts."""
    web = balancer(
        "web",
        [Port(443, tls=Tls(("whatever",)))],
        load_balancer_class="l7",
        backends=[pool(backends.http("a"))],
        routes=[Route("web", "shop.example.com")],
    )
    (objection,) = bench.provider.check(web)
    assert (objection.severity, objection.reason) == (Severity.DEGRADE, "SelfSigned")
    where = bench.serve(web), 443
    (made,) = bench.ours("local.certificate")
    client = trusting(made.fields["chain_file"])

    assert get(where, tls=client) == (200, "a")
    TlsLine(where, "shop.example.com", client).close()
    with pytest.raises(ssl.SSLCertVerificationError):
        TlsLine(where, "other.example.com", client)


def test_private_keys_are_private_and_never_in_a_configuration(
    bench: Bench, backends: Backends
) -> None:
    """A key made here is in one file that only its owner reads, and goes with its certificate."""
    web = balancer("web", [Port(443, tls=Tls(("x",)))], backends=[pool(backends.echo("a"))])
    bench.apply(web)
    (made,) = bench.ours("local.certificate")
    key = Path(made.fields["key_file"])
    secret = key.read_text().splitlines()[1]

    assert key.stat().st_mode & 0o777 == 0o600
    holding = [each for each in bench.root.path.rglob("*") if each.is_file() and each != key]
    assert not [each for each in holding if secret in each.read_text(errors="replace")]
    bench.remove()
    assert not key.exists()


def test_l4_terminates_tls_for_any_protocol(
    make_bench: MakeBench, backends: Backends, tmp_path: Path
) -> None:
    """On l4 a `tls` port decrypts bytes and forwards them as they are."""
    files = write(tmp_path / "pki", "db", "db.example.com")
    bench = make_bench(certificates={"db": files})
    web = balancer("web", [Port(5432, tls=Tls(("db",)))], backends=[pool(backends.echo("a"))])
    where = bench.serve(web), 5432
    line = TlsLine(where, "db.example.com", trusting(files.certificate))

    assert line.ask("hello", until="hello") == "a\nhello"


def test_the_name_the_client_asks_for_chooses_the_certificate(
    make_bench: MakeBench, backends: Backends, tmp_path: Path
) -> None:
    """With several certificates each client gets the one for its host, or else the first."""
    one = write(tmp_path / "pki", "one", "one.example.com")
    two = write(tmp_path / "pki", "two", "two.example.com")
    bench = make_bench(certificates={"one": one, "two": two})
    web = balancer("web", [Port(443, tls=Tls(("one", "two")))], backends=[pool(backends.echo("a"))])
    where = bench.serve(web), 443

    TlsLine(where, "one.example.com", trusting(one.certificate)).close()
    TlsLine(where, "two.example.com", trusting(two.certificate)).close()


def test_a_renewed_certificate_is_taken_without_a_pause(
    make_bench: MakeBench, backends: Backends, tmp_path: Path
) -> None:
    """New files under the old names show as drift; applied, they serve, and open lines stay."""
    files = write(tmp_path / "pki", "shop", "shop.example.com")
    bench = make_bench(certificates={"shop": files})
    web = balancer("web", [Port(443, tls=Tls(("shop",)))], backends=[pool(backends.echo("a"))])
    where = bench.serve(web), 443
    held = TlsLine(where, "shop.example.com", trusting(files.certificate))
    write(tmp_path / "pki", "shop", "shop.example.com")

    assert list(bench.changes(web).values()) == [{"valid": True}]
    bench.apply(web)
    assert bench.changes(web) == {}
    TlsLine(where, "shop.example.com", trusting(files.certificate)).close()
    assert held.ask("still", until="still") == "a\nstill"


def test_a_missing_file_is_named(make_bench: MakeBench, tmp_path: Path) -> None:
    """A certificate that cannot be read stops its part, by its path."""
    absent = CertificateFiles(str(tmp_path / "absent.pem"), str(tmp_path / "absent.key"))
    bench = make_bench(certificates={"shop": absent})

    with pytest.raises(Refused, match=r"absent\.key: No such file"):
        bench.apply(balancer("web", [Port(443, tls=Tls(("shop",)))]))
    assert bench.ours("local.certificate") == ()


def test_files_that_do_not_fit_are_refused_by_envoy_before_anything_changes(
    make_bench: MakeBench, backends: Backends, tmp_path: Path
) -> None:
    """A key of another certificate is found out before the switch; what served serves on."""
    good = write(tmp_path / "pki", "good", "good.example.com")
    other = write(tmp_path / "pki", "other", "other.example.com")
    mixed = CertificateFiles(good.certificate, other.key)
    bench = make_bench(certificates={"good": good, "mixed": mixed})
    plain = balancer("plain", [Port(80)], backends=[pool(backends.echo("a"))])
    bench.apply(plain)

    with pytest.raises(Refused, match="does not accept"):
        bench.apply(plain, balancer("web", [Port(443, tls=Tls(("mixed",)))]))
    assert bench.changes(plain) == {}
    assert len(bench.ours("local.listener")) == 1
