"""A value is made when it is first asked for, and then kept."""

from legis.lazy_attribute import lazy_attribute


class Counted:
    def __init__(self) -> None:
        self.times = 0

    @lazy_attribute
    def answer(self) -> int:
        """What is asked."""
        self.times += 1
        return 42


def test_it_is_made_when_it_is_asked_for_and_not_again() -> None:
    counted = Counted()
    assert counted.times == 0
    assert (counted.answer, counted.answer) == (42, 42)
    assert counted.times == 1


def test_each_object_makes_its_own() -> None:
    one, other = Counted(), Counted()
    assert one.answer == other.answer
    assert (one.times, other.times) == (1, 1)


def test_what_is_deleted_is_made_again() -> None:
    counted = Counted()
    assert counted.answer == 42
    del counted.answer
    assert counted.answer == 42
    assert counted.times == 2


def test_the_class_shows_it_with_its_meaning() -> None:
    assert Counted.answer.__doc__ == "What is asked."
