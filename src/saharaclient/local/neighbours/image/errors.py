"""Errors in Glance's form, which is WebOb's: HTML or JSON as the caller accepts.

python-glanceclient, which accepts anything, reads the HTML; JSON of this form is an AttributeError to it.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from saharaclient.local.web.errors import reason

if TYPE_CHECKING:
    from starlette.exceptions import HTTPException


def answer(error: HTTPException, accept: str) -> Response:
    """The answer to an error.

    Args:
        error: The error.
        accept: The caller's header `Accept`.
    """
    status, message, title = error.status_code, error.detail, reason(error.status_code)
    accepted = {part.partition(";")[0].strip() for part in accept.split(",")}
    if accepted & {"text/html", "text/*", "*/*"}:
        head, text = f"{status} {title}", html.escape(message, quote=False)
        page = f"<head>\n  <title>{head}</title>\n </head>\n <body>\n  <h1>{head}</h1>\n  {text}<br /><br />\n </body>"
        return HTMLResponse(f"<html>\n {page}\n</html>", status, headers=error.headers)
    if accepted & {"application/json", "application/*"}:
        return JSONResponse({"message": message, "code": f"{status} {title}", "title": title}, status, error.headers)
    return PlainTextResponse(f"{status} {title}\n\n{message}\n", status, headers=error.headers)
