"""needs in full cautions incidents"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _step_1() -> None:
    op.create_table('caution',
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('until', sa.String(), nullable=True),
    sa.Column('staff', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caution'))
    )
    op.create_index(op.f('ix_caution_person'), 'caution', ['person'], unique=False)
    op.create_table('incident',
    sa.Column('nature', sa.String(), nullable=True),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('happened', sa.String(), nullable=True),
    sa.Column('harmed', sa.String(), nullable=True),
    sa.Column('done', sa.String(), nullable=True),
    sa.Column('reached', sa.String(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=True),
    sa.Column('staff', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index(op.f('ix_incident_day'), 'incident', ['day'], unique=False)
    op.create_index(op.f('ix_incident_person'), 'incident', ['person'], unique=False)
    op.add_column('needs', sa.Column('braille', sa.Boolean(), nullable=True))
    op.add_column('needs', sa.Column('lip_reading', sa.Boolean(), nullable=True))
    op.add_column('needs', sa.Column('language', sa.String(), nullable=True))
    op.add_column('needs', sa.Column('channel', sa.String(), nullable=True))
    op.add_column('needs', sa.Column('relay_name', sa.String(), nullable=True))
    op.add_column('needs', sa.Column('relay_phone', sa.String(), nullable=True))



def upgrade() -> None:
    _step_1()
