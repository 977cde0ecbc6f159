"""Registered images: the images that clusters can be made from, with their user and tags."""
# Made by tools/make_aio.py from src/saharaclient/api/images.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import managers
from saharaclient.api.images import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

    from saharaclient import types
    from saharaclient.api import base
    from saharaclient.api import images as sync


class _ImageManager(managers.ResourceManager[Image]):
    _sync: sync._ImageManager

    async def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[Image]:
        """All registered images. REST: ``GET /images``.

        Args:
            search_opts: filters: ``name``, ``tags`` (a list: images that have them all).

        Returns:
            The images.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts)

    async def get(self, id: str) -> Image:
        """An image. REST: ``GET /images/<id>``.

        Args:
            id: its id.

        Returns:
            The image.

        Raises:
            NotFound: there is no such image.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, id)

    async def update_image(self, image_id: str, user_name: str, desc: str | None = None) -> types.ImageReply:
        """Register an image, or change its registration. REST: ``POST /images/<id>``.

        Args:
            image_id: its id.
            user_name: the user that a cluster's instances are reached as.
            desc: a description; without one the image keeps what it has.

        Returns:
            The server's whole reply, in which the image is the member ``image``.

        Raises:
            BadRequest: the server refuses the values.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update_image, image_id, user_name, desc)

    async def unregister_image(self, image_id: str) -> None:
        """Remove an image from the registry; the image itself stays. REST: ``DELETE /images/<id>``.

        Args:
            image_id: its id.

        Raises:
            NotFound: there is no such image.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.unregister_image, image_id)


class ImageManagerV1(_ImageManager):
    """The image registry in API 1.1."""

    _sync: sync.ImageManagerV1

    async def update_tags(self, image_id: str, new_tags: Iterable[str]) -> Image:
        """Give an image exactly these tags.

        REST: ``GET /images/<id>``, then ``POST /images/<id>/tag`` and ``/untag`` with what differs.

        Args:
            image_id: its id.
            new_tags: all tags that it shall have.

        Returns:
            The image with its tags.

        Raises:
            BadRequest: a tag has characters that it may not have.
            MalformedResponse: the server's image has no tags that differences could be told from.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update_tags, image_id, new_tags)


class ImageManagerV2(_ImageManager):
    """The image registry in API 2."""

    _sync: sync.ImageManagerV2

    async def get_tags(self, image_id: str) -> Image:
        """An image's tags. REST: ``GET /images/<id>/tags``.

        Args:
            image_id: its id.

        Returns:
            An image with nothing but its ``id`` and ``tags``.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.get_tags, image_id)

    async def update_tags(self, image_id: str, new_tags: Iterable[str]) -> types.ImageReply:
        """Give an image exactly these tags. REST: ``PUT /images/<id>/tags``.

        Args:
            image_id: its id.
            new_tags: all tags that it shall have.

        Returns:
            The server's whole reply, in which the image is the member ``image``.

        Raises:
            BadRequest: a tag has characters that it may not have.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update_tags, image_id, new_tags)

    async def delete_tags(self, image_id: str) -> None:
        """Remove all tags of an image. REST: ``DELETE /images/<id>/tags``.

        Args:
            image_id: its id.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.delete_tags, image_id)


ImageManager = ImageManagerV1
