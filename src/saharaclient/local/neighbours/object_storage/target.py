"""What a request is about, and the metadata in its headers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from saharaclient.local.neighbours.object_storage.records import MAX_CONTAINER_NAME, MAX_OBJECT_NAME, ObjectStore
from saharaclient.local.web.calls import Call
from saharaclient.local.web.errors import ApiError, caller_of

if TYPE_CHECKING:
    from starlette.requests import Request


PREFIX = "/object-store"
MAX_META = 90  # items
OFFERS = "accounts, containers and objects, large ones too (no versions, temporary URLs or access lists)"
STORAGE_POLICY = "default"
# Headers by which others are let in, and others that would be a promise: refused, as nothing here would keep it.
REFUSED = (
    *("x-container-read", "x-container-write", "x-account-access-control", "x-container-sync-to"),
    *("x-versions-location", "x-history-location", "x-versions-enabled"),
)


class Target:
    """What a request is about: an account, a container or an object, by the raw path.

    Raises:
        ApiError: 412 for a name that is no UTF-8 or too long, 403 for another project's account.
    """

    def __init__(self, request: Request, raw: bytes) -> None:
        try:
            names = unquote_to_bytes(raw).decode().split("/", 2)
        except UnicodeDecodeError:
            raise ApiError(412, "Invalid UTF8 or contains NULL") from None
        if any("\0" in name for name in names):  # in a header: the Gateway knows URLs alone
            raise ApiError(412, "Invalid UTF8 or contains NULL")
        account, self.container, self.name = names + [""] * (3 - len(names))
        if len(self.container.encode()) > MAX_CONTAINER_NAME:
            raise ApiError(
                400, f"Container name length of {len(self.container.encode())} longer than {MAX_CONTAINER_NAME}"
            )
        if len(self.name.encode()) > MAX_OBJECT_NAME:
            raise ApiError(400, f"Object name length of {len(self.name.encode())} longer than {MAX_OBJECT_NAME}")
        self.project_id = account.removeprefix("AUTH_")
        caller = caller_of(request)
        if caller.project_id != self.project_id:
            raise ApiError(403, "Access was denied to this resource: the account belongs to another project.")

    @property
    def kind(self) -> str:
        """`account`, `container` or `object`."""
        return "object" if self.name else "container" if self.container else "account"


def changed_meta(request: Request, kind: str, have: dict[str, Any]) -> dict[str, Any]:
    """Metadata after the `X-<kind>-Meta-*` headers of a request; an empty value removes an item."""
    prefix, meta = f"x-{kind}-meta-", dict(have)
    for name, value in request.headers.items():
        if name.startswith(f"x-remove-{kind}-meta-"):
            meta.pop(name.removeprefix(f"x-remove-{kind}-meta-"), None)
        elif name.startswith(prefix):
            meta[name.removeprefix(prefix)] = value
    meta = {name: value for name, value in meta.items() if value}
    if len(meta) > MAX_META or any(len(name) > 128 or len(value) > 256 for name, value in meta.items()):
        raise ApiError(400, f"Too much metadata: at most {MAX_META} items, names of 128 and values of 256 characters.")
    return meta


def not_done(asked: str) -> str:
    """What is said of what this storage does not do; the reason first, as python-swiftclient shows 60 characters."""
    return f"{asked} is not done here. The embedded object-store service does: {OFFERS}."


def refuse_promises(request: Request) -> None:
    """Refuses access lists and versions, which this storage does not have; to take one away is no harm.

    Raises 400: to python-swiftclient a 501 is worth six attempts within half a minute.
    """
    for name in REFUSED:
        if request.headers.get(name):
            raise ApiError(400, not_done(name))


def meta_headers(kind: str, meta: dict[str, Any]) -> dict[str, str]:
    """Metadata as headers of a reply."""
    return {f"X-{kind.title()}-Meta-{name.title()}": value for name, value in meta.items()}


@dataclass(frozen=True)
class StorageCall(Call):
    """One request of the object storage."""

    @cached_property
    def target(self) -> Target:
        """What it is about."""
        return target_of(self.request)

    @property
    def store(self) -> ObjectStore:
        """The objects, through the request's session."""
        return ObjectStore(self.session, self.settings.objects)


def raw_path(request: Request) -> bytes:
    """Account, container and object as the request's path has them: only there %2F differs from a slash."""
    raw: bytes = request.scope["raw_path"].partition(b"?")[0]
    return raw.removeprefix(f"{PREFIX}/v1/".encode())


def target_of(request: Request) -> Target:
    """What a request's path names."""
    return Target(request, raw_path(request))
