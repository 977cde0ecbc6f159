"""Data sources in object storage, for jobs that need files: fetched into the run's folder, stored after success."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from saharaclient.local import object_store
from saharaclient.local.engines.base import EngineError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.service import Service

UPLOADS = "uploads.json"


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
    data = folder / "data"
    data.mkdir(exist_ok=True)
    target = data / str(len(list(data.iterdir())) + len(_pending(folder)))
    one = object_store.find_object(service, session, project_id, container, name)
    if one is not None:
        shutil.copyfile(one, target)
        return str(target)
    many = object_store.find_objects(service, session, project_id, container, name + "/")
    if not many:
        pending = {**_pending(folder), str(target): [container, name]}
        (folder / UPLOADS).write_text(json.dumps(pending))
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


def store(service: Service, session: Session, project_id: str, folder: Path) -> None:
    """Stores what a job wrote to the paths it was given for objects."""
    for text, (container, name) in _pending(folder).items():
        path = Path(text)
        if path.is_file():
            object_store.store_object(service, session, project_id, container, name, path)
        for file in sorted(path.rglob("*")) if path.is_dir() else ():
            if file.is_file() and not file.name.endswith(".crc"):
                inside = f"{name}/{file.relative_to(path).as_posix()}"
                object_store.store_object(service, session, project_id, container, inside, file)
    (folder / UPLOADS).unlink(missing_ok=True)
