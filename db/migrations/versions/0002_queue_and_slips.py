"""The queue, and slips for the hours without power"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = '0001'
branch_labels = None
depends_on = None


def _step_1() -> None:
    op.create_table('slip_block',
    sa.Column('series', sa.Integer(), nullable=True),
    sa.Column('first', sa.Integer(), nullable=True),
    sa.Column('last', sa.Integer(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slip_block'))
    )
    op.create_table('ticket',
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('taken_at', sa.BigInteger(), nullable=True),
    sa.Column('service', sa.String(), nullable=True),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('visit', sa.String(), nullable=True),
    sa.Column('needs', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('turn', sa.BigInteger(), nullable=True),
    sa.Column('absences', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(), nullable=True),
    sa.Column('desk', sa.String(), nullable=True),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('called_at', sa.BigInteger(), nullable=True),
    sa.Column('served_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('why', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket'))
    )
    op.create_index(op.f('ix_ticket_day'), 'ticket', ['day'], unique=False)
    op.create_index(op.f('ix_ticket_status'), 'ticket', ['status'], unique=False)
    op.add_column('visit', sa.Column('entered_after_outage', sa.Boolean(), nullable=True))



def upgrade() -> None:
    _step_1()
