"""Requests straight from botocore's signature to urllib3's pool: half of what a call takes is botocore's way between the two.

botocore gives the address, the credentials, the signature, and the errors by name; it sends what is about tables, and everything
where the environment asks for a proxy. Its way serves all services and protocols: events, address rules, streams, redirects,
100-continue, histories. What is here is what items and their streams need of it; a stream's times are numbers here, seconds.
"""

import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies
from urllib3 import exceptions
from urllib3.connection import HTTPConnection

from config.dynamodb.wire import PlainParser, body_of

BOTOCORES: Final[tuple[tuple[type[Exception], type[BotoCoreError]], ...]] = (
    (exceptions.SSLError, SSLError),
    (exceptions.ReadTimeoutError, ReadTimeoutError),
    (exceptions.NewConnectionError, EndpointConnectionError),  # to urllib3 also a kind of the next
    (exceptions.ConnectTimeoutError, ConnectTimeoutError),
    (exceptions.ProtocolError, ConnectionClosedError),
)
"""What each of urllib3's errors is called by botocore."""
REFUSED: Final = 300
"""From this status on DynamoDB has not done what was asked."""


class Direct:
    """Sends what a client of botocore's would send to its address. Threads share it."""

    def __init__(
        self,
        client: Any,
        credentials: Any,
        *,
        connect_seconds: float,
        read_seconds: float,
        authorities: str | None,
    ) -> None:
        """`authorities`: a file with their certificates; None: those that botocore trusts."""
        self._client, self._credentials = client, credentials
        meta = client.meta
        self._url = meta.endpoint_url
        service = meta.service_model
        self._models = {
            method: service.operation_model(name) for method, name in meta.method_to_api_mapping.items()
        }
        self._target, self._signed_for = service.metadata["targetPrefix"], service.signing_name
        self._headers = {
            "Content-Type": f"application/x-amz-json-{service.metadata['jsonVersion']}",
            "User-Agent": meta.config.user_agent,
        }
        self._parser = PlainParser()
        options: dict[str, Any] = {}
        if self._url.startswith("https:"):
            options = {"cert_reqs": "CERT_REQUIRED", "ca_certs": authorities or get_cert_path(verify=True)}
        self._pool = urllib3.connection_from_url(
            self._url,
            maxsize=meta.config.max_pool_connections,
            timeout=urllib3.Timeout(connect=connect_seconds, read=read_seconds),
            retries=False,
            socket_options=[
                *HTTPConnection.default_socket_options,
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
            ],
            **options,
        )
        self._path = urlsplit(self._url).path or "/"
        self._is_proxied = bool(get_environ_proxies(self._url))

    def send(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The answer, as the client's method of this name gives it, to parameters as it takes them.

        Raises: botocore's ClientError for what DynamoDB refuses, its errors of the network.
        """
        if self._is_proxied:
            answered: dict[str, Any] = getattr(self._client, operation)(**parameters)
            return answered
        model = self._models[operation]
        headers = self._headers | {"X-Amz-Target": f"{self._target}.{model.name}"}
        request = AWSRequest("POST", self._url, headers=headers, data=body_of(parameters))
        frozen = self._credentials and self._credentials.get_frozen_credentials()
        SigV4Auth(frozen, self._signed_for, self._client.meta.region_name).add_auth(request)
        try:
            answer = self._pool.urlopen(
                "POST", self._path, body=request.data, headers=dict(request.headers.items()), redirect=False
            )
        except (exceptions.HTTPError, OSError) as error:
            raise self._botocores(error) from error
        told = {"body": answer.data, "headers": answer.headers, "status_code": answer.status}
        parsed: dict[str, Any] = self._parser.parse(told, model.output_shape)
        if answer.status >= REFUSED:
            raise self._refusal(told, parsed, model)
        return parsed

    def close(self) -> None:
        """End all connections that nobody uses."""
        self._pool.close()

    def _refusal(self, told: dict[str, Any], parsed: dict[str, Any], model: Any) -> Exception:
        code = parsed.get("Error", {}).get("Code")
        # What an error says of its own, as the item that is there, is read by that error's shape.
        shape = model.service_model.shape_for_error_code(code)
        said = parsed if shape is None else parsed | self._parser.parse(told, shape)
        refused: Exception = self._client.exceptions.from_code(code)(said, model.name)
        return refused

    def _botocores(self, error: Exception) -> BotoCoreError:
        for theirs, ours in BOTOCORES:
            if isinstance(error, theirs):
                return ours(endpoint_url=self._url, error=error)
        return HTTPClientError(error=error)
