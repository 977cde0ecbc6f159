"""URLs of data, whose paths are names of files and objects: `?` and `#` are letters of them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit


def split(url: str) -> SplitResult:
    """A URL in scheme, host and path; all that follows the host is the path.

    Raises:
        ValueError: It is no URL.
    """
    head = re.split(r"[?#]", url, maxsplit=1)[0]
    parts = urlsplit(head)
    return parts._replace(path=parts.path + url[len(head) :])
