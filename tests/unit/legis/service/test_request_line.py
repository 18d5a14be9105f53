"""What a person types after `curl` reaches the application."""

from legis.service.request_line import quote_request_line


def test_letters_in_the_target_are_percent_encoded() -> None:
    data = "GET /api/v1/bills?q=educação HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    assert quote_request_line(data) == b"GET /api/v1/bills?q=educa%C3%A7%C3%A3o HTTP/1.1\r\nHost: x\r\n\r\n"


def test_headers_and_bodies_are_left_alone() -> None:
    header = b"GET / HTTP/1.1\r\nX-Name: Jos\xe9\r\n\r\n"
    body = b"\xff\xfe binary HTTP/9"

    assert quote_request_line(header) == header
    assert quote_request_line(body) == body
