"""Fields of an image: which there are, how they are shown, and what may be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.neighbours.image.records import Image
    from saharaclient.local.web.calls import Call

# Fields with the type a client may give them; any other field is a property, which is a string.
WRITABLE: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "visibility": str,
    "protected": bool,
    "os_hidden": bool,
    "min_disk": int,
    "min_ram": int,
    "container_format": (str, type(None)),
    "disk_format": (str, type(None)),
}
READ_ONLY = frozenset(
    {
        *("id", "owner", "status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value"),
        *("created_at", "updated_at", "self", "file", "schema", "direct_url", "locations", "stores"),
    }
)
# What a field with a fixed set of values may be: as Glance is configured where nobody configures it.
CHOICES: dict[str, tuple[str, ...]] = {
    "disk_format": ("ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"),
    "container_format": ("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"),
    "visibility": ("public", "private", "shared", "community"),
}
MAX_INT = 2**31 - 1


def describe(image: Image) -> dict[str, Any]:
    """An image as replies have it."""
    href = f"/v2/images/{image.id}"
    fields = {name: getattr(image, name) for name in WRITABLE}
    return {
        **image.properties,
        **fields,
        "id": image.id,
        "owner": image.owner,
        "status": image.status,
        "size": image.size,
        "virtual_size": None,
        "checksum": image.checksum,
        "os_hash_algo": None,
        "os_hash_value": None,
        "tags": image.tags,
        "created_at": image.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updated_at": image.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "self": href,
        "file": f"{href}/file",
        "schema": "/v2/schemas/image",
    }


def _checked(name: str, value: Any) -> Any:
    expected = WRITABLE.get(name, str)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        wanted = expected.__name__ if isinstance(expected, type) else "str or null"
        raise ApiError(400, f"Property '{name}' must be of type {wanted}.")
    if value is not None and name in CHOICES and value not in CHOICES[name]:
        raise ApiError(400, f"'{name}' must be one of {', '.join(CHOICES[name])}, not '{value}'.")
    if isinstance(value, int) and not 0 <= value <= MAX_INT:
        raise ApiError(400, f"Property '{name}' must be between 0 and {MAX_INT}.")
    if isinstance(value, str) and name in WRITABLE and len(value) > 255:
        raise ApiError(400, f"Property '{name}' must have at most 255 characters.")
    return value


def checked_tags(tags: Any) -> list[str]:
    """Tags without repetitions. Raises 400 for what is no list of them."""
    if not isinstance(tags, list) or not all(isinstance(tag, str) and len(tag) <= 255 for tag in tags):
        raise ApiError(400, "'tags' must be a list of strings of at most 255 characters.")
    return list(dict.fromkeys(tags))


def set_field(call: Call, image: Image, name: str, value: Any) -> None:
    """Changes a field or property of an image. Raises 400 or 403 for a value or field that cannot be."""
    if name in READ_ONLY:
        raise ApiError(403, f"Attribute '{name}' is read-only.")
    if name == "tags":
        image.tags = checked_tags(value)
        return
    value = _checked(name, value)
    if name == "visibility" and value == "public" and not call.identity.is_admin:
        raise ApiError(403, "You are not authorized to publicize images: it needs the role 'admin'.")
    if name in WRITABLE:
        setattr(image, name, value)
    else:
        image.properties = {**image.properties, name: value}


def remove_field(image: Image, name: str) -> None:
    """Removes a property of an image. Raises 403 for a field that stays, 409 for one that is not there."""
    if name in WRITABLE or name in READ_ONLY or name == "tags":
        raise ApiError(403, f"Property {name} may not be removed.")
    if name not in image.properties:
        raise ApiError(409, f"Property {name} does not exist.")
    image.properties = {key: value for key, value in image.properties.items() if key != name}
