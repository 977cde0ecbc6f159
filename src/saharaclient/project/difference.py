"""The difference between what a project wants and what stands in a cloud: what has to be done. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core import redact
from saharaclient.project import values
from saharaclient.project.desired import Wanted, groups_of
from saharaclient.project.kinds import KINDS
from saharaclient.project.order import Key, needs, sequence
from saharaclient.project.plans import Action, Change
from saharaclient.states import ENDED, ENDED_BADLY, ClusterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from saharaclient.project.cloud import Cloud, Found

_EMPTY: tuple[Any, ...] = (None, "", [], {})
_SHARING = frozenset({"is_public", "is_protected"})
# While a cluster stands on them, templates can be changed in this alone.
_WHILE_HELD = {"node_group_templates": _SHARING | {"description"}, "cluster_templates": _SHARING}


def actions(
    wanted: Sequence[Wanted], cloud: Cloud, contents: Mapping[str, str]
) -> tuple[list[Action], list[Key], list[tuple[Key, str]]]:
    """What has to be done.

    Args:
        wanted: the project's entries.
        cloud: what stands there.
        contents: what the bytes of files are known by, by job binary.

    Returns:
        The actions in an order that can be followed; what is equal; and what can't be done, with the reason.
    """
    found: dict[Key, Action] = {}
    for one in wanted:
        there = [each for each in cloud.named(one.section, one.name) if each.mine or one.section == "images"]
        if there:
            action = _compared(one, there[0], wanted, cloud, contents)
        else:
            action = Action(do="create", kind=one.section, name=one.name, changes=[*_all(one)])
        if action is not None:
            found[action.key] = action
    refused = [*_spread(found, wanted, cloud), *_protected(found, wanted, cloud)]
    order = sequence(needs(wanted))
    return [found[key] for key in order if key in found], [key for key in order if key not in found], refused


def deletions(wanted: Sequence[Wanted], cloud: Cloud) -> tuple[list[Action], list[tuple[Key, str]]]:
    """What has to be deleted of what a project names, what names others first; and what can't be, with the reason."""
    found: dict[Key, Action] = {}
    refused: list[tuple[Key, str]] = []
    named = {(each.section, each.name) for each in wanted}
    for one in wanted:
        for there in cloud.named(one.section, one.name)[:1]:
            if not (there.mine or one.section == "images"):
                continue
            found[one.section, one.name] = Action(do="delete", kind=one.section, name=one.name, id=there.id)
            if there.info.get("is_protected"):
                refused.append(
                    ((one.section, one.name), "is protected: set is_protected to false and apply that first")
                )
            for user in cloud.users.get((one.section, one.name), ()):
                if user not in named:
                    noun = KINDS[user[0]].noun
                    reason = f"is used by the {noun} {user[1]}, which the file does not name"
                    refused.append(((one.section, one.name), reason))
    return [found[key] for key in reversed(sequence(needs(wanted))) if key in found], refused


def _all(one: Wanted) -> Iterator[Change]:
    """All fields of what is to be made, as differences from nothing."""
    for name, value in one.written.items():
        if name not in KINDS[one.section].sent_only:
            yield from _leaves(name, None, value, value)


def _compared(
    one: Wanted, there: Found, wanted: Sequence[Wanted], cloud: Cloud, contents: Mapping[str, str]
) -> Action | None:
    changes = [*_changes(one, there, wanted, cloud, contents)]
    base: dict[str, Any] = {"kind": one.section, "name": one.name, "id": there.id, "changes": changes}
    status = there.status
    if one.section == "clusters" and status == ClusterStatus.DELETING:
        return Action(**{**base, "do": "create", "reason": "once the one that is being deleted is gone"})
    if (one.section == "clusters" and status == ClusterStatus.ERROR) or (
        one.section == "jobs" and status in ENDED_BADLY
    ):
        return Action(**base, do="replace", reason=f"it is {status}")
    fields = {change.field.partition(".")[0] for change in changes}
    if not changes:
        waiting = (one.section == "clusters" and status != ClusterStatus.ACTIVE) or (
            one.section == "jobs" and status not in ENDED
        )
        return Action(**base, do="wait", reason=f"it is {status}") if waiting else None
    if "node_groups" in fields and one.section == "clusters" and all(map(_scales, changes)):
        return Action(**base, do="scale")
    kind = KINDS[one.section]
    if kind.in_place is not None and fields - kind.in_place:
        return Action(**base, do="replace", reason=f"{', '.join(sorted(fields - kind.in_place))} can't be changed")
    if (
        one.section == "job_binaries"
        and str(there.info.get("url")).startswith("internal-db:")
        and fields & {"file", "url"}
    ):
        return Action(**base, do="replace", reason="the service can't change bytes that it keeps")
    if fields - _WHILE_HELD.get(one.section, fields) and any(
        user[0] == "clusters" or any(cloud_user[0] == "clusters" for cloud_user in cloud.users.get(user, ()))
        for user in cloud.users.get((one.section, one.name), ())
    ):
        return Action(**base, do="replace", reason="clusters stand on it")
    return Action(**base, do="update")


def _scales(change: Change) -> bool:
    """Whether a difference of a cluster can be made up for by scaling, or in place."""
    parts = change.field.split(".")
    if parts[0] != "node_groups":
        return parts[0] in (KINDS["clusters"].in_place or ())
    return (len(parts) == 3 and parts[2] == "count") or (len(parts) == 2 and change.before is None)


def _changes(
    one: Wanted, there: Found, wanted: Sequence[Wanted], cloud: Cloud, contents: Mapping[str, str]
) -> Iterator[Change]:
    if one.section == "jobs":  # a run keeps what was written, places for secrets among it
        for name, written in one.written.items():
            if not _alike(written, there.entry.get(name)):
                yield from _leaves(name, there.entry.get(name), written, written)
        return
    for name, written in one.written.items():
        value, before = one.fields[name], there.entry.get(name)
        if name in KINDS[one.section].sent_only:
            continue
        if name == "file":
            yield from _other_bytes(one, there, cloud, contents)
        elif name == "node_groups":
            yield from _group_changes(one, before or {}, wanted, cloud)
        elif name in _COMPARED_WHOLE:
            if not _COMPARED_WHOLE[name](value, before or []):
                yield Change(name, before, written)
        else:
            yield from _leaves(name, before, value, written)


def _other_bytes(one: Wanted, there: Found, cloud: Cloud, contents: Mapping[str, str]) -> Iterator[Change]:
    known, new = cloud.digest(there), contents.get(one.path[1])
    if known is not None and known != new:
        yield Change("file", f"bytes {known}…", f"{one.written['file']}, bytes {new}…")


def _tagged_alike(value: list[str], before: list[str]) -> bool:
    return sorted(value) == sorted(before)


def _listed_alike(value: list[dict[str, Any]], before: list[dict[str, Any]]) -> bool:
    """Whether lists of entries agree in the fields that are given."""
    return len(value) == len(before) and all(
        _alike(inner, old.get(name)) for new, old in zip(value, before, strict=True) for name, inner in new.items()
    )


_COMPARED_WHOLE: dict[str, Callable[[Any, Any], bool]] = {
    "tags": _tagged_alike,
    "interface": _listed_alike,
    "shares": _listed_alike,
}


def _group_changes(one: Wanted, before: Mapping[str, Any], wanted: Sequence[Wanted], cloud: Cloud) -> Iterator[Change]:
    cluster = one.section == "clusters"
    groups = groups_of(one.fields, wanted, cloud) if cluster else one.fields["node_groups"]
    for name, group in one.fields["node_groups"].items():
        if name not in before:
            yield Change(f"node_groups.{name}", None, one.written["node_groups"][name])
            continue
        for field, value in group.items():
            written = one.written["node_groups"][name][field]
            yield from _leaves(f"node_groups.{name}.{field}", before[name].get(field), value, written)
    for name in before.keys() - groups.keys():
        yield Change(f"node_groups.{name}", before[name], None)


def _leaves(path: str, before: Any, value: Any, written: Any) -> Iterator[Change]:
    """The differences between two values, those of names and values one by one.

    Args:
        path: of the field, with dots.
        before: what stands there.
        value: what is wanted.
        written: the same as the file says it.
    """
    if _alike(value, before):
        return
    if isinstance(value, dict) and (isinstance(before, dict) or before is None):
        for name in sorted({**(before or {}), **value}):
            inner = written.get(name) if isinstance(written, dict) else None
            yield from _leaves(f"{path}.{name}", (before or {}).get(name), value.get(name), inner)
        return
    secret = redact.redact({path.rpartition(".")[2]: "x"}) != {path.rpartition(".")[2]: "x"}
    if secret and values.from_outside(written) and before is not None:
        return  # servers hide it: that it differs says nothing
    hidden = secret or values.from_outside(written)
    yield Change(path, None if hidden else redact.redact(before), written if hidden else redact.redact(value))


def _alike(value: Any, before: Any) -> bool:
    return value == before or (value in _EMPTY and before in _EMPTY) or (before is None and value in (False, 0))


def _spread(found: dict[Key, Action], wanted: Sequence[Wanted], cloud: Cloud) -> list[tuple[Key, str]]:
    """Replace what stands on what is replaced; says what can't be, since the project does not name it."""
    named = {(one.section, one.name) for one in wanted}
    refused: list[tuple[Key, str]] = []
    left = [key for key, action in found.items() if action.do == "replace"]
    while left:
        key = left.pop()
        noun = KINDS[key[0]].noun
        for user in cloud.users.get(key, ()):
            if user not in named:
                told = (
                    f"would be replaced, but the {KINDS[user[0]].noun} {user[1]}, which the file does not name, uses it"
                )
                refused.append((key, told))
            elif user not in found or found[user].do not in ("replace", "create"):
                there = cloud.named(*user)[0]
                changes = found[user].changes if user in found else []
                reason = f"it uses the {noun} {key[1]}"
                found[user] = Action(
                    do="replace", kind=user[0], name=user[1], id=there.id, changes=changes, reason=reason
                )
                left.append(user)
    return refused


def _protected(found: Mapping[Key, Action], wanted: Sequence[Wanted], cloud: Cloud) -> Iterator[tuple[Key, str]]:
    """What would be changed, but is protected, and the file does not say that this is known."""
    fields = {(one.section, one.name): one.fields for one in wanted}
    for key, action in found.items():
        if action.id is None or not cloud.named(*key)[0].info.get("is_protected"):
            continue
        if action.do == "replace":
            yield key, "is protected, and would be deleted and made anew: set is_protected to false, apply that first"
        elif action.do in ("update", "scale") and "is_protected" not in fields[key]:
            told = "say is_protected: true to have it changed and stay protected, or false to lift that"
            yield key, f"is protected, and the file does not say so: {told}"
