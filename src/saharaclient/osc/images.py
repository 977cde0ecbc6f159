"""The commands of the image registry, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, inputs, lists, options, utils

if TYPE_CHECKING:
    import argparse

IMAGE = columns.Kind(
    "Image",
    "images",
    listed=("name", "id", "username", "tags"),
    long=("status", "description"),
    shown=("description", "id", "name", "status", "tags", "username"),
)


class ListImages(lists.List):
    """List registered images."""

    kind = IMAGE

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--name", metavar="<name-regex>", type=inputs.regular_expression, help="List those whose name matches"
        )
        options.text(parser, username="List those with this user name")
        options.several(parser, "--tags", "<tag>", "List those that have all these tags")
        return parser

    def search_opts(self, parsed_args: argparse.Namespace) -> dict[str, Any]:
        """The filters that the server is asked for."""
        return utils.create_dict_from_kwargs(tags=parsed_args.tags)

    def keep(self, resource: Any, parsed_args: argparse.Namespace) -> bool:
        """Whether an image is to be listed."""
        info = columns.info_of(resource)
        if parsed_args.username is not None and info.get("username") != parsed_args.username:
            return False
        return parsed_args.name is None or parsed_args.name.match(str(info.get("name"))) is not None


class ShowImage(command.Show):
    """Show a registered image."""

    kind = IMAGE


class RegisterImage(command.ShowOne):
    """Register an image, or change its registration."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("image", metavar="<image>", help="Name or id of the image")
        parser.add_argument(
            "--username", metavar="<username>", required=True, help="User that instances of it are reached as"
        )
        options.text(parser, description="Description of the image (default: what it has)")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = self.client.images
        image_id = self.sdk.image.find_image(parsed_args.image, ignore_missing=False).id
        registered = manager.update_image(image_id, user_name=parsed_args.username, desc=parsed_args.description)
        return command.columns_of(IMAGE.details(columns.unwrapped(registered)))


class UnregisterImage(command.Delete):
    """Remove images from the registry; the images themselves stay."""

    kind = IMAGE
    done = "has been unregistered successfully."

    def delete(self, name_or_id: str, parsed_args: argparse.Namespace) -> None:  # noqa: ARG002
        """Unregister one."""
        manager = self.client.images
        manager.unregister_image(utils.get_resource_id(manager, name_or_id))


class _ChangeTags(command.Show):
    kind = IMAGE
    purpose = "whose tags to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.several(parser, "--tags", "<tag>", "Tags", required=True)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        image = self.find(parsed_args)
        changed = self.client.images.update_tags(image.id, sorted(self.tags(set(image.tags), parsed_args)))
        return command.columns_of(IMAGE.details(columns.unwrapped(changed)))

    def tags(self, present: set[str], parsed_args: argparse.Namespace) -> set[str]:
        """The tags that the image shall have."""
        raise NotImplementedError


class SetImageTags(_ChangeTags):
    """Give an image exactly these tags."""

    def tags(self, present: set[str], parsed_args: argparse.Namespace) -> set[str]:  # noqa: ARG002
        """The given tags."""
        return set(parsed_args.tags)


class AddImageTags(_ChangeTags):
    """Add tags to an image."""

    def tags(self, present: set[str], parsed_args: argparse.Namespace) -> set[str]:
        """The given tags and the present ones."""
        return present | set(parsed_args.tags)


class RemoveImageTags(_ChangeTags):
    """Remove tags from an image."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super(_ChangeTags, self).get_parser(prog_name)
        which = parser.add_mutually_exclusive_group()
        options.several(which, "--tags", "<tag>", "Tags to remove")
        which.add_argument("--all", action="store_true", help="Remove all tags")
        return parser

    def tags(self, present: set[str], parsed_args: argparse.Namespace) -> set[str]:
        """The tags that are left."""
        if not (parsed_args.all or parsed_args.tags):
            raise inputs.UsageError("--tags or --all must be given")
        return set() if parsed_args.all else present - set(parsed_args.tags)
