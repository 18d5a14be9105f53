"""E-mail addresses as they are stored and compared, and the mailbox that several addresses lead to."""

from email_validator import EmailNotValidError, validate_email


def mail_address(given: str) -> str | None:
    """The address in its only spelling: ASCII, in lower case (no provider tells two users apart by case). None where
    it is not an address that mail can be sent to.
    """
    try:
        found = validate_email(given, check_deliverability=False).ascii_email
    except EmailNotValidError:
        return None
    return None if found is None else found.lower()


def mailbox(address: str) -> str:
    """The address without its tag: `ana+legis@…` and `ana@…` are read by the same person, who is asked to confirm only
    so often a day whatever tags somebody invents.
    """
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
