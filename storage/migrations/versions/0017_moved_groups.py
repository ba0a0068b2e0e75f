"""Groups that became supergroups: the id they had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_group", sa.Column("was_chat_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_chat_group_was_chat_id", "chat_group", ["was_chat_id"])


def downgrade() -> None:
    op.drop_index("ix_chat_group_was_chat_id", "chat_group")
    op.drop_column("chat_group", "was_chat_id")
