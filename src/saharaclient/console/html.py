"""How pages become HTML: the templates, and the filters that put values into words in them."""

from __future__ import annotations

import functools
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup

import saharaclient
from saharaclient.api import base
from saharaclient.console import kinds, states, words

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = "\N{EN DASH}"
FORMAT = "%Y-%m-%d %H:%M:%S"


@functools.cache
def _environment(folder: Path, static: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.ChainableUndefined,  # a server may leave out anything
    )
    environment.filters |= {
        "state": states.of, "when": when, "age": age, "lasted": lasted,
        "web": words.is_web, "reason": reason, "part": lambda text: quote(str(text), safe=""), "query": urlencode,
    }  # fmt: skip
    # a new release's files are never mistaken for the old ones
    marks = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in static.iterdir()}
    environment.globals |= {
        "kinds": kinds, "version": saharaclient.__version__, "static": lambda name: f"/static/{name}?{marks[name]}",
        "trouble": None, "incomplete": False, "live": False, "query": {},
    }  # fmt: skip
    for name in environment.list_templates():
        environment.get_template(name)  # compiled before anybody waits for it
    return environment


class Templates:
    """The templates of a folder.

    Args:
        folder: where they are.
        static: where the files are that pages refer to.
        site: what the console shows, such as the cloud's name.
    """

    def __init__(self, folder: Path, static: Path, site: str) -> None:
        self._environment = _environment(folder, static)
        self._site = site

    def render(self, name: str, **facts: Any) -> str:
        """The HTML of a template."""
        template = self._environment.get_template(name)
        return template.render(site=self._site, now=datetime.now(UTC).astimezone(), **facts)


def when(text: object) -> Markup | str:
    """A time as the reader's clock shows it."""
    return _time(text, lambda moment: moment.astimezone().strftime(FORMAT), "when")


def age(text: object) -> Markup | str:
    """How long ago something was, with the time itself where the pointer is."""
    return _time(text, lambda moment: words.lasted(_since(moment), 1), "age")


def lasted(start: object, end: object) -> Markup | str:
    """From a time to another, or until now while it lasts."""
    begun, ended = words.moment(start), words.moment(end)
    if begun is None:
        return NOTHING
    if ended is not None:
        return words.lasted((ended - begun).total_seconds())
    return _time(start, lambda moment: words.lasted(_since(moment)), "lasts")


def _time(text: object, shown: Any, kind: str) -> Markup | str:
    moment = words.moment(text)
    if moment is None:
        return str(text) if text else NOTHING
    at = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title = moment.astimezone().strftime(FORMAT)
    return Markup('<time datetime="{}" data-show="{}" title="{}">{}</time>').format(at, kind, title, shown(moment))


def _since(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()


def reason(error: Exception) -> str:
    """Why something could not be read, without the server's own traces."""
    text = str(error) or type(error).__name__
    return text if isinstance(error, base.APIException) else f"{type(error).__name__}: {text}"
