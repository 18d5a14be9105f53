from api_gateway.search.statistics import Span, span


def test_quartiles_are_days_that_some_bill_took() -> None:
    assert span([(10, 1), (40, 1), (20, 1), (30, 1)]) == Span(4, 10, 20, 30)
    assert span([(5, 3), (100, 1)]) == Span(4, 5, 5, 5)
    assert span([(7, 1)]) == Span(1, 7, 7, 7)


def test_no_bill_that_tells_is_no_time_at_all() -> None:
    assert span([]) is None
