"""What most would write first: FastAPI, SQLModel rows, OFFSET, COUNT and a response model.

Environment: PORT, DATABASE_URL.
"""

import os
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import func
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"), pool_size=10)
app = FastAPI()


class RivalBill(SQLModel, table=True):
    """One row, as `plain_table` makes it."""

    __tablename__ = "rival_bill"

    id: str = Field(primary_key=True)
    source: str
    chamber: str | None
    type_code: str
    number: int | None
    year: int | None
    identifier: str
    title: str | None
    status: str
    status_text: str | None
    in_progress: bool | None
    introduced_on: date | None
    last_action_at: datetime
    organization: str | None
    authors: str | None
    parties: str | None
    subjects: str | None
    url: str | None


class Page(SQLModel):
    """A page with its place among all."""

    items: list[RivalBill]
    total: int
    page: int
    pages: int


async def session() -> AsyncIterator[AsyncSession]:
    """A session for one request."""
    async with AsyncSession(engine) as made:
        yield made


Session = Annotated[AsyncSession, Depends(session)]


@app.get("/bills", response_model=Page)
async def list_bills(
    session: Session,
    type: str | None = None,
    year: int | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """A page by its number."""
    wanted, counted = select(RivalBill), select(func.count()).select_from(RivalBill)
    if type is not None:
        wanted, counted = wanted.where(RivalBill.type_code == type), counted.where(col(RivalBill.type_code) == type)
    if year is not None:
        wanted, counted = wanted.where(RivalBill.year == year), counted.where(col(RivalBill.year) == year)
    order = (col(RivalBill.last_action_at).desc(), col(RivalBill.id).desc())
    total = (await session.exec(counted)).one()
    items = (await session.exec(wanted.order_by(*order).offset((page - 1) * size).limit(size))).all()
    return Page(items=list(items), total=total, page=page, pages=-(-total // size))


@app.get("/bills/{bill_id}", response_model=RivalBill)
async def get_bill(session: Session, bill_id: str) -> Any:
    """One bill."""
    found = await session.get(RivalBill, bill_id)
    if found is None:
        raise HTTPException(404)
    return found


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
