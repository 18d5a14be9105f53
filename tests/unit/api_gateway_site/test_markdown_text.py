import re

from api_gateway.site.texts.guides import NAMES, guide, requests_of, source_of
from api_gateway.site.texts.markdown_text import rendered, shipped
from api_gateway.site.visit import Visit
from hypothesis import given
from hypothesis import strategies as st
from legis.languages import Language

_HOSTILE = ("<script>", "<img src=x onerror=a>", "[x](javascript:alert(1))", "![x](https://e.org/p.png)",
            '[x](https://e.org" onclick="a)', "<https://e.org/?a&b>", "|a|b|\n|:-:|-|\n|c|d|", "```html\n<b>\n```",
            "# a", "## b", "<!-- c -->", "&lt;", "\n\n", "- x", "> y")  # fmt: skip

_TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "a", "code", "pre", "ul", "ol", "li", "blockquote", "em", "strong", "hr", "br",
}  # fmt: skip


@given(st.lists(st.sampled_from(_HOSTILE) | st.text(max_size=10), max_size=8).map("\n".join))
def test_no_text_brings_html_styles_scripts_or_pictures_of_its_own(text: str) -> None:
    html = str(rendered(text).html)
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)}
    assert tags <= _TAGS, html
    opened = re.findall(r"<[a-z0-9]+((?:\s[^<>]*)?)>", html)
    attributes = {name for tag in opened for name in re.findall(r'([a-z]+)="', tag)}
    assert attributes <= {"href", "id", "start", "title"}, html
    assert "javascript:" not in [link[:11].lower() for link in re.findall(r'href="([^"]*)"', html)]


def test_headings_keep_their_order_below_the_title_of_the_page() -> None:
    found = rendered("# One\n\n### Three\n\n# Two", level=2)
    assert re.findall(r'<(h\d) id="(s\d)">', str(found.html)) == [("h2", "s1"), ("h4", "s2"), ("h2", "s3")]
    assert [(one.anchor, one.text) for one in found.headings] == [("s1", "One"), ("s3", "Two")]


def test_links_of_the_repository_lead_there_or_nowhere() -> None:
    assert 'href="https://r/docs/x.md"' in rendered("[x](docs/x.md)", links_from="https://r/").html
    assert "href" not in rendered("[x](docs/x.md)").html
    assert 'href="/docs"' in rendered("[x](/docs)").html


def test_guides_are_there_in_both_languages_with_the_same_requests(visit: Visit, english_visit: Visit) -> None:
    for name in NAMES:
        portuguese, english = requests_of(name, Language.PORTUGUESE), requests_of(name, Language.ENGLISH)
        assert portuguese == english
        for one in (visit, english_visit):
            page = guide(one, name)
            assert "```" not in page.html
            assert all(f"curl '{one.origins.public_api}{path}" in page.html.unescape() for path in portuguese)
    sections = {language: [source_of(name, language).count("\n## ") for name in NAMES] for language in Language}
    assert sections[Language.PORTUGUESE] == sections[Language.ENGLISH]


def test_what_is_shipped_is_found() -> None:
    assert shipped("CHANGELOG.md").is_file()
    assert shipped("docs/incidents").is_dir()
