"""Leaving Sahara: the jobs of a project as files for what runs Spark without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.project import spark_submit, sparkapplication

if TYPE_CHECKING:
    from saharaclient.project.document import Project

_WAYS = {"spark-submit": spark_submit.scripts, "sparkapplication": sparkapplication.manifests}


def moved(project: Project, to: str) -> dict[str, bytes]:
    """Files that run the job templates of a project without Sahara.

    Each runs what the project's first job of the template runs. What could not be carried over is a comment there.

    Args:
        project: the project.
        to: ``spark-submit`` for scripts, ``sparkapplication`` for manifests for Kubernetes' spark-operator.

    Returns:
        The bytes by the name of the file, to be put beside the project's own files.

    Raises:
        ValueError: there is no such way.
    """
    if to not in _WAYS:
        raise ValueError(f"{to!r} should be one of {', '.join(_WAYS)}")
    return {name: text.encode() for name, text in _WAYS[to](project).items()}
