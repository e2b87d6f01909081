"""An issued paper as the preview is given it, drawn by the real engine."""

from __future__ import annotations

from functools import cache

from desktop.documents import engine, intake_receipt, pictures
from desktop.domain.papers import VARIANTS, IntakeReceipt, Letterhead, PagePicture, Preview, Variant

LETTERHEAD = Letterhead(
    "مرکز مثبت زندگی، نمونهٔ ۱۲۴", "124", "خیابان سرو، پلاک ۱۲", "03152000000", "124/001/000124/8",
    "124/001/000123/4", "1405-09-17", "10:26", "نرگس آبان‌پور", "پذیرش", "1234567890123456789012345",
    "124001000124812345",
)  # fmt: skip
RECEIPT = IntakeReceipt(
    LETTERHEAD, "آوا کاج‌نژاد", "غربالگری بینایی کودکان سه تا شش سال", True,
    "به اتاق غربالگری بروید. شناسنامهٔ کودک همراهتان باشد.", (), ("شناسنامهٔ کودک",),
)  # fmt: skip
WORDS = ("رسید پذیرش", "نام: آوا کاج‌نژاد", "کد رهگیری: ۱۲۴/۰۰۱/۰۰۰۱۲۳/۴", "گام بعدی: به اتاق غربالگری بروید.")


@cache
def pages(variant: Variant) -> tuple[PagePicture, ...]:
    """The receipt's pages in a form."""
    return tuple(pictures.pages(engine.render(intake_receipt.content(RECEIPT), variant), 150))


def preview(variant: Variant = "large", **fields: object) -> Preview:
    """A preview of the receipt, freshly issued, with the fields a test cares about."""
    usual: dict[str, object] = {
        "document_id": "d-1", "kind": "intake_receipt", "person": "آوا کاج‌نژاد", "tracking_code": "124/001/000123/4",
        "variant": variant, "offered": VARIANTS, "stored_need": "large", "pages": pages(variant), "words": WORDS,
        "state": "issued", "copy": 0, "printer": "laser",
    }  # fmt: skip
    return Preview(**{**usual, **fields})  # type: ignore[arg-type]  # the test says which
