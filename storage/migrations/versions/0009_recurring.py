"""Duties that come again, reports of progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    occurrence()
    progress()
    about = sa.text("about_id IS NOT NULL")
    op.create_index("clock_about", "clock", ["about_id"], sqlite_where=about, postgresql_where=about)


def downgrade() -> None:
    op.drop_index("clock_about", "clock")
    op.drop_table("progress")
    op.drop_table("occurrence")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def occurrence() -> None:
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        _instant("asks_at"),
        _instant("due_at"),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        _instant("asked_at", nullable=True),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        _instant("done_at", nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["asked_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["done_by"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("duty", "matter_id", "period"),
    )
    alone = sa.text("matter_id IS NULL")
    op.create_index(
        "occurrence_office",
        "occurrence",
        ["duty", "period"],
        unique=True,
        sqlite_where=alone,
        postgresql_where=alone,
    )
    op.create_index("occurrence_open", "occurrence", ["state", "matter_id"])
    op.create_index("occurrence_matter", "occurrence", ["matter_id", "state"])
    op.create_index("ix_occurrence_period", "occurrence", ["period"])


def progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _instant("reported_at"),
        _instant("claimed_at", nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("progress_matter", "progress", ["matter_id", "id"])
