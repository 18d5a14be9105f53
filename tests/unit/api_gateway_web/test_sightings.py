"""What was seen is known again, and no more is held than promised."""

from api_gateway.web.params.cache_admission import CacheAdmission


def test_the_second_sight_is_again_and_so_is_the_third() -> None:
    sightings = CacheAdmission(10)
    assert [sightings.again(b"q=saude") for _ in range(3)] == [False, True, True]


def test_the_last_ones_are_known_and_the_old_are_forgotten() -> None:
    sightings = CacheAdmission(10)
    for number in range(100):
        assert not sightings.again(b"%d" % number)
    assert all(sightings.again(b"%d" % number) for number in range(90, 100))
    assert not sightings.again(b"5")
    assert len(sightings._new) + len(sightings._old) <= 20


def test_what_is_asked_now_and_then_stays_known() -> None:
    sightings = CacheAdmission(10)
    sightings.again(b"q=saude")
    for number in range(100):
        sightings.again(b"%d" % number)
        if number % 5 == 0:
            assert sightings.again(b"q=saude")
