"""A whole answer as JSON: one odd byte does not cost the page, a missing one does."""

from datetime import UTC, datetime

import pytest
from legis.errors import UpstreamUnavailable
from legis.upstream import UpstreamAnswer


def answer(body: bytes, content_type: str = "application/json;charset=UTF-8") -> UpstreamAnswer:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return UpstreamAnswer("http://upstream/x", 200, {"content-type": content_type}, body, at, None)


def test_a_byte_that_is_not_utf8_is_marked_and_the_rest_is_read() -> None:
    assert answer(b'{"dados": [{"ementa": "A\xe7\xe3o"}, {"ementa": "inteira"}]}').json() == {
        "dados": [{"ementa": "A\ufffd\ufffdo"}, {"ementa": "inteira"}]
    }


def test_a_lone_surrogate_is_handed_on() -> None:
    assert answer(b'{"ementa": "x\\ud800y"}').json() == {"ementa": "x\ud800y"}


@pytest.mark.parametrize("body", [b"", b'{"dados": [{"id": 1}', b"upstream request timeout", b'{"a": 1} trailing'])
def test_what_is_not_whole_is_no_answer(body: bytes) -> None:
    with pytest.raises(UpstreamUnavailable):
        answer(body).json()


def test_html_is_no_answer() -> None:
    with pytest.raises(UpstreamUnavailable):
        answer(b"{}", "text/html").json()
