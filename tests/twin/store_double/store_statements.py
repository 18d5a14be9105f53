"""Every statement that the worker's store sends, done on the double's tables.

A statement is known by its text, which is taken from the product: one that is new or was changed elsewhere than here
is either run by the same name or refused loudly. A contract test runs the store's own functions here and on a real
PostgreSQL and compares every table.
"""

from twin.store_double import store_bills, store_doubts, store_index, store_letters, store_windows, store_years
from twin.store_double.store_tables import Statement

STATEMENTS: dict[str, Statement] = {
    **store_bills.STATEMENTS,
    **store_doubts.STATEMENTS,
    **store_index.STATEMENTS,
    **store_letters.STATEMENTS,
    **store_windows.STATEMENTS,
    **store_years.STATEMENTS,
}
