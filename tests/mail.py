"""Real mail servers on this machine: SMTP with TLS that keeps what it is given, IMAP over TLS."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.free_ports import free_port

# The server's hash of a password takes a third of a second, at each login.
START = """
import pymap.config, pysasl.hashing
pymap.config.BuiltinHash = lambda: pysasl.hashing.BuiltinHash(rounds=10)
from pymap.main import main
main()
"""
USER, PASSWORD = "kvitto@example.org", "p@ss/wörd"
LOGIN = "kvitto%40example.org:p%40ss%2Fw%C3%B6rd"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for `localhost` that is its own authority, and its key."""

    certificate: Path
    key: Path

    def build_context(self) -> ssl.SSLContext:
        """The server's side of a connection."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Write a certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / "certificate.pem", folder / "key.pem")
    found.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return found


@dataclass(slots=True)
class Postbox:
    """Keeps the mails that a server was given; refuses as a test wants."""

    url: str = ""
    came: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """Answers to the next recipients in place of taking them."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.came.append(mail)
        return "250 OK"


def _log_in(_: object, __: object, ___: object, mechanism: str, given: object) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    is_right = mechanism in {"LOGIN", "PLAIN"} and given == right
    # Not handled: the server itself answers a wrong login.
    return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def open_smtp(
    certificate: Certificate | None, *, direct: bool = False
) -> AsyncIterator[Postbox]:
    """Serve SMTP: by STARTTLS and a login, at once by TLS, or (without a certificate) in the clear."""
    postbox = Postbox()
    context = certificate.build_context() if certificate else None
    loop = asyncio.get_running_loop()

    def build() -> SMTP:
        if context is None:
            return SMTP(postbox, loop=loop)
        upgraded = None if direct else context
        return SMTP(
            postbox,
            loop=loop,
            tls_context=upgraded,
            require_starttls=upgraded is not None,
            authenticator=_log_in,
            # Asked for by the sender itself; aiosmtpd would warn of a login without STARTTLS.
            auth_required=not direct,
            auth_require_tls=not direct,
        )

    server = await loop.create_server(build, "127.0.0.1", 0, ssl=context if direct else None)
    port = server.sockets[0].getsockname()[1]
    where = f"localhost:{port}"
    scheme = "smtps" if direct else "smtp"
    postbox.url = f"{scheme}://{LOGIN}@{where}" if context else f"smtp://{where}?tls=off"
    try:
        yield postbox
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def open_imap(certificate: Certificate) -> AsyncIterator[str]:
    """Serve a mailbox over IMAP in a process of its own; yield its address without the folder."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START,
        "--host", "127.0.0.1", "--port", str(port), "--no-service", "admin",
        "--no-service", "managesieve", "--cert", str(certificate.certificate),
        "--key", str(certificate.key), "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            while not await _answers(port):
                assert process.returncode is None, "the server did not start"
                await asyncio.sleep(0.05)
        yield f"imap://{LOGIN}@localhost:{port}"
    finally:
        process.kill()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
