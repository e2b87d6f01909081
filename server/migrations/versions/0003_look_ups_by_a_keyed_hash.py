"""look-ups by a keyed hash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

def _step_1() -> None:
    op.create_table('identifier',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('mac', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'entity_id', name=op.f('pk_identifier'))
    )
    op.create_index('ix_identifier_mac', 'identifier', ['mac'], unique=False)
    op.create_table('look_up',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('visit', sa.Text(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', 'day', 'visit', name=op.f('pk_look_up'))
    )


def upgrade() -> None:
    _step_1()
