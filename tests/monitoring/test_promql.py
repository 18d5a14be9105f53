"""The reader of expressions sees all that is named, and nothing else."""

from monitoring.promql import Selector, named


def test_metrics_matchers_and_groups_are_seen() -> None:
    found = named('sum by (job, le) (rate(a_total{job="web",x=~"p|q"}[5m])) / on (slo) group_left () 2 * b:c unless d')
    assert found.selectors == [
        Selector("a_total", (("job", "=", "web"), ("x", "=~", "p|q"))),
        Selector("b:c"),
        Selector("d"),
    ]
    assert found.labels == {"job", "le", "slo"}


def test_words_numbers_texts_and_functions_are_not_metrics() -> None:
    found = named('time() - (max(a{b!~"and|or"}) or vector(0)) > bool 26 * 3600 and topk(10, c offset 5m) != inf')
    assert [one.metric for one in found.selectors] == ["a", "c"]
    assert found.selectors[0].values("b") == []
    assert Selector("a", (("b", "=~", "p|q"),)).values("b") == ["p", "q"]
