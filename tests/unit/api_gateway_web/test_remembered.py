"""What clients send is remembered where it is short, and only there."""

from api_gateway.web.api_route import Remembered
from api_gateway.web.pipeline import cached_response, request_context
from api_gateway.web.pipeline.cached_response import CachedResponse
from api_gateway.web.pipeline.request_context import RequestContext
from api_gateway.web.pipeline.route_policy import NO_ROUTE


def test_a_long_list_of_tags_is_read_and_not_remembered() -> None:
    reply = CachedResponse(200, [], b"x", '"last"', compressible=False)
    before = cached_response._tags_known.cache_info().currsize
    many = ",".join(f'"{number}"' for number in range(2000)).encode()
    assert reply.answer({b"if-none-match": many})[0] == 200
    assert reply.answer({b"if-none-match": many + b',"last"'})[0] == 304
    assert cached_response._tags_known.cache_info().currsize == before


def test_a_long_query_is_read_and_not_remembered() -> None:
    before = request_context._parameter_names.cache_info().currsize
    query = b"&".join(b"a%d=1" % number for number in range(1000))
    context = RequestContext({}, NO_ROUTE, "192.0.2.1", query)
    assert len(context.parameter_names) == 1000
    assert request_context._parameter_names.cache_info().currsize == before


def test_a_query_is_remembered_when_it_is_asked_again_not_before() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key * 2

    remembered = Remembered(make, most=4)
    assert [remembered("a"), remembered("a"), remembered("a")] == ["aa"] * 3
    assert made == ["a", "a"]
