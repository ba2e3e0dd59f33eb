"""The short way to DynamoDB says and raises what botocore's own does, signs as it does, and trusts whom it trusts."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from config.dynamodb import client as clients
from config.dynamodb import get_item, put_item
from config.dynamodb.client import boto_client, client
from config.ids import next_id
from tests.config.tables import THINGS
from tests.faults.proxy import message_of, value_of

NAME = THINGS.physical_name
THERE = {"pk": {"S": f"P{next_id()}"}, "sk": {"S": "a"}, "n": {"N": "1"}, "bytes": {"B": b"\x00\xff"}}
KEY = {name: THERE[name] for name in ("pk", "sk")}
ONLY_NEW = "attribute_not_exists(pk)"
ALL_OLD = "ALL_OLD"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "an item": ("get_item", {"Key": KEY, "ReturnConsumedCapacity": "TOTAL"}),
    "no item": ("get_item", {"Key": KEY | {"sk": {"S": "none"}}}),
    "rows": (
        "query",
        {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": KEY["pk"]}},
    ),
    "no table": ("get_item", {"TableName": "nowhere", "Key": KEY}),
    "nonsense": ("query", {"KeyConditionExpression": "what"}),
    "a condition": (
        "put_item",
        {"Item": THERE, "ConditionExpression": ONLY_NEW, "ReturnValuesOnConditionCheckFailure": ALL_OLD},
    ),
    "a transaction": (
        "transact_write_items",
        {
            "TransactItems": [
                {"Delete": {"TableName": NAME, "Key": KEY | {"sk": {"S": "b"}}}},
                {
                    "Put": {
                        "TableName": NAME,
                        "Item": THERE,
                        "ConditionExpression": ONLY_NEW,
                        "ReturnValuesOnConditionCheckFailure": ALL_OLD,
                    }
                },
            ]
        },
    ),
}


def outcome(call: Callable[[], Any]) -> Any:
    """What it returns or raises, without what differs from answer to answer."""
    try:
        said, raised = call(), None
    except ClientError as error:
        said, raised = error.response, type(error).__name__
    if isinstance(said, dict):
        status = said.pop("ResponseMetadata")["HTTPStatusCode"]
        return said, raised, status
    return said, raised


@pytest.mark.parametrize("what", CALLS)
def test_both_ways_give_the_same(what: str) -> None:
    client().put_item(TableName=NAME, Item=THERE)
    operation, parameters = CALLS[what]
    if "TransactItems" not in parameters:
        parameters = {"TableName": NAME} | parameters
    assert outcome(partial(client().direct.send, operation, parameters)) == outcome(
        partial(getattr(client(), operation), **parameters)
    )


class Listener(ThreadingTCPServer):
    """Whoever is asked: it keeps what it hears, and answers as told; None: never, b"": it hangs up."""

    daemon_threads, block_on_close = True, False

    def __init__(self, answer: bytes | None, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.heard = answer, list[tuple[bytes, bytes]]()
        self.connections = 0
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_: Any) -> None:
        """A client that trusts nobody here hangs up."""


class Handler(BaseRequestHandler):
    """One connection."""

    server: Listener

    def handle(self) -> None:
        """Requests until the other side has enough."""
        self.server.connections += 1
        while (heard := message_of(self.request)) is not None:
            self.server.heard.append(heard)
            if self.server.answer is None:
                self.request.recv(1)
            elif self.server.answer:
                self.request.sendall(self.server.answer)
            else:
                return


@contextmanager
def listening(answer: bytes | None, tls: ssl.SSLContext | None = None) -> Iterator[Listener]:
    """A listener on a port of its own."""
    with Listener(answer, tls) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def asked(settings: Settings, url: str | None, *, times: int = 1, is_direct: bool = True) -> Any:
    """A question to whoever is there, and the last answer."""
    settings.DYNAMODB_ENDPOINT = url
    made = boto_client("dynamodb")
    question = {"TableName": NAME, "Key": KEY}
    try:
        for _ in range(times):
            answer = made.direct.send("get_item", question) if is_direct else made.get_item(**question)
        return answer
    finally:
        made.close()


def of(server: Listener, scheme: str = "http") -> str:
    """Its address."""
    return f"{scheme}://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize(
    ("answer", "error"),
    [(None, ReadTimeoutError), (b"", ConnectionClosedError), (b"what?\r\n\r\n", HTTPClientError)],
)
@pytest.mark.parametrize("is_direct", [True, False])
def test_a_network_that_fails_is_called_as_botocore_calls_it(
    answer: bytes | None,
    error: type[BotoCoreError],
    is_direct: bool,  # of two ways
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clients, "READ_SECONDS", 0.3)
    with listening(answer) as server, pytest.raises(error):
        asked(settings, of(server), is_direct=is_direct)
    with pytest.raises(EndpointConnectionError):
        asked(settings, of(server), is_direct=is_direct)


def test_one_connection_serves_one_request_after_the_other(settings: Settings) -> None:
    with listening(EMPTY) as server:
        asked(settings, of(server), times=3)
    assert (server.connections, len(server.heard)) == (1, 3)


def test_whatever_is_about_items_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.Endpoint.make_request", pytest.fail)
    key = {"pk": f"P{next_id()}", "sk": "a"}
    put_item(THINGS, key | {"n": 1})
    assert get_item(THINGS, key, consistent=True) == key | {"n": 1}


def test_the_signature_is_botocores_and_a_session_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "botocore.session.Session.get_credentials", lambda *_: Credentials("who", "secret", "token")
    )
    with listening(EMPTY) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", of(server))
        asked(settings, None)
    ((head, body),) = server.heard
    assert value_of(head, b"x-amz-security-token") == b"token"
    signed = value_of(head, b"authorization").decode()
    names = signed.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-security-token", "x-amz-target"} <= set(names)
    headers = {name: value_of(head, name.encode()).decode() for name in names}
    again = AWSRequest("POST", of(server) + "/", headers=headers, data=body)
    again.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(Credentials("who", "secret", "token"), "dynamodb", settings.DYNAMODB_REGION)
    text = auth.string_to_sign(again, auth.canonical_request(again))
    assert signed.endswith(f"Signature={auth.signature(text, again)}")


def test_through_a_proxy_requests_go_botocores_way(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(EMPTY) as proxy:
        monkeypatch.setenv("HTTP_PROXY", of(proxy))
        monkeypatch.setenv("NO_PROXY", "")
        asked(settings, "http://dynamodb.example:8000")
    assert proxy.heard[0][0].startswith(b"POST http://dynamodb.example:8000/ HTTP/1.1")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, by itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "both.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def test_nobody_is_believed_to_be_dynamodb_who_cannot_show_it(
    certificate: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with listening(EMPTY, tls) as server:
        with pytest.raises(SSLError):
            asked(settings, of(server, "https"))
        assert not server.heard
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
        assert "Item" not in asked(settings, of(server, "https"))
        assert len(server.heard) == 1
