"""Going through a list page by page: which page comes next, and when to stop. It sends nothing."""

from __future__ import annotations

from saharaclient._core.errors import MalformedResponse


class Pager:
    """The place in a list that is read page by page.

    Ask with `limit` and `marker`, hand the reply's next marker to `advance`, go on until `done`. Only the server's next
    marker counts: a page may be empty, shorter than asked for, or longer (a server that knows no paging).

    Args:
        limit: resources a page, at least 1.

    Raises:
        ValueError: `limit` is less than 1.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"page_size must be at least 1, not {limit}")
        self.limit = limit
        self.marker: str | None = None
        self.done = False
        self._seen: set[int] = set()  # hashes: a long list leaves a few bytes a page

    def advance(self, following: object) -> None:
        """Take the next marker from a page's reply; None ends the list.

        Raises:
            MalformedResponse: the marker was there before, so that the list would never end.
        """
        if following is None:
            self.done = True
            return
        marker = str(following)
        if hash(marker) in self._seen:
            raise MalformedResponse(
                error_message=f"The server's pages repeat: it names marker {marker!r} as the next page's again. "
                "Its list can't be read page by page; list() reads it in one."
            )
        self._seen.add(hash(marker))
        self.marker = marker
