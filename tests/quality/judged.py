"""Reads `queries.toml`: queries, and which bills are right for them, by id or by a rule over the bill's text."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from legis.domain.bill import Bill

QUERIES = Path(__file__).with_name("queries.toml")
GRADES = (1, 2, 3)
_FIELDS = frozenset({"text", "category", "why", "unique", "rule", *(f"grade_{grade}" for grade in GRADES)})
_RULE_FIELDS = frozenset({"grade", "title", "detail", "keywords"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Every bill whose folded fields match all patterns has this grade."""

    grade: int
    title: re.Pattern[str] | None = None
    detail: re.Pattern[str] | None = None
    keywords: re.Pattern[str] | None = None

    def holds(self, bill: Bill) -> bool:
        """Whether the bill is judged by this rule."""
        fields = ((self.title, bill.title), (self.detail, bill.abstract), (self.keywords, " ".join(bill.keywords)))
        return all(pattern.search(plain(text or "")) for pattern, text in fields if pattern is not None)


@dataclass(frozen=True, slots=True)
class Query:
    """One judged query."""

    text: str
    category: str
    why: str
    grades: Mapping[str, int]
    unique: str | None = None
    rules: tuple[Rule, ...] = ()


def read_queries(path: Path = QUERIES) -> list[Query]:
    """The queries in their order. Raises ValueError when the file says something that would go unnoticed."""
    queries = [_query(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["query"]]
    if len({query.text for query in queries}) != len(queries):
        raise ValueError("a query is there twice")
    return queries


def judge_by_rules(queries: Iterable[Query], bills: Iterable[Bill]) -> list[Query]:
    """The same queries with the grades that their rules give; a grade by id stands above a rule's."""
    listed = list(queries)
    ruled = [query for query in listed if query.rules]
    found: dict[str, dict[str, int]] = {query.text: {} for query in listed}
    for bill in bills if ruled else ():
        for query in ruled:
            if grade := max((rule.grade for rule in query.rules if rule.holds(bill)), default=0):
                found[query.text][bill.id] = grade
    return [replace(query, grades={**found[query.text], **query.grades}) for query in listed]


def plain(text: str) -> str:
    """Lower case without accents. Written here, not taken from the product: judgements must not follow an engine."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one)).lower()


def _query(entry: Mapping[str, Any]) -> Query:
    text = entry["text"]
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"{text}: unknown fields {sorted(unknown)}")
    unique = entry.get("unique")
    grades: dict[str, int] = {unique: GRADES[-1]} if unique else {}
    for grade in GRADES:
        for bill in entry.get(f"grade_{grade}", ()):
            if bill in grades:
                raise ValueError(f"{text}: {bill} is judged twice")
            grades[bill] = grade
    rules = tuple(_rule(text, rule) for rule in entry.get("rule", ()))
    if not grades and not rules:
        raise ValueError(f"{text}: nothing is judged")
    return Query(text, entry["category"], entry["why"], grades, unique, rules)


def _rule(text: str, entry: Mapping[str, Any]) -> Rule:
    if unknown := set(entry) - _RULE_FIELDS:
        raise ValueError(f"{text}: unknown fields of a rule {sorted(unknown)}")
    if entry["grade"] not in GRADES or len(entry) < 2:
        raise ValueError(f"{text}: a rule has a grade from 1 to 3 and a pattern")
    return Rule(entry["grade"], **{name: re.compile(entry[name]) for name in entry if name != "grade"})
