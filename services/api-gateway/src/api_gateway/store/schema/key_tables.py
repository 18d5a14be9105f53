"""Table model of API keys."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant, texts


class ApiKeyRow(SQLModel, table=True):
    """One API key: found by its prefix, proved by the SHA-256 of its secret. `rotated_from` is the key it succeeds."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    prefix: str = Field(sa_column=Column(Text, nullable=False))
    secret_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    scopes: list[str] = Field(sa_column=texts())
    limit_per_minute: int | None = Field(default=None)
    created_at: datetime = Field(sa_column=instant(nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=instant())
    last_used_at: datetime | None = Field(default=None, sa_column=instant())
    revoked_at: datetime | None = Field(default=None, sa_column=instant())
    rotated_from: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("api_key.id", name="api_key_rotated_from_fkey"))
    )

    __table_args__ = (UniqueConstraint("prefix", name="api_key_prefix_key"),)
