"""What is done for one entry of a project: made, changed, scaled, waited for, deleted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from saharaclient.api import base
from saharaclient.project import cloud as clouds
from saharaclient.project import contents, neighbours, translation
from saharaclient.project.desired import Wanted, groups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from saharaclient.project.plans import Action

_SHARING = frozenset({"is_public", "is_protected"})
_SLICE = 2.0  # seconds of a wait at once, so that it can be given up


class Stopped(Exception):
    """Whoever applies has given up."""


class Deeds:
    """Does what actions say.

    Args:
        client: the data processing client.
        cloud: what stands there; what is made is noted in it.
        wanted: the project's entries.
        base_folder: the folder of the project's files.
        digests: what the bytes of its files are known by.
        timeout: seconds that one wait may take.
        stopped: whether to give up.
    """

    def __init__(
        self,
        client: Any,
        cloud: clouds.Cloud,
        wanted: Sequence[Wanted],
        base_folder: Path,
        digests: Mapping[str, str],
        timeout: float,
        stopped: Callable[[], bool],
    ) -> None:
        self._client, self._cloud, self._all = client, cloud, wanted
        self._base, self._digests, self._timeout, self._stopped = base_folder, digests, timeout, stopped
        self._wanted = {(one.section, one.name): one for one in wanted}
        self._managers = clouds.managers(client, cloud.version)

    def make(self, action: Action, tell: Callable[[str], object]) -> None:
        """Create, change, scale or wait for what an action names, until it is ready.

        Args:
            action: the action.
            tell: called with each state of what is waited for.
        """
        if action.do in ("create", "replace"):
            if action.do == "create" and action.id is not None:  # the one that is being deleted
                self._managers[action.kind].wait_deleted(action.id, timeout=self._timeout)
            resource_id = self._create(action)
            self._cloud.add(action.kind, action.name, resource_id)
        else:
            resource_id = str(action.id)
            if action.do == "update":
                self._update(action, resource_id)
            elif action.do == "scale":
                self._wait(action, resource_id, tell)
                self._scale(action, resource_id)
        if action.kind in ("clusters", "jobs") and action.do != "update":
            self._wait(action, resource_id, tell)

    def delete(self, action: Action) -> None:
        """Delete what an action names, until it is gone."""
        manager = self._managers[action.kind]
        # what was applied twice at once may have run a job twice
        runs = [run.id for run in self._cloud.named("jobs", action.name)] if action.kind == "jobs" else []
        for resource_id in runs or [str(action.id)]:
            with contextlib.suppress(base.NotFound):
                if action.kind == "images":
                    manager.unregister_image(resource_id)
                else:
                    manager.delete(resource_id)
            if action.kind in ("clusters", "jobs"):
                manager.wait_deleted(resource_id, timeout=self._timeout)
        if action.kind == "job_binaries":
            self._forget(action)

    def _wait(self, action: Action, resource_id: str, tell: Callable[[str], object]) -> None:
        manager = self._managers[action.kind]
        clock = self._client.clusters.api.clock
        deadline, seen = clock.now() + self._timeout, ""

        def told(resource: Any) -> None:
            nonlocal seen
            if (state := str(resource._status())) != seen:
                seen = state
                tell(state)

        while True:
            if self._stopped():
                raise Stopped
            try:
                manager.wait(
                    resource_id,
                    timeout=max(0.0, min(_SLICE, deadline - clock.now())),
                    on_progress=told,
                )
            except base.OperationTimedOut:
                if clock.now() >= deadline:
                    raise
            else:
                return

    def _create(self, action: Action) -> str:
        one = self._wanted[action.key]
        try:
            created = getattr(self, f"_create_{action.kind}", self._create_plainly)(one)
        except base.NameAlreadyExists:
            # an attempt that was cut off came through after all
            created = next(
                (
                    found
                    for found in self._managers[action.kind].find(name=one.name)
                    if self._cloud.owns(translation.of_version_2(found._info))
                ),
                None,
            )
            if created is None:
                raise
        resource_id: str = created.id
        return resource_id

    def _create_plainly(self, one: Wanted) -> Any:
        return self._managers[one.section].create(name=one.name, **self._body(one, one.fields))

    def _body(self, one: Wanted, fields: Mapping[str, Any]) -> dict[str, Any]:
        return translation.body(one.section, fields, self._cloud, self._cloud.version.version_field)

    def _create_images(self, one: Wanted) -> Any:
        there = self._cloud.others.get("images") or {}
        found = self._cloud.named("images", one.name)
        image_id = found[0].id if found else next(key for key, name in there.items() if one.name in (key, name))
        manager = self._client.images
        manager.update_image(image_id, one.fields["username"], one.fields.get("description"))
        if "tags" in one.fields:
            manager.update_tags(image_id, one.fields["tags"])
        return manager.get(image_id)

    def _create_data_sources(self, one: Wanted) -> Any:
        fields = {"description": "", **one.fields}
        given = fields.pop("credentials", {})
        login = {"credential_user": given.get("user"), "credential_pass": given.get("password")}
        s3 = {name: value for name, value in given.items() if name not in ("user", "password")}
        return self._client.data_sources.create(
            one.name, data_source_type=fields.pop("type"), s3_credentials=s3 or None, **login, **fields
        )

    def _create_job_binaries(self, one: Wanted) -> Any:
        fields = dict(one.fields)
        credentials = fields.pop("credentials", None)
        if "file" in fields:
            fields["url"] = self._stored(one, fields.pop("file"))
        return self._client.job_binaries.create(one.name, extra=credentials, **fields)

    def _stored(self, one: Wanted, file: str) -> str:
        """The URL of a file's bytes, which are kept in the service or in object storage from now on."""
        digest, path = self._digests[one.path[1]], self._base / file
        if not self._cloud.version.stores_binaries:
            key = contents.object_key(one.name, digest, file)
            neighbours.store(self._client, key, path)
            return f"swift://{key}"
        name = contents.internal_name(one.name, digest)
        stored = next((key for key, known in self._cloud.stored.items() if known == name), None)
        if stored is None:
            try:
                stored = self._client.job_binary_internals.upload(name, path).id
            except base.NameAlreadyExists:
                stored = self._client.job_binary_internals.find_unique(name=name).id
        return f"{contents.INTERNAL}{stored}"

    def _forget(self, action: Action) -> None:
        """Delete the bytes of a job binary that a project put there, unless another one uses them."""
        one = self._wanted[action.key]
        there = self._cloud.named("job_binaries", action.name)[0]
        url = str(there.info.get("url"))
        if "file" not in one.fields or any(
            other.info.get("url") == url for other in self._cloud.own("job_binaries") if other.id != there.id
        ):
            return
        if url.startswith(contents.INTERNAL):
            with contextlib.suppress(base.NotFound):
                self._client.job_binary_internals.delete(url.removeprefix(contents.INTERNAL))
        elif contents.digest_in(url, None) and url.startswith(f"swift://{contents.CONTAINER}/"):
            neighbours.remove(self._client, url.removeprefix("swift://"))

    def _create_clusters(self, one: Wanted) -> Any:
        fields = dict(one.fields)
        template = self._cloud.named("cluster_templates", fields.get("template", ""))
        for name in ("plugin_name", "plugin_version"):
            if name not in fields:
                fields[name] = self._of_template(one, name, template)
        if "node_groups" in fields:
            fields["node_groups"] = groups_of(fields, self._all, self._cloud)
        return self._client.clusters.create(one.name, **self._body(one, fields))

    def _of_template(self, one: Wanted, name: str, there: Sequence[clouds.Found]) -> Any:
        known = self._wanted.get(("cluster_templates", one.fields["template"]))
        return known.fields[name] if known is not None else there[0].entry[name]

    def _create_jobs(self, one: Wanted) -> Any:
        body = translation.run_body(one.name, one.fields, one.written, self._cloud, self._cloud.version.job_template_id)
        return self._managers["jobs"].create(**body)

    def _update(self, action: Action, resource_id: str) -> None:
        one = self._wanted[action.key]
        changed = {change.field.partition(".")[0] for change in action.changes}
        if "plugin_name" in changed:
            changed.add("plugin_version")
        fields = {name: value for name, value in one.fields.items() if name in changed}
        if self._stays_protected(action) and not fields.keys() <= _SHARING:
            self._change(one, resource_id, {"is_protected": False})
            fields["is_protected"] = True
        self._change(one, resource_id, fields)

    def _stays_protected(self, action: Action) -> bool:
        """Whether what stands there is protected and shall be, so that a change has to lift that for a moment."""
        there = self._cloud.named(action.kind, action.name)[0]
        return bool(there.info.get("is_protected") and self._wanted[action.key].fields.get("is_protected", True))

    def _change(self, one: Wanted, resource_id: str, fields: Mapping[str, Any]) -> None:
        manager = self._managers[one.section]
        if one.section == "images":
            self._create_images(one)
        elif one.section in ("data_sources", "job_binaries"):
            body = dict(fields)
            if "file" in body:
                body["url"] = self._stored(one, body.pop("file"))
            if "credentials" in one.fields and not body.keys() <= {*_SHARING, "description"}:
                member = "credentials" if one.section == "data_sources" else "extra"
                body[member] = one.fields["credentials"]
                if one.section == "data_sources":
                    body |= {"url": one.fields["url"], "type": one.fields["type"]}
            manager.update(resource_id, body)
        else:
            manager.update(resource_id, **self._body(one, fields))

    def _scale(self, action: Action, resource_id: str) -> None:
        one = self._wanted[action.key]
        groups = groups_of(one.fields, self._all, self._cloud)
        names = list(
            dict.fromkeys(
                (change.field.split(".")[1], change.before is None and change.field.count(".") == 1)
                for change in action.changes
                if change.field.startswith("node_groups.")
            )
        )
        resize = [{"name": name, "count": groups[name]["count"]} for name, new in names if not new]
        added = {name: groups[name] for name, new in names if new}
        asked: dict[str, Any] = {"resize_node_groups": resize} if resize else {}
        if added:
            asked["add_node_groups"] = self._body(one, {"node_groups": added})["node_groups"]
        others = {c.field.partition(".")[0] for c in action.changes} - {"node_groups"}
        before = {name: one.fields[name] for name in others}
        if protected := self._stays_protected(action):
            before["is_protected"] = False
        if before:
            self._change(one, resource_id, before)
        self._client.clusters.scale(resource_id, asked)
        if protected:
            self._change(one, resource_id, {"is_protected": True})
