"""A plugin's configuration parameter, as forms show it."""

from __future__ import annotations

from typing import Any


class Parameter:
    """One configuration parameter of a plugin.

    Args:
        config: the parameter as the server describes it, an element of a plugin's ``configs``.

    Attributes:
        name: its name.
        description: what it is for.
        required: whether it must be given.
        default_value: the value if none is given.
        initial_value: the value that a form begins with.
        param_type: ``string``, ``int``, ``bool`` …
        priority: 1 for what most people set, 2 for the rest.
        choices: the values it can have, or None.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self.name: str = config["name"]
        self.description: str = config.get("description", "No description")
        self.required = not config["is_optional"]
        self.default_value = config.get("default_value")
        self.initial_value = self.default_value
        self.param_type: str = config["config_type"]
        self.priority = int(config.get("priority", 2))
        self.choices = config.get("config_values")
