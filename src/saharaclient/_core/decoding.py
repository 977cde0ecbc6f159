"""JSON as the library reads it, and in plain words why something is none."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from saharaclient._core import lazy_msgspec as msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACE = r" \(byte (\d+)\)"
_NO_NUMBER = rb"-?(NaN|Infinity)"
_HALF_A_PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"


class NotJSON(ValueError):
    """These bytes are no JSON, or not of the type that was asked for; the message says why."""


def decode(content: bytes | msgspec.Raw, to: Any = Any) -> Any:
    """A JSON text as a type of Python's or of msgspec's.

    Raises:
        NotJSON: it is none, or not of that type.
    """
    return _decode(functools.partial(msgspec.json.decode, type=to), content)


def decode_list(content: bytes, key: str) -> tuple[list[msgspec.Raw], Any]:
    """The objects in a list reply, each of them undecoded in bytes of its own, and its markers.

    Args:
        content: the reply's body.
        key: the member that is the list.

    Raises:
        NotJSON: it is none, or has no such list of objects.
    """
    listing = _decode(_lister(key), content)
    # What is decoded later can't tell which request it came from: what can be known now is said now.
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError as error:
            raise NotJSON(str(error)) from error
    if not all(bytes(memoryview(item)[:1]) == b"{" for item in listing.items):
        raise NotJSON(f"its {key!r} has something that is no object")
    return [item.copy() for item in listing.items], decode(listing.markers)


@functools.lru_cache(maxsize=64)
def _lister(key: str) -> Callable[[bytes], Any]:
    """Reads a reply whose member `key` is a list."""
    fields: list[Any] = [("items", list[msgspec.Raw]), ("markers", msgspec.Raw, msgspec.Raw(b"null"))]
    return msgspec.json.Decoder(msgspec.defstruct("Listing", fields, rename={"items": key})).decode


def _decode(decoder: Callable[[Any], Any], content: bytes | msgspec.Raw) -> Any:
    try:
        return decoder(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJSON(_why(str(error), bytes(content))) from error


def _why(said: str, content: bytes) -> str:
    """What the decoder said, or what it means where that is hard to know."""
    place, number_at = re.search(_PLACE, said), re.compile(_NO_NUMBER).match
    # of -Infinity it names the second byte
    if place and (number := number_at(content, int(place[1]) - 1) or number_at(content, int(place[1]))):
        return f"{number[0].decode()} is no number of JSON{place[0]}"
    if half := re.search(_HALF_A_PAIR, content):
        return f"{half[0].decode()} is half of a surrogate pair, and no character (byte {half.start()})"
    return said
