"""How a request body is checked against its schema: Sahara's own types, formats and wording."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from jsonschema import (
    Draft4Validator,
    FormatChecker,
    TypeChecker,
    ValidationError,
    validators,
)

from saharaclient.local.sahara.errors import SaharaError, invalid_data
from saharaclient.local.sahara.urls import is_uuid, split_url

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = r"[a-zA-Z]|[a-zA-Z][a-zA-Z0-9\-]*[a-zA-Z0-9]"
_TAG = r"[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-_]*[a-zA-Z0-9]"
PATTERNS = {
    "valid_name_hostname": rf"(({_LABEL})\.)*({_LABEL})",
    "valid_name": r"[a-zA-Z0-9][a-zA-Z0-9\-_.]*",
    "valid_keypair_name": r"[a-zA-Z0-9\-_ ]+",
    "valid_tag": rf"(({_TAG})\.)*({_TAG})",
    "posix_path": r"(/[A-Za-z0-9_\-]+)+",
}
LARGEST_INTEGER = 2**63 - 1


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return not isinstance(value, str) or not value or pattern.fullmatch(value) is not None


def _is_job_location(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = split_url(value)
    if not parts.scheme:
        raise invalid_data("Job binary url must have a scheme")
    if parts.scheme == "internal-db":
        return is_uuid(parts.netloc)
    if parts.scheme in ("swift", "s3"):
        return bool(parts.hostname)
    if parts.scheme == "manila":
        return is_uuid(parts.netloc) and bool(parts.path)
    raise invalid_data("Invalid job binary")


FORMATS = FormatChecker(formats=())
for _name, _pattern in PATTERNS.items():
    FORMATS.checkers[_name] = (partial(_matches, re.compile(_pattern)), ())
FORMATS.checkers["uuid"] = (lambda value: not isinstance(value, str) or is_uuid(value), ())
FORMATS.checkers["valid_job_location"] = (_is_job_location, ())


def _is_simple(_checker: TypeChecker, value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str | int) for v in value.values())


def _is_configs(checker: TypeChecker, value: object) -> bool:
    return isinstance(value, dict) and all(_is_simple(checker, v) for v in value.values())


def _is_flavor(_checker: TypeChecker, value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lstrip("+-").isdecimal() or is_uuid(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integer(_checker: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_INTEGER


def _unique_items(_validator: Any, wanted: object, value: object, _schema: object) -> Iterator[ValidationError]:
    # jsonschema's own compares each item with all others where they cannot be sorted: seconds for some thousands.
    if wanted and isinstance(value, list) and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
        yield ValidationError(f"{value!r} has non-unique elements")


TYPES = {"configs": _is_configs, "simple_config": _is_simple, "flavor": _is_flavor, "integer": _is_integer}
Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft4Validator,
    {"uniqueItems": _unique_items},
    type_checker=Draft4Validator.TYPE_CHECKER.redefine_many(TYPES),
)


def check(body: Any, validator: Any) -> None:
    """Checks a body.

    Raises:
        SaharaError: VALIDATION_ERROR with every fault, one a line.
    """
    faults = [_where(list(error.path)) + error.message for error in validator.iter_errors(body)]
    if faults:
        raise SaharaError("VALIDATION_ERROR", "\n".join(faults))


def validator_of(schema: dict[str, Any]) -> Any:
    """The validator of a schema."""
    return Validator(schema, format_checker=FORMATS)


def _where(path: list[Any]) -> str:
    return "" if not path else str(path[0]) + "".join(f"[{part}]" for part in path[1:]) + ": "
