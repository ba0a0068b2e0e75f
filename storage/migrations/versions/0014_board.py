"""Indexes of what is open: how matters stand by unit and field, and the next limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    counted = ["state", "section", "field", "procedure", "due_at"]
    op.create_index("matter_board", "matter", counted, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("matter_next", "matter", ["state", "due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("matter_next", "matter")
    op.drop_index("matter_board", "matter")
