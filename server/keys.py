"""The province's keys: the root, kept offline; the sign, courier and TLS keys of this server, in its data folder."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop.domain.faults import Known
from desktop.seal import canonical, enrolment, keys, signing
from desktop.seal.keys import BoxKey, SignKey
from desktop.seal.refused import Refused

TLS_CERT, TLS_KEY, TLS_NEXT = "tls.crt", "tls.key", "tls-next.key"
IDENTITY = "province.json"
_SIGN_KEY = "sign.key"
_COURIER_KEY, _COURIER_PROOF, _RECOVERY_PROOF = "courier.key", "courier.proof", "recovery-key.proof"
_CERTIFICATE_YEARS = 20  # desks pin the key; the dates of the certificate protect nobody here
_LOOPBACK = ("127.0.0.1", "::1")


class RootInside(ValueError):
    """The root key would lie beside what it certifies: whoever takes the server would have it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this server is to its desks. `proof` is the root's signature over the sign key, `courier_proof` over what
    `enrolment.courier_vouched` makes of the key courier files are sealed to."""

    realm: str
    root_key: bytes
    sign_key: SignKey
    proof: bytes
    courier_key: BoxKey
    courier_proof: bytes
    recovery_public: bytes = b""
    """Whom backups are sealed to; its secret half is on the root's stick. Empty in a folder older than backups."""
    recovery_proof: bytes = b""
    """The root's signature over what `enrolment.recovery_vouched` makes of it; without one desks aren't told of it."""

    @property
    def sign_public(self) -> bytes:
        return keys.public_of(self.sign_key)

    @property
    def courier_public(self) -> bytes:
        return keys.public_of(self.courier_key)


def create(folder: Path, realm: str, root_out: Path) -> Identity:
    """Make a province: its root key goes to `root_out`, to be kept offline, and never into `folder`.

    Raises, before anything is made, FileExistsError if either is there already and RootInside if `root_out` is in
    `folder`, by whatever name.
    """
    if root_out.resolve().is_relative_to(folder.resolve()):
        raise RootInside(root_out)
    if (folder / IDENTITY).exists():
        raise FileExistsError(folder / IDENTITY)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root, sign, recovery = keys.sign_key(), keys.sign_key(), keys.box_key()
    offline = {"realm": realm, "recovery": keys.secret_of(recovery).hex(), "root": keys.secret_of(root).hex()}
    write_private(root_out, canonical.encode(offline))
    proof = signing.sign(root, "directory", realm, keys.public_of(sign))
    write_private(folder / _SIGN_KEY, keys.secret_of(sign))
    tls, following = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    write_private(folder / TLS_KEY, _pem(tls))
    write_private(folder / TLS_NEXT, _pem(following))
    (folder / TLS_CERT).write_bytes(_self_signed(tls, realm).public_bytes(serialization.Encoding.PEM))
    said = {
        "proof": proof.hex(), "realm": realm, "recovery_key": keys.public_of(recovery).hex(),
        "root_key": keys.public_of(root).hex(),
    }  # fmt: skip
    courier, vouched = _courier(folder, realm, root)
    recovers = _recovers(folder, realm, root, keys.public_of(recovery))
    write_private(folder / IDENTITY, canonical.encode(said))
    return Identity(realm, keys.public_of(root), sign, proof, courier, vouched, keys.public_of(recovery), recovers)


def load(folder: Path) -> Identity:
    """The identity `create` left. Raises FileNotFoundError; Refused if the root didn't certify its keys; and
    Known("server-no-courier-key") for a folder older than the courier file."""
    said = canonical.decode((folder / IDENTITY).read_bytes())
    sign = keys.sign_key((folder / _SIGN_KEY).read_bytes())
    if not (folder / _COURIER_KEY).exists():
        raise Known("server-no-courier-key", folder=folder)
    courier = keys.box_key((folder / _COURIER_KEY).read_bytes())
    found = Identity(
        said["realm"], bytes.fromhex(said["root_key"]), sign, bytes.fromhex(said["proof"]), courier,
        (folder / _COURIER_PROOF).read_bytes(), bytes.fromhex(said.get("recovery_key", "")), _proof(folder),
    )  # fmt: skip
    root = keys.sign_public(found.root_key)
    signing.verify(root, "directory", found.realm, found.sign_public, found.proof)
    vouched = enrolment.courier_vouched(found.courier_public)
    signing.verify(root, "directory", found.realm, vouched, found.courier_proof)
    if found.recovery_proof:
        vouched = enrolment.recovery_vouched(found.recovery_public)
        signing.verify(root, "directory", found.realm, vouched, found.recovery_proof)
    return found


def read_root(path: Path) -> tuple[str, SignKey]:
    """The realm and the key of a root's stick. Raises Refused where that is none."""
    kept = canonical.decode(path.read_bytes())
    try:
        return str(kept["realm"]), keys.sign_key(bytes.fromhex(kept["root"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("not a root key") from error


def read_recovery(path: Path) -> BoxKey:
    """The key that opens backups, of a root's stick. Raises Refused where there is none."""
    return recovery_in(path.read_bytes())


def recovery_in(root_file: bytes) -> BoxKey:
    """The same, of what the stick's file holds."""
    kept = canonical.decode(root_file)
    try:
        return keys.box_key(bytes.fromhex(kept["recovery"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("no recovery key") from error


def add_courier(folder: Path, root_file: Path) -> None:
    """Give an older folder its courier key, certified by the root's stick.

    Raises FileExistsError where there is one, and Refused where that is no root, or another province's.
    """
    said, root = _rooted(folder, root_file)
    if (folder / _COURIER_KEY).exists():
        raise FileExistsError(folder / _COURIER_KEY)
    _courier(folder, said["realm"], root)


def add_recovery(folder: Path, root_file: Path) -> None:
    """Have the root's stick vouch for an older folder's recovery key, so that desks seal to it.

    Raises FileExistsError where it did already; Refused where that is no root, another province's, or there is no key.
    """
    said, root = _rooted(folder, root_file)
    if not said.get("recovery_key"):
        raise Refused("this province has no recovery key")
    _recovers(folder, said["realm"], root, bytes.fromhex(said["recovery_key"]))


def _rooted(folder: Path, root_file: Path) -> tuple[dict[str, str], SignKey]:
    said = canonical.decode((folder / IDENTITY).read_bytes())
    _, root = read_root(root_file)
    if keys.public_of(root).hex() != said["root_key"]:
        raise Refused("the root of another province")
    return said, root


def _recovers(folder: Path, realm: str, root: SignKey, recovery_public: bytes) -> bytes:
    proof = signing.sign(root, "directory", realm, enrolment.recovery_vouched(recovery_public))
    write_private(folder / _RECOVERY_PROOF, proof)
    return proof


def _proof(folder: Path) -> bytes:
    """Of the recovery key; empty in a folder older than it."""
    path = folder / _RECOVERY_PROOF
    return path.read_bytes() if path.exists() else b""


def _courier(folder: Path, realm: str, root: SignKey) -> tuple[BoxKey, bytes]:
    """Make the key; it counts once its own file is there, which is written last."""
    courier = keys.box_key()
    proof = signing.sign(root, "directory", realm, enrolment.courier_vouched(keys.public_of(courier)))
    (folder / _COURIER_PROOF).unlink(missing_ok=True)
    write_private(folder / _COURIER_PROOF, proof)
    write_private(folder / _COURIER_KEY, keys.secret_of(courier))
    return courier, proof


def pin(certificate: bytes) -> bytes:
    """SHA-256 of the public key in a PEM certificate: what desks pin."""
    return _spki_hash(x509.load_pem_x509_certificate(certificate).public_key())


def pins(folder: Path, certificate: Path) -> tuple[bytes, ...]:
    """The pin in use, and the next one where the certificate is this folder's own."""
    current = pin(certificate.read_bytes())
    following = folder / TLS_NEXT
    if certificate != folder / TLS_CERT or not following.exists():
        return (current,)
    key = serialization.load_pem_private_key(following.read_bytes(), None)
    return (current, _spki_hash(key.public_key()))


def names(certificate: bytes) -> list[str]:
    """The hosts a PEM certificate was made for; an IPv6 address in brackets."""
    parsed = x509.load_pem_x509_certificate(certificate)
    try:
        found = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = found.get_values_for_type(x509.IPAddress)
    return [
        *found.get_values_for_type(x509.DNSName),
        *(f"[{address}]" if address.version == 6 else str(address) for address in addresses),
    ]


def _spki_hash(key: object) -> bytes:
    if not hasattr(key, "public_bytes"):
        raise Refused("a TLS key of an unknown kind")
    digest = hashes.Hash(hashes.SHA256())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    digest.update(key.public_bytes(serialization.Encoding.DER, form))
    return digest.finalize()


def _self_signed(key: ec.EllipticCurvePrivateKey, realm: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"pishkhan {realm}"[:64])])
    start = datetime.now(UTC) - timedelta(days=1)
    hosts = [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(each)) for each in _LOOPBACK)]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _CERTIFICATE_YEARS))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .sign(key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_private(path: Path, data: bytes) -> None:
    """Write a new file only its owner reads; FileExistsError if there is one."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
