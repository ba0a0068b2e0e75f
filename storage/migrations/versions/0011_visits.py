"""Visits of supervision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("entered", sa.JSON(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("matter_id", "unit", "happened_at"):
        op.create_index(f"ix_visit_{column}", "visit", [column])
    op.execute("ALTER TABLE file ADD COLUMN visit_id INTEGER REFERENCES visit (id)")
    op.create_index("ix_file_visit_id", "file", ["visit_id"])


def downgrade() -> None:
    op.drop_index("ix_file_visit_id", "file")
    with op.batch_alter_table("file") as file:
        file.drop_column("visit_id")
    op.drop_table("visit")
