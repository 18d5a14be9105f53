"""The frame of the pages behind links in e-mails: HTML without scripts, with one style sheet that a hash allows."""

import base64
import hashlib
from html import escape

from legis.languages import Language
from starlette.responses import Response

from api_gateway.web.pipeline.headers import POLICY

_STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf6; --ink: #1a1b1e; --quiet: #4a4b50; --line: #88847a; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #131416; --ink: #f1efe9; --quiet: #c6c4bd; --line: #85837c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; line-height: 1.3; margin: 0; }
.brand { font-weight: 600; margin: 0 0 1.5rem; }
.quiet { color: var(--quiet); margin: .25rem 0; }
.done { border-left: .25rem solid; padding-left: .75rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: .375rem;
  padding: .5rem .875rem; min-height: 2.75rem; cursor: pointer; }
button.main { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; }
button:hover { border-color: currentColor; text-decoration: underline; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_ALLOWED = POLICY.replace("form-action 'none'", "form-action 'self'") + f"; style-src 'sha256-{_HASH}'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": _ALLOWED,
}
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Legis</title>
<style>{style}</style>
</head>
<body>
<main>
<p class="brand">Legis</p>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def plain_page(language: Language, title: str, content: str, status: int = 200) -> Response:
    """A page with that title, which is escaped here, and that content, which is HTML."""
    body = _PAGE.format(language=language, title=escape(title), style=_STYLE, content=content)
    headers = {**_HEADERS, "Content-Language": language.value}
    return Response(body, status_code=status, media_type="text/html", headers=headers)
