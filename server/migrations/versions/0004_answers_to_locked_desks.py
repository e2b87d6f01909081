"""answers to locked desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

def _step_1() -> None:
    op.create_table('recovery_answered',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('db_id', sa.Text(), nullable=False),
    sa.Column('generation', sa.BigInteger(), nullable=False),
    sa.Column('officers', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'request_id', name=op.f('pk_recovery_answered'))
    )


def upgrade() -> None:
    _step_1()
