"""Servers of strangers, on this machine: a test says byte for byte what they answer."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = Callable[[socket.socket, str], None]


class Stranger:
    """A server that answers each request by `answer(connection, path)` and remembers what was asked."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self._scheme = "https" if tls else "http"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://stranger.test:{self.port}{path}"

    def close(self) -> None:
        # Closing alone would leave an `accept` that has begun to take one more connection.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            connection = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
        except OSError:
            return  # the asker did not like the certificate
        with connection:
            request = b""
            while b"\r\n\r\n" not in request and (more := connection.recv(65_536)):
                request += more
            self.asked.append(request.decode(errors="replace"))
            try:
                self._answer(connection, [*request.split(b" "), b"", b""][1].decode(errors="replace"))
            except OSError:
                return  # the asker has gone away, as it should


@contextmanager
def a_stranger(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Stranger]:
    server = Stranger(answer, tls)
    try:
        yield server
    finally:
        server.close()


def answering(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """The same answer to every request."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]).encode()

    def answer(connection: socket.socket, _path: str) -> None:
        connection.sendall(head + body)

    return answer


def page(body: str, *headers: str) -> Answer:
    return answering(body.encode(), "Content-Type: text/html; charset=utf-8", *headers)


def redirecting(to: Callable[[str], str]) -> Answer:
    def answer(connection: socket.socket, path: str) -> None:
        connection.sendall(
            f"HTTP/1.1 302 Found\r\nLocation: {to(path)}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    return answer


def a_certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context with a certificate of its own making, also left in `folder` as name.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(encoding))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / "key.pem")
    return context
