"""Data sources in object storage, for jobs that need files: fetched into the run's folder, stored after success."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from saharaclient.local import object_store
from saharaclient.local.engines.base import EngineError
from saharaclient.local.uploads import Upload

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.service import Service
    from saharaclient.local.settings import Settings

FOLDER = "data"
UPLOADS = "uploads.json"


class Result(NamedTuple):
    """A file that a job wrote, and where it belongs."""

    project_id: str
    container: str
    name: str
    upload: Upload


def fetch(service: Service, session: Session, project_id: str, url: str, folder: Path) -> str:
    """Makes the data of a `swift://` URL a local path.

    Args:
        service: The service.
        session: Session of the database.
        project_id: The project whose objects they are.
        url: `swift://container[.sahara]/object`.
        folder: The run's folder.

    Returns:
        Path of the file, of a folder with all objects under the name, or of nothing yet where the job shall write.
    """
    parts = urlsplit(url)
    if parts.scheme != "swift":
        raise EngineError(f"A job of this engine cannot reach '{url}': use an hdfs path or a swift object")
    container, name = parts.netloc.removesuffix(".sahara"), parts.path.strip("/")
    data = folder / FOLDER
    data.mkdir(exist_ok=True)
    pending = _pending(folder)
    target = data / str(len(list(data.iterdir())) + len(pending))
    one = object_store.find_object(service, session, project_id, container, name)
    if one is not None:
        shutil.copyfile(one, target)
        return str(target)
    many = object_store.find_objects(service, session, project_id, container, name + "/")
    if not many:
        (folder / UPLOADS).write_text(json.dumps({**pending, str(target): [project_id, container, name]}))
        return str(target)
    target.mkdir()
    for found, content in many.items():
        path = (target / found.removeprefix(name + "/")).resolve()
        if not path.is_relative_to(target.resolve()) or found.endswith("/"):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, path)
    return str(target)


def _pending(folder: Path) -> dict[str, list[str]]:
    path = folder / UPLOADS
    pending: dict[str, list[str]] = json.loads(path.read_text()) if path.exists() else {}
    return pending


def results(settings: Settings, folder: Path) -> list[Result]:
    """Copies of what a job wrote to the paths it was given for objects; its own files stay until they are stored."""
    found = []
    for text, (project_id, container, name) in _pending(folder).items():
        path = Path(text)
        files = {name: path} if path.is_file() else {}
        for file in sorted(path.rglob("*")) if path.is_dir() else ():
            # Beside each file Hadoop's local file system keeps a checksum, which no object store has.
            if file.is_file() and not file.name.endswith(".crc"):
                files[f"{name}/{file.relative_to(path).as_posix()}"] = file
        for inside, file in files.items():
            found.append(Result(project_id, container, inside, Upload.copy_of(file, settings.uploads)))
    return found


def store(service: Service, session: Session, found: list[Result]) -> None:
    """Stores the results of a job as objects."""
    for project_id, container, name, upload in found:
        object_store.store_object(service, session, project_id, container, name, upload)
