"""Places for requests: a receiver that hangs, however many subscriptions lead to it, leaves places for the others."""

from api_gateway.notifier.places import HEALTHY_PLACES, PLACES_OF_A_RECEIVER, SUSPECT_PLACES, Place, Places


def taken(places: Places, target: str, most: int, *, suspect: bool = False) -> list[Place]:
    found = [places.take(target, suspect=suspect) for _ in range(most)]
    return [one for one in found if one is not None]


def test_one_receiver_holds_few_places() -> None:
    places = Places()
    assert len(taken(places, "hangs", 1000)) == PLACES_OF_A_RECEIVER
    assert len(taken(places, "well", 1)) == 1


def test_one_that_failed_has_one_place_among_the_suspects_until_it_succeeds() -> None:
    places = Places()
    places.answered("a", succeeded=False)
    (place,) = taken(places, "a", 10)
    assert place.suspect
    places.answered("a", succeeded=True)
    assert len(taken(places, "a", 10)) == PLACES_OF_A_RECEIVER - 1
    places.give_back(place)
    assert len(taken(places, "a", 10)) == 1


def test_suspects_take_no_place_of_the_healthy() -> None:
    places = Places()
    suspects = [taken(places, str(n), 1, suspect=True) for n in range(SUSPECT_PLACES + 5)]
    assert sum(map(len, suspects)) == SUSPECT_PLACES
    healthy = [taken(places, f"w{n}", 1) for n in range(HEALTHY_PLACES + 5)]
    assert sum(map(len, healthy)) == HEALTHY_PLACES


def test_only_receivers_without_requests_are_forgotten() -> None:
    places = Places()
    (place,) = taken(places, "busy", 1)
    places.answered("gone", succeeded=False)
    places.forget_others({"kept"})
    places.give_back(place)
    assert not taken(places, "gone", 1)[0].suspect
