"""Matters that are part of another, that stand in a field, that are about an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # in words of its own: alembic would add the reference apart from the column, which SQLite cannot
    op.execute("ALTER TABLE matter ADD COLUMN parent_id INTEGER REFERENCES matter (id)")
    op.add_column("matter", sa.Column("field", sa.String(), nullable=True))
    op.add_column("matter", sa.Column("event_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matter", sa.Column("event_ends_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("parent_id", "field", "event_at"):
        op.create_index(op.f(f"ix_matter_{column}"), "matter", [column])


def downgrade() -> None:
    for column in ("parent_id", "field", "event_at"):
        op.drop_index(op.f(f"ix_matter_{column}"), "matter")
    with op.batch_alter_table("matter") as matter:
        for column in ("event_ends_at", "event_at", "field", "parent_id"):
            matter.drop_column(column)
