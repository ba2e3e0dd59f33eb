"""Where files are kept that are not for everybody: a folder of this machine, or a bucket by the S3 interface.

(empty)                                                     a folder under the data folder, readable by us alone
s3://bucket/prefix?region=eu-central-1                      Amazon S3, with credentials as boto3 finds them
s3://bucket/prefix?endpoint=http://127.0.0.1:9000           another server that speaks S3
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SPOOLED_BYTES = 5 << 20


def storage_of(url: str, folder: Path | None) -> dict[str, Any]:
    """An entry of Django's STORAGES for an address; without one, the folder. A file that is there is written over.

    Without a folder it is the one of all media, MEDIA_ROOT.

    Raises: ValueError for an address of another kind.
    """
    if not url:
        options: dict[str, Any] = {
            "location": str(folder) if folder else None,
            "allow_overwrite": True,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "config.private_folder.PrivateFolder", "OPTIONS": options}
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        message = "a private storage has to look like s3://bucket/prefix?region=...&endpoint=..."
        raise ValueError(message)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "region_name": query.get("region"),
        "endpoint_url": query.get("endpoint"),
        "default_acl": None,
        "querystring_auth": True,
        "signature_version": "s3v4",
        # Another server has one name for all its buckets.
        "addressing_style": "path" if "endpoint" in query else "auto",
        "file_overwrite": True,
        "max_memory_size": SPOOLED_BYTES,  # 0 would hold a whole file in memory
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def origins_of(url: str) -> list[str]:
    """Where a browser is sent for files of a bucket, for the Content-Security-Policy; none for a folder."""
    if not url:
        return []
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if endpoint := query.get("endpoint"):
        served = urlsplit(endpoint)
        return [f"{served.scheme}://{served.netloc}"]
    bucket, region = parts.netloc, query.get("region", "us-east-1")
    return [f"https://{bucket}.s3.amazonaws.com", f"https://{bucket}.s3.{region}.amazonaws.com"]
