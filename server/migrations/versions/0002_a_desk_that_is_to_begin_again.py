"""a desk that is to begin again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def _step_1() -> None:
    op.add_column('desk', sa.Column('begin_again', sa.Integer(), server_default='0', nullable=False))


def upgrade() -> None:
    _step_1()
