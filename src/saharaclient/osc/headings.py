"""Names of facts as people read them."""

from __future__ import annotations

import re


def heading(name: str) -> str:
    """The name of an engine's fact as a heading: ``spark-ui`` becomes ``Spark UI``."""
    words = name.replace("-", " ").replace("_", " ").capitalize()
    return re.sub(r"\b(ui|url)\b", lambda found: found[0].upper(), words, flags=re.IGNORECASE)
