"""Every mutant of the twin replaces something that is there, in the product or in the double of its store."""

import pytest

from twin.mutants.twin_mutants import ALL, Mutant


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_what_a_mutant_replaces_is_there_and_comes_back(mutant: Mutant) -> None:
    def held() -> list[object]:
        return [where[name] if isinstance(where, dict) else getattr(where, name) for where, name, _ in mutant.patches]

    before = held()
    with mutant.applied():
        assert all(now is not then for now, then in zip(held(), before, strict=True))
    assert all(now is then for now, then in zip(held(), before, strict=True))


def test_names_are_unique() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL)
