"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _step_1() -> None:
    op.create_table('base_document',
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('doc', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_base_document'))
    )
    op.create_table('base_order',
    sa.Column('order_id', sa.String(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_base_order'))
    )
    op.create_table('blob',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('standing', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_blob'))
    )
    op.create_index('ix_blob_standing', 'blob', ['standing', 'size'], unique=False)
    op.create_table('blob_of',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'entity_id', name=op.f('pk_blob_of'))
    )
    op.create_index(op.f('ix_blob_of_entity_id'), 'blob_of', ['entity_id'], unique=False)
    op.create_table('blob_piece',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'at', name=op.f('pk_blob_piece'))
    )
    op.create_table('centre',
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('province', sa.String(), nullable=True),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('county', sa.String(), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('licence_number', sa.String(), nullable=True),
    sa.Column('licence_expiry', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre'))
    )


def _step_2() -> None:
    op.create_table('change',
    sa.Column('change_id', sa.String(), nullable=False),
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.Column('household', sa.String(), nullable=True),
    sa.Column('hlc', sa.String(), nullable=False),
    sa.Column('header', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('sseq', sa.Integer(), nullable=True),
    sa.Column('effective', sa.String(), nullable=True),
    sa.Column('standing', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('change_id', name=op.f('pk_change')),
    sa.UniqueConstraint('sseq', name=op.f('uq_change_sseq'))
    )
    op.create_index(op.f('ix_change_effective'), 'change', ['effective'], unique=False)
    op.create_index('ix_change_entity_id_sseq', 'change', ['entity_id', 'sseq'], unique=False)
    op.create_index(op.f('ix_change_household'), 'change', ['household'], unique=False)
    op.create_index('ix_change_pending', 'change', ['entity_id'], unique=False, sqlite_where=sa.text("standing = 'pending'"))
    op.create_index('ix_change_unknown', 'change', ['sseq'], unique=False, sqlite_where=sa.text("standing = 'unknown'"))
    op.create_index('uq_change_desk_seq', 'change', ['desk', 'seq'], unique=True)
    op.create_table('conflict',
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('entity_id', 'field', name=op.f('pk_conflict'))
    )
    op.create_table('contact',
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    op.create_index(op.f('ix_contact_person'), 'contact', ['person'], unique=False)
    op.create_table('desk_key',
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('sign_key', sa.LargeBinary(), nullable=False),
    sa.Column('instead_of', sa.String(), nullable=True),
    sa.Column('through', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('desk', name=op.f('pk_desk_key'))
    )


def _step_3() -> None:
    op.create_table('document',
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('household', sa.String(), nullable=True),
    sa.Column('doc', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_document'))
    )
    op.create_index(op.f('ix_document_household'), 'document', ['household'], unique=False)
    op.create_table('draft',
    sa.Column('user_id', sa.String(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'form', name=op.f('pk_draft'))
    )
    op.create_table('household',
    sa.Column('head', sa.String(), nullable=True),
    sa.Column('file_number', sa.String(), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('postal_code', sa.String(), nullable=True),
    sa.Column('landline', sa.String(), nullable=True),
    sa.Column('transfer', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household'))
    )
    op.create_index(op.f('ix_household_file_number'), 'household', ['file_number'], unique=False)
    op.create_table('issued_document',
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('paper', sa.String(), nullable=True),
    sa.Column('variant', sa.String(), nullable=True),
    sa.Column('request', sa.String(), nullable=True),
    sa.Column('visit', sa.String(), nullable=True),
    sa.Column('result', sa.String(), nullable=True),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('copy', sa.Integer(), nullable=True),
    sa.Column('issued_at', sa.BigInteger(), nullable=True),
    sa.Column('print_state', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_document'))
    )
    op.create_index(op.f('ix_issued_document_number'), 'issued_document', ['number'], unique=False)
    op.create_index(op.f('ix_issued_document_person'), 'issued_document', ['person'], unique=False)


def _step_4() -> None:
    op.create_index(op.f('ix_issued_document_request'), 'issued_document', ['request'], unique=False)
    op.create_index(op.f('ix_issued_document_result'), 'issued_document', ['result'], unique=False)
    op.create_index(op.f('ix_issued_document_visit'), 'issued_document', ['visit'], unique=False)
    op.create_table('keyring',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_keyring'))
    )
    op.create_table('left_entity',
    sa.Column('entity_id', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_left_entity'))
    )
    op.create_table('left_place',
    sa.Column('sseq', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('sseq', name=op.f('pk_left_place'))
    )
    op.create_table('listed_key',
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('sign_key', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('desk', 'actor', 'sign_key', name=op.f('pk_listed_key'))
    )
    op.create_table('membership',
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('household', sa.String(), nullable=True),
    sa.Column('relation', sa.String(), nullable=True),
    sa.Column('until', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    op.create_index(op.f('ix_membership_household'), 'membership', ['household'], unique=False)
    op.create_index(op.f('ix_membership_person'), 'membership', ['person'], unique=False)
    op.create_table('needs',
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('variant', sa.String(), nullable=True),
    sa.Column('sign_language', sa.Boolean(), nullable=True),
    sa.Column('wheelchair', sa.Boolean(), nullable=True),
    sa.Column('companion', sa.Boolean(), nullable=True),
    sa.Column('does_not_read', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_needs'))
    )
    op.create_index(op.f('ix_needs_person'), 'needs', ['person'], unique=False)
    op.create_table('notice',
    sa.Column('sseq', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sseq', name=op.f('pk_notice'))
    )


def _step_5() -> None:
    op.create_table('paper_series',
    sa.Column('series', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('next', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', name=op.f('pk_paper_series'))
    )
    op.create_table('person',
    sa.Column('id_kind', sa.String(), nullable=True),
    sa.Column('national_id', sa.String(), nullable=True),
    sa.Column('foreign_id', sa.String(), nullable=True),
    sa.Column('id_reason', sa.String(), nullable=True),
    sa.Column('given_name', sa.String(), nullable=True),
    sa.Column('family_name', sa.String(), nullable=True),
    sa.Column('father_name', sa.String(), nullable=True),
    sa.Column('birth', sa.String(), nullable=True),
    sa.Column('sex', sa.String(), nullable=True),
    sa.Column('coverage', sa.String(), nullable=True),
    sa.Column('merged_into', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    op.create_index(op.f('ix_person_foreign_id'), 'person', ['foreign_id'], unique=False)
    op.create_index(op.f('ix_person_national_id'), 'person', ['national_id'], unique=False)
    op.create_table('request',
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('service', sa.String(), nullable=True),
    sa.Column('tracking_code', sa.String(), nullable=True),
    sa.Column('registered_on', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('status', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request'))
    )
    op.create_index(op.f('ix_request_person'), 'request', ['person'], unique=False)
    op.create_index(op.f('ix_request_tracking_code'), 'request', ['tracking_code'], unique=False)
    op.create_table('screening_result',
    sa.Column('visit', sa.String(), nullable=True),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('programme', sa.String(), nullable=True),
    sa.Column('pack_version', sa.String(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('answers', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('next_step', sa.String(), nullable=True),
    sa.Column('due', sa.String(), nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screening_result'))
    )


def _step_6() -> None:
    op.create_index(op.f('ix_screening_result_day'), 'screening_result', ['day'], unique=False)
    op.create_index(op.f('ix_screening_result_person'), 'screening_result', ['person'], unique=False)
    op.create_index(op.f('ix_screening_result_visit'), 'screening_result', ['visit'], unique=False)
    op.create_table('search_identifier',
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('value', 'kind', 'person', name=op.f('pk_search_identifier')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_search_identifier_person'), 'search_identifier', ['person'], unique=False)
    op.create_table('search_person',
    sa.Column('row', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('sort_key', sa.String(), nullable=False),
    sa.Column('likeness', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('row', name=op.f('pk_search_person')),
    sa.UniqueConstraint('person', name=op.f('uq_search_person_person'))
    )
    op.create_index(op.f('ix_search_person_likeness'), 'search_person', ['likeness'], unique=False)
    op.create_index(op.f('ix_search_person_sort_key'), 'search_person', ['sort_key'], unique=False)
    op.create_table('seen_verdict',
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('first', 'desk', 'verdict', name=op.f('pk_seen_verdict'))
    )
    op.create_table('setting',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('signed_commit',
    sa.Column('desk', sa.String(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('desk_signature', sa.LargeBinary(), nullable=False),
    sa.Column('actor_signature', sa.LargeBinary(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('desk', 'first', name=op.f('pk_signed_commit'))
    )
    op.create_index('ix_signed_commit_verdict', 'signed_commit', ['verdict'], unique=False, sqlite_where=sa.text('verdict IS NOT NULL'))


def _step_7() -> None:
    op.create_table('snapshot_piece',
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('place', name=op.f('pk_snapshot_piece'))
    )
    op.create_table('staff',
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('roles', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff'))
    )
    op.create_table('staff_key',
    sa.Column('staff', sa.String(), nullable=True),
    sa.Column('desk', sa.String(), nullable=True),
    sa.Column('sign_key', sa.String(), nullable=True),
    sa.Column('box_key', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_key'))
    )
    op.create_index(op.f('ix_staff_key_staff'), 'staff_key', ['staff'], unique=False)
    op.create_table('sync_event',
    sa.Column('number', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('pushed', sa.Integer(), nullable=False),
    sa.Column('pulled', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('bytes_up', sa.Integer(), nullable=False),
    sa.Column('bytes_down', sa.Integer(), nullable=False),
    sa.Column('round_trips', sa.Integer(), nullable=False),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.Column('clock_offset', sa.BigInteger(), nullable=True),
    sa.Column('begun', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_sync_event'))
    )
    op.create_table('transfer',
    sa.Column('household', sa.String(), nullable=True),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('target', sa.String(), nullable=True),
    sa.Column('file_number', sa.String(), nullable=True),
    sa.Column('members', sa.Integer(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer'))
    )


def _step_8() -> None:
    op.create_index(op.f('ix_transfer_household'), 'transfer', ['household'], unique=False)
    op.create_index(op.f('ix_transfer_state'), 'transfer', ['state'], unique=False)
    op.create_table('visit',
    sa.Column('request', sa.String(), nullable=True),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('service', sa.String(), nullable=True),
    sa.Column('day', sa.String(), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=True),
    sa.Column('staff', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('void', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    op.create_index(op.f('ix_visit_day'), 'visit', ['day'], unique=False)
    op.create_index(op.f('ix_visit_person'), 'visit', ['person'], unique=False)
    op.create_index(op.f('ix_visit_request'), 'visit', ['request'], unique=False)
    op.create_table('watermark',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_watermark'))
    )
    op.execute('CREATE VIRTUAL TABLE search_name USING fts5(words, content=\'\', contentless_delete=1, prefix=\'1 2 3\', tokenize="unicode61 remove_diacritics 0")')



def upgrade() -> None:
    _step_1()
    _step_2()
    _step_3()
    _step_4()
    _step_5()
    _step_6()
    _step_7()
    _step_8()
