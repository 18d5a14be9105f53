"""The frame of the pages behind links in e-mails: HTML without scripts, in the look of the site, with one style sheet
that a hash allows.
"""

import base64
import hashlib
from html import escape

from legis.languages import Language, Text
from starlette.responses import Response

from api_gateway.web.pipeline.headers import POLICY

_HOME = Text("Legis, home", "Legis, início")
_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --line: #e0dcd1; --line-strong: #88847a;
  --ink: #1a1b1e; --ink-2: #4a4b50; --marker: #ffe58a; --marker-ink: #1a1b1e;
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", \
Arial, sans-serif;
  --serif: "Source Serif 4", "Iowan Old Style", Charter, "Palatino Linotype", Georgia, "Liberation Serif", serif;
  --radius: .375rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --line: #34353a; --line-strong: #85837c;
    --ink: #f1efe9; --ink-2: #c6c4bd; --marker: #f2cf4a; --marker-ink: #1a1b1e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 var(--sans); }
header { border-bottom: 1px solid var(--line); padding: .75rem 1rem; }
header > *, main { display: block; max-width: 42rem; margin: 0 auto; }
.brand { font: 600 1.375rem/1.4 var(--serif); color: inherit; text-decoration: none; }
main { padding: 2rem 1rem 4.5rem; overflow-wrap: anywhere; }
h1 { font: 600 1.75rem/1.15 var(--serif); margin: 0 0 1rem; }
h2 { font: 600 1.25rem/1.3 var(--serif); margin: 0; }
.quiet { color: var(--ink-2); margin: .25rem 0; }
.done { border-left: .25rem solid; padding-left: .75rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line-strong); cursor: pointer;
  border-radius: var(--radius); padding: .5rem 1.1rem; min-height: 2.75rem; }
button.main { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; }
button:hover { border-color: currentColor; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a:focus-visible { background: var(--marker); color: var(--marker-ink); }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_ALLOWED = POLICY.replace("form-action 'none'", "form-action 'self'") + f"; style-src 'sha256-{_HASH}'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": _ALLOWED,
}
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Legis</title>
<style>{style}</style>
</head>
<body>
<header>{brand}</header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def plain_page(language: Language, title: str, content: str, site_url: str, status: int = 200) -> Response:
    """A page with that title, which is escaped here, and that content, which is HTML. `site_url` is the address of the
    pages, to which its head leads; empty where there are none.
    """
    body = _PAGE.format(
        language=language, title=escape(title), style=_STYLE, brand=_brand(language, site_url), content=content
    )
    headers = {**_HEADERS, "Content-Language": language.value}
    return Response(body, status_code=status, media_type="text/html", headers=headers)


def _brand(language: Language, site_url: str) -> str:
    if not site_url:
        return '<p class="brand">Legis</p>'
    home = site_url.rstrip("/") + ("/en" if language is Language.ENGLISH else "/")
    return f'<a class="brand" href="{escape(home)}" aria-label="{escape(_HOME.told(language))}">Legis</a>'
