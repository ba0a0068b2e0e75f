"""Changes of the person who answers for a unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "liaison_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        *(sa.ForeignKeyConstraint([name], ["member.id"]) for name in MEMBERS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_liaison_change_unit", "liaison_change", ["unit"])


def downgrade() -> None:
    op.drop_table("liaison_change")


MEMBERS = ("from_id", "to_id", "asked_by", "given_by")
