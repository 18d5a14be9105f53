"""Checks a reader's position in the change log against the current log: after a restore the same `seq` means another
change.
"""

from dataclasses import dataclass

from legis.digits import digits_value
from legis.errors import StoreUnavailable
from legis.languages import Text

from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.changes.change_reader import LogPosition, load_position
from api_gateway.web.container import Resources
from api_gateway.web.params.parameters import MAX_SEQ


class LogGone(Exception):
    """The position does not exist in this log. `parameter` is the parameter that named it, `position` the end of the
    current log.
    """

    def __init__(self, parameter: str, detail: Text, position: LogPosition) -> None:
        first, head = position.oldest - 1, position.head
        self.text = Text(
            f"{detail.en}; begin again with after={first}, or with after={head} for what comes from now on",
            f"{detail.pt}; recomece com after={first}, ou com after={head} para o que vier a partir de agora",
        )
        super().__init__(self.text.en)
        self.parameter = parameter
        self.position = position


@dataclass(frozen=True, slots=True)
class Place:
    """Position from which a reader continues, as its request gives it: after the entry `after` (None: the newest), in
    the log of `epoch` (None: the current one). `name` and `epoch_name` are the parameters that gave them.
    """

    after: int | None
    epoch: str | None
    name: str = "after"
    epoch_name: str = "epoch"

    def is_in(self, position: LogPosition) -> bool:
        """Whether the place is in that log, not after its head, and not before its oldest entry."""
        return self.epoch in (None, position.epoch) and self._reaches(position)

    def _reaches(self, position: LogPosition) -> bool:
        return self.after is None or position.oldest - 1 <= self.after <= position.head

    def must_be_in(self, position: LogPosition) -> None:
        """Raises LogGone if the place is after the head, before the oldest entry, or in another log."""
        if self.epoch is not None and self.epoch != position.epoch:
            detail = Text(
                "the change log was begun again since (its database was restored), and its numbers mean other changes",
                "o registro de mudanças foi recomeçado (o banco foi restaurado), e seus números são de outras mudanças",
            )
            raise LogGone(self.epoch_name, detail, position)
        if self.after is not None and self.after > position.head:
            ends = Text(f"the change log ends at {position.head}", f"o registro de mudanças termina em {position.head}")
            raise LogGone(self.name, ends, position)
        if not self._reaches(position):
            raise LogGone(self.name, _archived(position), position)


def _archived(position: LogPosition) -> Text:
    """The reason why an older entry is not there."""
    return Text(
        f"the change log is kept from {position.oldest} on, what was before is in an archive",
        f"o registro de mudanças é mantido a partir de {position.oldest}, o anterior está em um arquivo morto",
    )


def place_of_event(text: str) -> Place:
    """Parses a `Last-Event-ID`: `<epoch>.<seq>`, or a plain `seq`. Raises InvalidParameter."""
    name = "Last-Event-ID"
    epoch, _, number = text.rpartition(".")
    seq = digits_value(number, MAX_SEQ)
    if seq is not None:
        return Place(seq, epoch or None, name, name)
    raise InvalidParameter(
        name,
        Text(
            "is neither <epoch>.<seq> as events have it nor a seq of the change log",
            "não é <epoch>.<seq> como nos eventos nem um seq do registro de mudanças",
        ),
    )


async def gone_to_archive(parameter: str, shared: Resources) -> LogGone:
    """The error for a parameter whose answer needs entries that only the archive has. Raises StoreUnavailable."""
    position = await load_position(shared.database.newest())
    return LogGone(parameter, _archived(position), position)


async def position_for(place: Place, shared: Resources) -> LogPosition:
    """The current end of the log, once `place` is found to exist in it. While the store does not answer, the snapshot
    (renewed every two seconds) is used if it has the place. Raises LogGone and StoreUnavailable.
    """
    try:
        position = await load_position(shared.database.newest())
    except StoreUnavailable:
        status = shared.status_monitor.snapshot.status
        if status is None or status.epoch is None:
            raise
        position = LogPosition(status.epoch, status.last_seq)
        try:
            place.must_be_in(position)
        except LogGone as error:  # the log may have grown since the snapshot
            raise StoreUnavailable("where the log stands is not known") from error
    place.must_be_in(position)
    return position
