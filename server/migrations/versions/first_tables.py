"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _step_1() -> None:
    op.create_table(
        "province",
        sa.Column("realm", sa.Text),
        sa.Column("fold_version", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("realm", name="pk_province"),
    )
    op.create_table(
        "centre",
        sa.Column("centre_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", name="pk_centre"),
    )
    op.create_table(
        "centre_head",
        sa.Column("centre_id", sa.Text),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("next_series", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", name="pk_centre_head"),
    )
    op.create_table(
        "desk",
        sa.Column("centre_id", sa.Text),
        sa.Column("desk_id", sa.Text),
        sa.Column("sign_key", sa.LargeBinary, nullable=False),
        sa.Column("box_key", sa.LargeBinary, nullable=False),
        sa.Column("enrolled_at", sa.BigInteger, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("last_hash", sa.Text, nullable=False),
        sa.Column("last_sync", sa.BigInteger),
        sa.PrimaryKeyConstraint("centre_id", "desk_id", name="pk_desk"),
    )
    op.create_table(
        "enrol_code",
        sa.Column("centre_id", sa.Text),
        sa.Column("code_key", sa.LargeBinary),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("tries_left", sa.Integer, nullable=False),
        sa.Column("used_by", sa.Text),
        sa.PrimaryKeyConstraint("centre_id", "code_key", name="pk_enrol_code"),
    )


def _step_2() -> None:
    op.create_table(
        "paper_series",
        sa.Column("centre_id", sa.Text),
        sa.Column("series", sa.Integer),
        sa.Column("desk_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "series", name="pk_paper_series"),
    )
    _journal()


def _journal() -> None:
    op.create_table(
        "signed_commit",
        sa.Column("centre_id", sa.Text),
        sa.Column("desk_id", sa.Text),
        sa.Column("first", sa.BigInteger),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("message", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("desk_signature", sa.LargeBinary, nullable=False),
        sa.Column("actor_signature", sa.LargeBinary, nullable=False),
        sa.Column("effective", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("touched", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "desk_id", "first", name="pk_signed_commit"),
    )
    op.create_index("ix_signed_commit_verdict", "signed_commit", ["centre_id", "verdict", "desk_id", "first"])
    op.create_table(
        "change",
        sa.Column("centre_id", sa.Text),
        sa.Column("desk_id", sa.Text),
        sa.Column("seq", sa.BigInteger),
        sa.Column("change_id", sa.Text, nullable=False),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "desk_id", "seq", name="pk_change"),
    )


def _step_3() -> None:
    op.create_index("ix_change_change_id", "change", ["centre_id", "change_id"])
    op.create_table(
        "feed",
        sa.Column("centre_id", sa.Text),
        sa.Column("sseq", sa.BigInteger),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("desk_id", sa.Text, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "sseq", name="pk_feed"),
    )
    op.create_table(
        "document",
        sa.Column("centre_id", sa.Text),
        sa.Column("entity_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("household", sa.Text),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("day", sa.Text),
        sa.PrimaryKeyConstraint("centre_id", "entity_id", name="pk_document"),
    )
    op.create_index("ix_document_kind", "document", ["centre_id", "kind", "day"])


def upgrade() -> None:
    _step_1()
    _step_2()
    _step_3()
