"""The HTML around the API's own pages: the look of the site, and links to it where there is one."""

from html import escape

from legis.languages import Language, Text

_BRAND = (
    '<svg viewBox="0 0 40 24" aria-hidden="true"><path fill="currentColor" d="M2 19c.6-4 3.7-6.5 7.5-6.5s6.9 2.5 7.5 '
    "6.5zM23.5 12.5h15c-.6 4-3.7 6.5-7.5 6.5s-6.9-2.5-7.5-6.5zM18.3 2h1.6v17h-1.6zM20.9 2h1.6v17h-1.6zM1 "
    '20.5h38v1.5H1z"/></svg>'
)
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/static/swagger-ui/favicon-32x32.png">
{head}
<link rel="stylesheet" href="/static/theme.css">
</head>
<body>
<header class="legis-top"><div>
<a class="legis-brand" href="{home}">{brand}Legis</a>
<nav aria-label="{nav}">{links}</nav>
</div></header>
{body}
</body>
</html>
"""
_LINKS = (
    ("/docs", Text("Reference", "Referência")),
    ("/redoc", Text("Reference to read", "Referência para ler")),
    ("/problems", Text("Problems", "Problemas")),
    ("/openapi.json", Text("OpenAPI", "OpenAPI")),
)


def themed_page(path: str, title: str, body: str, *, language: Language, site_url: str, head: str = "") -> str:
    """A page at `path`. `title` is text, `head` and `body` are HTML. `site_url` is the address of the pages, empty
    where there are none: then nothing leads there.
    """
    site = site_url.rstrip("/")
    prefix = f"{site}/en" if language is Language.ENGLISH else site
    links = [(f"{prefix}/developers", Text("Guides", "Guias"))] if site else []
    links += list(_LINKS)
    shown = "\n".join(
        f'<a href="{escape(address)}"{_current(path, address)}>{escape(text.told(language))}</a>'
        for address, text in links
    )
    return _PAGE.format(
        language=language,
        title=escape(title),
        head=head,
        home=escape(prefix if site else "/docs"),
        brand=_BRAND,
        nav=Text("Main", "Principal").told(language),
        links=shown,
        body=body,
    )


def _current(path: str, address: str) -> str:
    return ' aria-current="page"' if path == address else ""
