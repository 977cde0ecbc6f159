"""Who calls: the value that handlers see. Tokens themselves are in `tokens.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Identity:
    """The caller, as a valid token tells. Found at `request.state.identity`; `None` there without a valid token.

    Args:
        user_id: id of the user.
        user_name: name of the user.
        project_id: id of the project the token is scoped to; `None` for an unscoped token.
        project_name: name of that project.
        roles: names of the user's roles in the project.
        expires_at: when the token expires, UTC.
        grant_id: id of the application credential or trust that the token was made of; `None` for the user's own.
    """

    user_id: str
    user_name: str
    project_id: str | None
    project_name: str | None
    roles: tuple[str, ...]
    expires_at: datetime
    grant_id: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the caller has the role `admin` in the project."""
        return "admin" in self.roles
