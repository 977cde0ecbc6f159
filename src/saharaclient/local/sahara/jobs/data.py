"""Data sources in object storage, for jobs that need files: fetched into the run's folder, stored after success."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from saharaclient.local.engines.base import EngineError
from saharaclient.local.store import files
from saharaclient.local.store.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from saharaclient.local.neighbours.object_storage.records import ObjectStore

FOLDER = "data"
UPLOADS = "uploads.json"


class Result(NamedTuple):
    """A file that a job wrote, and where it belongs."""

    project_id: str
    container: str
    name: str
    upload: Upload


def fetch(store: ObjectStore, project_id: str, url: str, folder: Path) -> str:
    """Makes the data of a `swift://` URL a local path.

    Args:
        store: The objects.
        project_id: The project whose objects they are.
        url: `swift://container[.sahara]/object`.
        folder: The run's folder.

    Returns:
        Path of the file, of a folder with all objects under the name, or of nothing yet where the job shall write.
    """
    if urlsplit(url).scheme != "swift":
        raise EngineError(f"A job of this engine cannot reach '{url}': use an hdfs path or a swift object")
    container, name = place(url)
    data = folder / FOLDER
    data.mkdir(mode=0o700, exist_ok=True)
    pending = _pending(folder)
    target = data / str(len(list(data.iterdir())) + len(pending))
    one = store.find_file(project_id, container, name)
    if one is not None:
        files.copy(one, target)
        return str(target)
    many = store.find_files(project_id, container, name + "/")
    if not many:
        (folder / UPLOADS).write_text(json.dumps({**pending, str(target): [project_id, container, name]}))
        return str(target)
    target.mkdir(mode=0o700)
    for found, content in many.items():
        path = (target / found.removeprefix(name + "/")).resolve()
        if not path.is_relative_to(target.resolve()) or found.endswith("/"):
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.copy(content, path)
    return str(target)


def place(url: str) -> tuple[str, str]:
    """Container and object, or the start of objects' names, of a `swift://` URL."""
    parts = urlsplit(url)
    return parts.netloc.removesuffix(".sahara"), parts.path.strip("/")


def _pending(folder: Path) -> dict[str, list[str]]:
    try:
        with files.open_plain(folder / UPLOADS) as file:
            pending: dict[str, list[str]] = json.load(file)
    except FileNotFoundError:
        return {}
    return pending


def results(uploads: Path, folder: Path, allowed: Container[tuple[str, str, str]]) -> list[Result]:
    """Copies of what a job wrote to the paths it was given for objects; its own files stay until they are stored.

    Args:
        uploads: Folder for the copies.
        folder: The run's folder, in which the job could write whatever it liked.
        allowed: Project, container and name of the data that the run was given.

    Raises:
        EngineError: if something is not to be stored: it is a link, outside of the folder, or for another place.
        OSError: if a copy cannot be made.
    """
    found: list[Result] = []
    try:
        for text, (project_id, container, name) in _pending(folder).items():
            path = Path(text)
            if path.parent != folder / FOLDER or (project_id, container, name) not in allowed:
                raise EngineError(f"The output '{container}/{name}' is not the one that the job was given: not stored")
            for file in _files(path, folder):
                inside = name if file == path else f"{name}/{file.relative_to(path).as_posix()}"
                found.append(Result(project_id, container, inside, Upload.copy_of(file, uploads)))
    except BaseException:
        discard(found)
        raise
    return found


def _files(path: Path, folder: Path) -> Iterator[Path]:
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in inside:
        if file.is_symlink() or not file.resolve().is_relative_to(folder.resolve() / FOLDER):
            raise EngineError(f"The output '{file.name}' is a link, which is not stored: write files")
        # Beside each file Hadoop's local file system keeps a checksum, which no object store has.
        if file.is_file() and not file.name.endswith(".crc"):
            yield file


def discard(found: list[Result]) -> None:
    """Removes the copies that were not stored."""
    for result in found:
        result.upload.path.unlink(missing_ok=True)


def keep(found: list[Result], store: ObjectStore) -> None:
    """Stores the results of a job as objects."""
    for project_id, container, name, upload in found:
        store.store(project_id, container, name, upload)
