"""Who answers a meeting's notice in another's stead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_invitation") as table:
        table.add_column(sa.Column("for_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_meeting_invitation_for_id", "member", ["for_id"], ["id"])
    op.create_index("ix_meeting_invitation_for_id", "meeting_invitation", ["for_id"])


def downgrade() -> None:
    op.drop_index("ix_meeting_invitation_for_id", "meeting_invitation")
    with op.batch_alter_table("meeting_invitation") as table:
        table.drop_column("for_id")
