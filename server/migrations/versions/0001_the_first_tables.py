"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def _step_1() -> None:
    op.create_table('blob',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('begun_at', sa.BigInteger(), nullable=False),
    sa.Column('whole_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('centre_id', 'sha256', 'desk_id', name=op.f('pk_blob'))
    )
    op.create_table('blob_piece',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'sha256', 'desk_id', 'at', name=op.f('pk_blob_piece')),
    info={'backed_up_at_once': 64}
    )
    op.create_table('centre',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('added_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', name=op.f('pk_centre'))
    )


def _step_2() -> None:
    op.create_table('centre_head',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('head', sa.BigInteger(), nullable=False),
    sa.Column('next_series', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', name=op.f('pk_centre_head'))
    )
    op.create_table('change',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('change_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('header', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', 'seq', name=op.f('pk_change'))
    )
    op.create_index('ix_change_change_id', 'change', ['centre_id', 'change_id'], unique=False)
    op.create_index('ix_change_entity_id', 'change', ['centre_id', 'entity_id'], unique=False)
    op.create_table('desk',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('sign_key', sa.LargeBinary(), nullable=False),
    sa.Column('box_key', sa.LargeBinary(), nullable=False),
    sa.Column('enrolled_at', sa.BigInteger(), nullable=False),
    sa.Column('last_seq', sa.BigInteger(), nullable=False),
    sa.Column('last_hash', sa.Text(), nullable=False),
    sa.Column('last_sync', sa.BigInteger(), nullable=True),
    sa.Column('cursor', sa.BigInteger(), nullable=False),
    sa.Column('durable_seq', sa.BigInteger(), nullable=False),
    sa.Column('instead_of', sa.Text(), nullable=True),
    sa.Column('lost_at', sa.BigInteger(), nullable=True),
    sa.Column('valid_through', sa.BigInteger(), nullable=True),
    sa.Column('last_push', sa.Text(), nullable=True),
    sa.Column('anchored_at', sa.BigInteger(), nullable=False),
    sa.Column('outside', sa.Integer(), nullable=False),
    sa.Column('report', sa.Text(), nullable=True),
    sa.Column('reported_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', name=op.f('pk_desk'))
    )


def _step_3() -> None:
    op.create_index('ix_desk_desk_id', 'desk', ['desk_id'], unique=False)
    op.create_table('document',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('household', sa.Text(), nullable=True),
    sa.Column('doc', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=True),
    sa.Column('contested', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('centre_id', 'entity_id', name=op.f('pk_document'))
    )
    op.create_index('ix_document_household', 'document', ['centre_id', 'household'], unique=False)
    op.create_index('ix_document_kind', 'document', ['centre_id', 'kind', 'day'], unique=False)
    op.create_table('enrol_code',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('code_key', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('tries_left', sa.Integer(), nullable=False),
    sa.Column('used_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('centre_id', 'code_key', name=op.f('pk_enrol_code'))
    )
    op.create_table('evidence',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('new_desk', sa.Text(), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('signed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', 'new_desk', 'first', name=op.f('pk_evidence'))
    )


def _step_4() -> None:
    op.create_table('feed',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('sseq', sa.BigInteger(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.Column('seqs', sa.Text(), nullable=False),
    sa.Column('gone', sa.Text(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=True),
    sa.Column('signature', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('centre_id', 'sseq', name=op.f('pk_feed'))
    )
    op.create_index('ix_feed_desk_id', 'feed', ['centre_id', 'desk_id', 'first'], unique=False)
    op.create_table('mark',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('sseq', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'sseq', name=op.f('pk_mark'))
    )
    op.create_table('moved',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('to_centre', sa.Text(), nullable=False),
    sa.Column('sseq', sa.BigInteger(), nullable=False),
    sa.Column('clock', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'entity_id', name=op.f('pk_moved'))
    )


def _step_5() -> None:
    op.create_table('officer',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sign_key', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_officer'))
    )
    op.create_table('paper_series',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('series', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'series', name=op.f('pk_paper_series'))
    )
    op.create_table('province',
    sa.Column('realm', sa.Text(), nullable=False),
    sa.Column('fold_version', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('told_since', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('realm', name=op.f('pk_province'))
    )
    op.create_table('redacted',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('change_id', sa.Text(), nullable=False),
    sa.Column('order_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'change_id', name=op.f('pk_redacted'))
    )
    op.create_table('root_order',
    sa.Column('order_id', sa.Text(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_root_order'))
    )


def _step_6() -> None:
    op.create_table('signed_commit',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('desk_signature', sa.LargeBinary(), nullable=False),
    sa.Column('actor_signature', sa.LargeBinary(), nullable=False),
    sa.Column('actor_key', sa.LargeBinary(), nullable=True),
    sa.Column('effective', sa.Text(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('touched', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', 'first', name=op.f('pk_signed_commit'))
    )
    op.create_index('ix_signed_commit_verdict', 'signed_commit', ['centre_id', 'verdict', 'desk_id', 'first'], unique=False)
    op.create_table('snapshot',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('snapshot_id', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('manifest', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', name=op.f('pk_snapshot'))
    )


def _step_7() -> None:
    op.create_table('snapshot_piece',
    sa.Column('centre_id', sa.Text(), nullable=False),
    sa.Column('desk_id', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('centre_id', 'desk_id', 'place', name=op.f('pk_snapshot_piece'))
    )


def upgrade() -> None:
    _step_1()
    _step_2()
    _step_3()
    _step_4()
    _step_5()
    _step_6()
    _step_7()
