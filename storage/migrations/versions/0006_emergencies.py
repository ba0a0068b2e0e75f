"""Emergencies: reports, instructions, their receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for create in TABLES:
        create()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)


def _to(name: str, other: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], [f"{other}.id"]),
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def emergency_report() -> None:
    op.create_table(
        "emergency_report",
        sa.Column("id", sa.Integer(), nullable=False),
        *_to("matter_id", "matter"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        *_to("author_id", "member"),
        _instant("begun_at"),
        _instant("submitted_at", nullable=True),
        *_to("step_id", "step", nullable=True),
        sa.Column("sent_back", sa.String(), nullable=True),
        sa.Column("issue", sa.Integer(), nullable=True),
        *_to("signed_by", "member", nullable=True),
        _instant("signed_at", nullable=True),
        *_to("file_id", "file", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("matter_id", "kind", "number"),
    )
    op.create_index("ix_emergency_report_matter_id", "emergency_report", ["matter_id"], unique=False)


def emergency_instruction() -> None:
    op.create_table(
        "emergency_instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        *_to("matter_id", "matter"),
        *_to("step_id", "step"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_to("leader_id", "member"),
        sa.Column("words", sa.String(), nullable=False),
        *_to("recorded_by", "member"),
        _instant("given_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("step_id"),
    )
    op.create_index(
        "ix_emergency_instruction_matter_id", "emergency_instruction", ["matter_id"], unique=False
    )


def emergency_receipt() -> None:
    op.create_table(
        "emergency_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        *_to("instruction_id", "emergency_instruction"),
        *_to("member_id", "member"),
        sa.Column("unit", sa.String(), nullable=True),
        _instant("told_at", nullable=True),
        sa.Column("chased", sa.Integer(), nullable=False),
        _instant("confirmed_at", nullable=True),
        *_to("confirmed_by", "member", nullable=True),
        _instant("claimed_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instruction_id", "member_id"),
    )
    op.create_index(
        "ix_emergency_receipt_instruction_id", "emergency_receipt", ["instruction_id"], unique=False
    )


TABLES = (emergency_report, emergency_instruction, emergency_receipt)
