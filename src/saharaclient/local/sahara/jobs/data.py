"""Data in object storage, for jobs that need files: fetched into the run's folder, and stored again what changed there.

A job is given a `Place`: a path that stands for an object, or for all objects under a name. What the job changed there
is stored when it has succeeded, in one transaction: new and changed files, and the absence of those that it removed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from saharaclient.local.engines import urls
from saharaclient.local.engines.base import EngineError
from saharaclient.local.sahara.jobs import globs
from saharaclient.local.store import files
from saharaclient.local.store.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from saharaclient.local.neighbours.object_storage.records import ObjectStore

FOLDER = "data"
_LONGEST_NAME = 240  # bytes, to which some programs add a suffix


@dataclass(frozen=True)
class Place:
    """Objects that a run was given as a path.

    Args:
        project_id: Whose objects.
        container: Their container.
        name: An object's name, or what those of several start with, before a slash; empty for all of the container.
        path: The file or folder that stands for it, in the run's folder of data.
        given: What the job is told, which of several files is a pattern.
        versions: Which versions of which objects there were.
        fetched: The state of each file when it had been fetched, by its path within the place; "" is the place itself.
    """

    project_id: str
    container: str
    name: str
    path: str
    given: str
    versions: Mapping[str, str] = field(default_factory=dict)
    fetched: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)

    def object_name(self, file: str) -> str:
        """The name of the object that a file of the place is."""
        return "/".join(part for part in (self.name, file) if part)


class Changes(NamedTuple):
    """What a run changed in a place: copies of files by the names of objects, and names of objects that are to go."""

    place: Place
    written: dict[str, Upload]
    removed: list[str]


def place_of(url: str) -> tuple[str, str]:
    """Container and object, or the start of objects' names, of a `swift://` URL: as it stands, `?` and `#` included."""
    parts = urls.split(url)
    return parts.netloc.removesuffix(".sahara"), parts.path.strip("/")


def fetch(store: ObjectStore, project_id: str, url: str, folder: Path) -> Place:
    """Makes the data of a `swift://` URL a local path.

    Args:
        store: The objects.
        project_id: The project whose objects they are.
        url: `swift://container[.sahara]/object`; where no object is called so, it may be a pattern of Hadoop's.
        folder: The run's folder.

    Returns:
        The place: a file, a folder with all objects under the name, or nothing yet where the job shall write.
    """
    if not url.startswith("swift://"):
        raise EngineError(f"A job of this engine cannot reach '{url}': use an hdfs path or a swift object")
    container, name = place_of(url)
    data = folder / FOLDER
    data.mkdir(mode=0o700, exist_ok=True)
    # In a folder of its own under the object's name: programs tell what is in a file by its suffix.
    own = data / str(len(list(data.iterdir())))
    own.mkdir(mode=0o700)
    last = name.rpartition("/")[2]
    target = own / (last if last not in ("", ".", "..") and len(last.encode()) <= _LONGEST_NAME else "data")
    given = str(target)
    found = {name: one} if name and (one := store.find(project_id, container, name)) else {}
    if not found:
        found = store.find_under(project_id, container, name)
    if not found and (fixed := globs.fixed_part(name)) is not None and (pattern := globs.compiled(name)) is not None:
        under = store.find_under(project_id, container, fixed)
        found = {key: one for key, one in under.items() if pattern.fullmatch(key)}
        if found:
            target = own / "data"
            given, name = f"{target}/{name.removeprefix(fixed).strip('/')}", fixed
    fetched: dict[str, Sequence[int]] = {}
    for key, one in found.items():
        inside = key.removeprefix(name).strip("/")
        path = target / inside if inside else target
        if key.endswith("/") or not path.resolve().is_relative_to(target.resolve()):
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.copy(store.file(one), path)
        fetched[inside] = _state(path)
    if found and not fetched:
        target.mkdir(mode=0o700)  # nothing but objects that mark a folder
    versions = {key: one.file for key, one in found.items()}
    return Place(project_id, container, name, str(target), given, versions, fetched)


def _state(path: Path) -> list[int]:
    found = path.stat(follow_symlinks=False)
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def changes(uploads: Path, folder: Path, places: Sequence[Mapping[str, Any]]) -> list[Changes]:
    """Copies of what a job changed in the places it was given; its own files stay until the copies are kept.

    Args:
        uploads: Folder for the copies.
        folder: The run's folder, in which the job could write whatever it liked.
        places: The places, as `Place.dump` gave them.

    Raises:
        EngineError: if something is not to be stored: it is a link, or outside of the folder.
        OSError: if a copy cannot be made.
    """
    found: list[Changes] = []
    try:
        for place in (Place(**stored) for stored in places):
            root = Path(place.path)
            there = {file.relative_to(root).as_posix() if file != root else "": file for file in _files(root, folder)}
            removed = [place.object_name(inside) for inside in place.fetched if inside not in there]
            change = Changes(place, {}, removed)
            found.append(change)
            for inside, file in there.items():
                if _state(file) != list(place.fetched.get(inside, ())):
                    change.written[place.object_name(inside)] = Upload.copy_of([file], uploads)
    except BaseException:
        discard(found)
        raise
    return [change for change in found if change.written or change.removed]


def _files(root: Path, folder: Path) -> Iterator[Path]:
    inside = sorted(root.rglob("*")) if root.is_dir() else [root] if root.exists() or root.is_symlink() else []
    for file in inside:
        if file.is_symlink() or not file.resolve().is_relative_to(folder.resolve() / FOLDER):
            raise EngineError(f"The output '{file.name}' is a link, which is not stored: write files")
        # Beside each file Hadoop's local file system keeps a checksum, which no object store has.
        if file.is_file() and not (file.name.startswith(".") and file.name.endswith(".crc")):
            yield file


def discard(found: Sequence[Changes]) -> None:
    """Removes the copies that were not kept."""
    for change in found:
        for upload in change.written.values():
            upload.path.unlink(missing_ok=True)


def keep(found: Sequence[Changes], store: ObjectStore) -> None:
    """Makes the objects of places what a job has made of its files.

    Raises:
        EngineError: if somebody else has changed a place since the job was given it. Nothing is stored then.
    """
    for place, written, removed in found:
        now = _versions(store, place)
        if now != dict(place.versions):
            which = min(key for key in now.keys() | place.versions.keys() if now.get(key) != place.versions.get(key))
            raise EngineError(
                f"'swift://{place.container}/{which}' was changed by another job or user while this one ran: nothing "
                "of it was stored. Run it again, or give each job an output of its own (%JOB_EXEC_ID% in the URL)"
            )
        for name in removed:
            if one := store.find(place.project_id, place.container, name):
                store.delete(one)
        for name, upload in written.items():
            store.store(place.project_id, place.container, name, upload)


def _versions(store: ObjectStore, place: Place) -> dict[str, str]:
    """Which objects a place has now: all that could be a part of what the job makes of it."""
    if place.given != place.path:  # of a pattern those that were fetched: others are none of its business
        found = {name: store.find(place.project_id, place.container, name) for name in place.versions}
        return {name: one.file for name, one in found.items() if one}
    under = store.find_under(place.project_id, place.container, place.name)
    if place.name and (one := store.find(place.project_id, place.container, place.name)):
        under = {place.name: one} if place.name in place.versions else {**under, place.name: one}
    return {name: one.file for name, one in under.items()}
