"""Patterns of names as Hadoop has them: `*`, `?`, `[ab]`, `[^a-c]`, `{one,two}`; a backslash makes the next plain."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[*?\[{]")


def fixed_part(glob: str) -> str | None:
    """The folder that everything is in that a pattern fits; None of a name that is no pattern."""
    found = _SPECIAL.search(glob)
    return glob[: found.start()].rpartition("/")[0] if found else None


def compiled(glob: str) -> re.Pattern[str] | None:
    """The regular expression of the names that a pattern fits, and of all that is in folders of such names.

    None of what Hadoop would refuse: braces that do not close, a range that goes backwards.
    """
    try:
        return re.compile(f"(?:{_translated(glob)})(?:/.*)?", re.DOTALL)
    except re.error:
        return None


def _translated(glob: str) -> str:
    """The regular expression of a pattern."""
    out, depth, at = "", 0, 0
    while at < len(glob):
        char = glob[at]
        if char == "\\" and at + 1 < len(glob):
            at += 1
            out += re.escape(glob[at])
        elif char == "*":
            out += "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "[" and (end := glob.find("]", at + 2)) > 0:
            inside = re.sub(r"[\\\[&~|]|-(?=-)", r"\\\g<0>", glob[at + 1 : end])
            out += f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]"
            at = end
        elif char == "{" and "}" in glob[at:]:
            out, depth = out + "(?:", depth + 1
        elif char == "}" and depth:
            out, depth = out + ")", depth - 1
        elif char == "," and depth:
            out += "|"
        else:
            out += re.escape(char)
        at += 1
    return out
