"""What the URL and the credentials of a data source may be, by its type."""

from __future__ import annotations

import re
from typing import Any

from saharaclient.local.sahara.errors import SaharaError, invalid_data
from saharaclient.local.sahara.urls import is_uuid, split_url

Fields = dict[str, Any]
LONGEST_RANDOM = 1024


S3_CREDENTIALS = {"accesskey": str, "secretkey": str, "endpoint": str, "bucket_in_path": bool, "ssl": bool}


def check_source(given: Fields) -> None:
    """Refuses a data source whose URL or credentials are not those of its type."""
    url = given["url"]
    asked = re.findall(r"%RANDSTR\((-?\d+)\)%", url)
    lengths = [int(digits) if len(digits) < 19 else LONGEST_RANDOM + 1 for digits in asked]
    if any(length <= 0 for length in lengths):
        raise invalid_data("Requested RANDSTR length must be positive.")
    if sum(lengths) > LONGEST_RANDOM:
        raise invalid_data("Requested RANDSTR length is too long, please choose a value less than 1024.")
    _URL_CHECKS[given["type"]](url, given.get("credentials"))


def _check_swift(url: str, credentials: Fields | None) -> None:
    parts = split_url(url) if url else _empty("Swift")
    if parts.scheme != "swift":
        raise invalid_data("URL scheme must be 'swift'")
    if ("." in parts.netloc and not parts.netloc.endswith(".sahara")) or len(parts.path) <= 1:
        raise invalid_data("URL must be of the form swift://container.sahara/object")
    if credentials is None:
        raise SaharaError("INVALID_CREDENTIALS", "No credentials provided for Swift")
    for key, shown in (("user", "User"), ("password", "Password")):
        if key not in credentials:
            raise SaharaError("INVALID_CREDENTIALS", f"{shown} is not provided in credentials for Swift")


def _check_hdfs(url: str, _credentials: Fields | None) -> None:
    parts = split_url(url) if url else _empty("HDFS")
    if parts.scheme and parts.scheme != "hdfs":
        raise invalid_data("URL scheme must be 'hdfs'")
    if parts.scheme and not parts.hostname and not parts.path:
        raise invalid_data("HDFS url is incorrect, cannot determine a hostname")


def _check_maprfs(url: str, _credentials: Fields | None) -> None:
    parts = split_url(url) if url else _empty("MapR FS")
    if parts.scheme and parts.scheme != "maprfs":
        raise invalid_data("URL scheme must be 'maprfs'")


def _check_manila(url: str, _credentials: Fields | None) -> None:
    parts = split_url(url) if url else _empty("Manila")
    if parts.scheme != "manila":
        raise invalid_data("Manila url scheme must be 'manila'")
    if not is_uuid(parts.netloc):
        raise invalid_data("Manila url netloc must be a uuid")
    if not parts.path:
        raise invalid_data("Manila url path must not be empty")


def _check_s3(url: str, credentials: Fields | None) -> None:
    parts = split_url(url) if url else _empty("S3")
    if parts.scheme not in ("s3", "s3a"):
        raise invalid_data("URL scheme must be 's3' or 's3a'")
    if not parts.hostname:
        raise invalid_data("Bucket name must be present")
    if not parts.path:
        raise invalid_data("Object name must be present")
    for key, value in (credentials or {}).items():
        if key not in S3_CREDENTIALS:
            raise invalid_data(f"Unknown config '{key}' for S3 data source")
        if S3_CREDENTIALS[key] is bool and not isinstance(value, bool):
            raise invalid_data(f"Config '{key}' must be boolean")


def _empty(kind: str) -> Any:
    raise invalid_data(f"{kind} url must not be empty")


_URL_CHECKS = {
    "swift": _check_swift,
    "hdfs": _check_hdfs,
    "maprfs": _check_maprfs,
    "manila": _check_manila,
    "s3": _check_s3,
}
