"""Data sources: where jobs read from and write to."""
# Made by tools/make_aio.py from src/saharaclient/api/data_sources.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import pageable
from saharaclient.api.data_sources import DataSources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient import types
    from saharaclient.api import base
    from saharaclient.api import data_sources as sync


class DataSourceManagerV1(pageable.PageableManager[DataSources]):
    """Data sources in API 1.1."""

    _sync: sync.DataSourceManagerV1

    async def create(
        self,
        name: str,
        description: str | None,
        data_source_type: str,
        url: str,
        credential_user: str | None = None,
        credential_pass: str | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
        s3_credentials: types.S3Credentials | None = None,
    ) -> DataSources:
        """Create a data source. REST: ``POST /data-sources``.

        Args:
            name: its name, 1 to 50 characters, unique in the project.
            description: a text, ``""`` for none; None is sent as null, which Sahara 19 refuses.
            data_source_type: ``swift``, ``hdfs``, ``maprfs``, ``manila`` or ``s3``.
            url: where the data is, such as ``swift://container/object`` or ``hdfs://host/path``.
            credential_user: the user to reach it as.
            credential_pass: that user's password.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            s3_credentials: ``accesskey``, ``secretkey``, ``endpoint``, ``ssl``, ``bucket_in_path`` for S3.

        Returns:
            The new data source, without its credentials.

        Raises:
            NameAlreadyExists: the project has one of this name.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create,
            name,
            description,
            data_source_type,
            url,
            credential_user,
            credential_pass,
            is_public,
            is_protected,
            s3_credentials,
        )

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        limit: int | None = None,
        marker: str | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[DataSources]:
        """All data sources, or a page of them. REST: ``GET /data-sources``.

        Args:
            search_opts: filters: ``type``; also ``name`` in API 1.1.
            limit: data sources at most; by default all.
            marker: the id after which the page begins.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The data sources, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, limit, marker, sort_by, reverse)

    async def get(self, data_source_id: str) -> DataSources:
        """A data source. REST: ``GET /data-sources/<id>``.

        Args:
            data_source_id: its id.

        Returns:
            The data source, without its credentials.

        Raises:
            NotFound: there is no such data source.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, data_source_id)

    async def update(self, data_source_id: str, update_data: Mapping[str, Any]) -> types.DataSourceReply:
        """Change a data source. REST: ``PUT /data-sources/<id>`` in API 1.1, ``PATCH`` in 2.

        Args:
            data_source_id: its id.
            update_data: the fields to change, as the server names them.

        Returns:
            The server's whole reply, in which the data source is the member ``data_source``.

        Raises:
            NotFound: there is no such data source.
            InUse: it is protected, or a running job uses it.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update, data_source_id, update_data)

    async def delete(self, data_source_id: str) -> None:
        """Delete a data source; the data stays. REST: ``DELETE /data-sources/<id>``.

        Args:
            data_source_id: its id.

        Raises:
            NotFound: there is no such data source.
            InUse: it is protected, or a job uses it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, data_source_id)


class DataSourceManagerV2(DataSourceManagerV1):
    """Data sources in API 2."""

    _sync: sync.DataSourceManagerV2


DataSourceManager = DataSourceManagerV1
