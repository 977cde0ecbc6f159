"""The data that a run names: by a data source's id or name, as input and output, or by the URL of an object.

It is looked for in the records alone; making a path of it, for a job that needs one, is `preparation`'s.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saharaclient.local.sahara.records import pages
from saharaclient.local.sahara.records.jobs import DataSource
from saharaclient.local.sahara.urls import is_uuid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from saharaclient.local.sahara.records.jobs import JobExecution

REFERENCE = "datasource://"
BY_NAME, BY_ID = "edp.substitute_data_source_for_name", "edp.substitute_data_source_for_uuid"
ADAPT_FOR_SWIFT = "edp.spark.adapt_for_swift"


@dataclass(frozen=True)
class Source:
    """Data that a run names.

    Args:
        project_id: Whose objects they are.
        url: Where they are.
        id: The data source's id; None if the run names a URL that no data source has.
    """

    project_id: str
    url: str
    id: str | None = None


@dataclass(frozen=True)
class Named:
    """All data that a run names.

    Args:
        by_text: What the values of its configs, arguments and parameters stand for, where they stand for data.
        input: Its input.
        output: Its output.
    """

    by_text: Mapping[str, Source]
    input: Source | None
    output: Source | None

    def __iter__(self) -> Iterator[Source]:
        """Each, in the order in which the run names them; one that is named twice comes twice."""
        yield from self.by_text.values()
        yield from (source for source in (self.input, self.output) if source is not None)


def named_by(session: Session, run: JobExecution) -> Named:
    """The data that a run names, with the random letters and the run's id in their URLs."""
    configs = run.job_configs
    values = *configs.get("configs", {}).values(), *configs.get("args", ()), *configs.get("params", {}).values()
    records = {text: _find(session, run, text) for text in dict.fromkeys(map(str, values))}
    ends = [None if id_ is None else session.get_one(DataSource, id_) for id_ in (run.input_id, run.output_id)]
    # Each is filled once: whatever names a source means the same random letters.
    filled: dict[str, Source] = {}
    for record in (*records.values(), *ends):
        if isinstance(record, DataSource) and record.id not in filled:
            filled[record.id] = Source(record.project_id or "", _filled(record.url, run.id), record.id)

    def source(record: DataSource | Source | None) -> Source | None:
        return filled[record.id] if isinstance(record, DataSource) else record

    by_text = {text: found for text, record in records.items() if (found := source(record)) is not None}
    return Named(by_text, *map(source, ends))


def _find(session: Session, run: JobExecution, text: str) -> DataSource | Source | None:
    """The data that a text stands for, where the run's configs ask to have it replaced."""
    project = run.project_id or ""
    if text.startswith(REFERENCE):
        name = text.removeprefix(REFERENCE)
        return pages.find_named(session, DataSource, name, project) if _asks(run, BY_NAME) else None
    if text.startswith("swift://"):
        adapted = Source(project, text) if _asks(run, ADAPT_FOR_SWIFT) else None
        return pages.find_where(session, DataSource, DataSource.url == text, project) or adapted
    return pages.find(session, DataSource, text, project) if _asks(run, BY_ID) and is_uuid(text) else None


def _asks(run: JobExecution, option: str) -> bool:
    configs: Mapping[str, Any] = run.job_configs.get("configs", {})
    return str(configs.get(option)).lower() == "true"


def _filled(url: str, run_id: str) -> str:
    url = url.replace("%JOB_EXEC_ID%", run_id)
    return re.sub(r"%RANDSTR\((\d+)\)%", lambda match: _random(int(match.group(1))), url)


def _random(length: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(length))
