"""A program that knows Roost by its API alone: HTTP, JSON, a token."""

import json
import urllib.request
from typing import Any
from uuid import uuid4


class Api:
    """One person's program."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = f"{base_url}/api/v1"
        self.token = token

    def call(self, method: str, path: str, body: Any = None, photo: bytes | None = None) -> Any:
        """The answer's JSON, None of an empty one. Raises: HTTPError for a refusal."""
        headers = {"Authorization": f"Token {self.token}"} if self.token else {}
        data = None
        if photo is not None:
            data, headers["Content-Type"] = multipart(body, photo)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.base_url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            content = response.read()
        return json.loads(content) if content else None

    def sign_up(self, handle: str, password: str) -> Any:
        """A new account, signed in; its profile."""
        account = {
            "handle": handle,
            "email": f"{handle}@example.org",
            "password": password,
            "name": handle.title(),
        }
        profile = self.call("POST", "/accounts/", account)
        signed_in = self.call("POST", "/tokens/", {"login": handle, "password": password, "name": "story"})
        self.token = signed_in["token"]
        return profile

    def home(self) -> list[Any]:
        """The first page of the feed."""
        items: list[Any] = self.call("GET", "/feed/home/")["items"]
        return items


def multipart(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    """A form with a photo, and its content type."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n'
    parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", photo, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
