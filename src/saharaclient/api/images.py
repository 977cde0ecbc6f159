"""Registered images: the images that clusters can be made from, with their user and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from saharaclient.api import base, replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from saharaclient import types


class Image(base.Resource):
    """An image as the image registry tells of it; `username` and `tags` are the registry's own."""

    resource_name = "Image"
    defaults = {"description": ""}  # noqa: RUF012 - annotated in the base class

    id: str
    name: str
    description: str
    username: str | None
    tags: list[str]
    status: str
    metadata: dict[str, str]
    created: str
    updated: str


class _ImageManager(base.ResourceManager[Image]):
    resource_class = Image
    path = "/images"
    response_key = "image"
    list_key = "images"
    server_filters = frozenset({"name"})

    def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[Image]:
        """All registered images. REST: ``GET /images``.

        Args:
            search_opts: filters: ``name``, ``tags`` (a list: images that have them all).

        Returns:
            The images.

        Raises:
            APIException: what the server reports.
        """
        return self._list(self._url(query=base.get_query_string(search_opts)), self.list_key)

    def get(self, id: str) -> Image:
        """An image. REST: ``GET /images/<id>``.

        Args:
            id: its id.

        Returns:
            The image.

        Raises:
            NotFound: there is no such image.
            APIException: what else the server reports.
        """
        return self._get(self._url(id), self.response_key)

    def update_image(self, image_id: str, user_name: str, desc: str | None = None) -> types.ImageReply:
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
        return cast(
            "types.ImageReply", self._create(self._url(image_id), {"username": user_name, "description": desc or ""})
        )

    def unregister_image(self, image_id: str) -> None:
        """Remove an image from the registry; the image itself stays. REST: ``DELETE /images/<id>``.

        Args:
            image_id: its id.

        Raises:
            NotFound: there is no such image.
            APIException: what else the server reports.
        """
        self._delete(self._url(image_id))


class ImageManagerV1(_ImageManager):
    """The image registry in API 1.1."""

    def update_tags(self, image_id: str, new_tags: Iterable[str]) -> Image:
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
        response = self._send("GET", self._url(image_id))
        image = Image(self, self._member(response, self.response_key))
        tags = image._info.get("tags")
        if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
            raise replies.malformed(response, "its 'tags' are no list of texts")
        wanted, present = set(new_tags), set(tags)
        for action, tags in (("tag", wanted - present), ("untag", present - wanted)):
            if tags:
                image = self._create(self._url(image_id, action), {"tags": sorted(tags)}, self.response_key)
        return image


class ImageManagerV2(_ImageManager):
    """The image registry in API 2."""

    def get_tags(self, image_id: str) -> Image:
        """An image's tags. REST: ``GET /images/<id>/tags``.

        Args:
            image_id: its id.

        Returns:
            An image with nothing but its ``id`` and ``tags``.

        Raises:
            APIException: what the server reports.
        """
        tags = base.get_json(self._send("GET", self._url(image_id, "tags")))
        return Image(self, {"id": image_id, "tags": tags})

    def update_tags(self, image_id: str, new_tags: Iterable[str]) -> types.ImageReply:
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
        return cast("types.ImageReply", self._update(self._url(image_id, "tags"), {"tags": [*new_tags]}))

    def delete_tags(self, image_id: str) -> None:
        """Remove all tags of an image. REST: ``DELETE /images/<id>/tags``.

        Args:
            image_id: its id.

        Raises:
            APIException: what the server reports.
        """
        self._delete(self._url(image_id, "tags"))


ImageManager = ImageManagerV1
