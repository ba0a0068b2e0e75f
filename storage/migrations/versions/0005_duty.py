"""Duty: roster, swaps, change-over checks, hand-overs, the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for create in TABLES:
        create()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)


def _member(name: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], ["member.id"]),
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def duty_day() -> None:
    op.create_table(
        "duty_day",
        sa.Column("day", sa.Date(), nullable=False),
        *_member("leader_id", nullable=True),
        *_member("first_id", nullable=True),
        *_member("second_id", nullable=True),
        *_member("kept_by", nullable=True),
        _instant("kept_at"),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_index("ix_duty_day_kept_at", "duty_day", ["kept_at"], unique=False)


def duty_swap() -> None:
    op.create_table(
        "duty_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        *_member("asker_id"),
        *_member("other_id"),
        *_member("leader_id"),
        _instant("asked_at"),
        sa.Column("state", sa.String(), nullable=False),
        _instant("agreed_at", nullable=True),
        _instant("decided_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duty_swap_asker_id", "duty_swap", ["asker_id"], unique=False)


def duty_check() -> None:
    op.create_table(
        "duty_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_member("member_id"),
        _instant("asked_at"),
        _instant("answered_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "member_id"),
    )


def duty_hand_over() -> None:
    op.create_table(
        "duty_hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_member("outgoing_id", nullable=True),
        *_member("incoming_id", nullable=True),
        _instant("began_at"),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        _instant("outgoing_signed_at", nullable=True),
        _instant("incoming_signed_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day"),
    )


def duty_entry() -> None:
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("happened_at"),
        _instant("recorded_at"),
        *_member("member_id"),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("instruction", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("additions", sa.JSON(), nullable=False),
        _instant("finished_at", nullable=True),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "number"),
    )
    op.create_index("ix_duty_entry_finished_at", "duty_entry", ["finished_at"], unique=False)
    op.create_index("ix_duty_entry_card_id", "duty_entry", ["card_id"], unique=False)


TABLES = (duty_day, duty_swap, duty_check, duty_hand_over, duty_entry)
