"""Holds a reader's place in the change log against where the log stands: another log's numbers mean other changes."""

from dataclasses import dataclass

from legis.errors import StoreUnavailable
from legis.languages import Text

from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.changes.change_reader import LogPosition, load_position
from api_gateway.web.container import Resources
from api_gateway.web.params.parameters import MAX_SEQ


class LogGone(Exception):
    """A place that this log does not have. `parameter` is what named it, `position` where the log stands now."""

    def __init__(self, parameter: str, detail: Text, position: LogPosition) -> None:
        self.text = Text(
            f"{detail.en}; begin anew with after=0, or with after={position.head} for what comes from now on",
            f"{detail.pt}; recomece com after=0, ou com after={position.head} para o que vier a partir de agora",
        )
        super().__init__(self.text.en)
        self.parameter = parameter
        self.position = position


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader goes on, by its word: behind an entry (None: the newest), in the log of an epoch (None: this one).
    `name` and `epoch_name` are the parameters that said so.
    """

    after: int | None
    epoch: str | None
    name: str = "after"
    epoch_name: str = "epoch"

    def must_be_in(self, position: LogPosition) -> None:
        """Raises LogGone for a place behind the head, or in another log."""
        if self.epoch is not None and self.epoch != position.epoch:
            detail = Text(
                "the change log was begun anew since (its database was restored), and its numbers mean other changes",
                "o registro de mudanças foi recomeçado (o banco foi restaurado), e seus números são de outras mudanças",
            )
            raise LogGone(self.epoch_name, detail, position)
        if self.after is not None and self.after > position.head:
            ends = Text(f"the change log ends at {position.head}", f"o registro de mudanças termina em {position.head}")
            raise LogGone(self.name, ends, position)


def place_of_event(text: str) -> Place:
    """The place that a `Last-Event-ID` means: `<epoch>.<seq>`, or a plain `seq`. Raises InvalidParameter."""
    name = "Last-Event-ID"
    epoch, _, number = text.rpartition(".")
    if number.isascii() and number.isdigit() and int(number[:20]) <= MAX_SEQ:
        return Place(int(number), epoch or None, name, name)
    raise InvalidParameter(
        name,
        Text(
            "is neither <epoch>.<seq> as events have it nor a seq of the change log",
            "não é <epoch>.<seq> como nos eventos nem um seq do registro de mudanças",
        ),
    )


async def position_for(place: Place, shared: Resources) -> LogPosition:
    """Where the log stands; by the snapshot of two seconds ago while the store does not answer and if it has the place.
    Raises LogGone and StoreUnavailable.
    """
    try:
        position = await load_position(shared.database)
    except StoreUnavailable:
        status = shared.status_monitor.snapshot.status
        if status is None or status.epoch is None:
            raise
        position = LogPosition(status.epoch, status.last_seq)
        try:
            place.must_be_in(position)
        except LogGone as error:  # it may have gone on since
            raise StoreUnavailable("where the log stands is not known") from error
    place.must_be_in(position)
    return position
