"""Persian words: what is stored, what is searched by, and what is sorted by.

Source of the rules: Unicode CLDR's Persian order (vav before heh before yeh, alef madda before alef) and the keyboards
in use, some of which type Arabic yeh and kaf. Letters are written here by code point, so that no editor changes them.
"""

from __future__ import annotations

import re
import unicodedata

from desktop.domain import digits
from desktop.domain.faults import Invalid

NAME_MOST = 60
NOTE_MOST = 2000
CODE_MOST = 30

_ZWNJ = "\u200c"
_YEH, _KEHEH, _HEH, _ALEF, _WAW = "\u06cc", "\u06a9", "\u0647", "\u0627", "\u0648"
_AIN = "\u0639"

# Dropped when stored: controls, lone surrogates, soft hyphen, tatweel, harakat, bidi marks, joiner, BOM.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u061c\u0640\u064b-\u0652\u0670"
    "\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_ARABIC_FORMS = str.maketrans({"\u064a": _YEH, "\u0649": _YEH, "\u0643": _KEHEH})
_SPACES = re.compile(r"\s+")
_ZWNJ_RUNS = re.compile(f"{_ZWNJ}+")
_ZWNJ_AT_EDGE = re.compile(rf"(?:^|(?<=\s)){_ZWNJ}|{_ZWNJ}(?=\s|$)")

_FOLDED = str.maketrans({
    "\u0629": _HEH, "\u06c0": _HEH, "\u06d5": _HEH, "\u06c1": _HEH, "\u06be": _HEH,
    "\u0622": _ALEF, "\u0623": _ALEF, "\u0625": _ALEF, "\u0671": _ALEF,
    "\u0624": _WAW, "\u0626": _YEH, "\u06d0": _YEH,
    "\u0621": None, "\u0654": None, "\u0655": None, _ZWNJ: None,
})  # fmt: skip
_NOT_WORD = re.compile(r"[\W_]+")

# Letters that sound alike in Persian: se and sad as sin; zal, zad and za as ze; ta as te; he jimi as he; ghain as qaf.
_SOUNDS = str.maketrans(
    "\u062b\u0635\u0630\u0636\u0638\u0637\u062d\u063a", "\u0633\u0633\u0632\u0632\u0632\u062a\u0647\u0642"
)
_SOFT = re.compile(f"(?<=.)[{_ALEF}{_WAW}{_YEH}{_AIN}]")
_DOUBLES = re.compile(r"(.)\1+")

_ALPHABET = (
    "\u0622\u0627\u0628\u067e\u062a\u062b\u062c\u0686\u062d\u062e\u062f\u0630\u0631\u0632\u0698\u0633\u0634"
    "\u0635\u0636\u0637\u0638\u0639\u063a\u0641\u0642\u06a9\u06af\u0644\u0645\u0646\u0648\u0647\u06cc"
)
_RANK = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_BEFORE_LETTERS, _AFTER_LETTERS = "!", "z"
_SIGNS_IN_NAMES = frozenset(" -'().\u2019\u0654\u0655" + _ZWNJ)


def clean(text: str) -> str:
    """What is stored of one line: NFC, Persian yeh and kaf, one space between words, no invisible marks but a ZWNJ
    between two letters. Cleaning twice changes nothing."""
    text = _PRESENTATION.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text)
    text = _DROPPED.sub("", unicodedata.normalize("NFC", text)).translate(_ARABIC_FORMS)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    return _ZWNJ_AT_EDGE.sub("", _ZWNJ_RUNS.sub(_ZWNJ, text)).strip()


def fold(text: str) -> str:
    """The key by which words are compared and searched: words of letters and ASCII digits, one space between them.
    Hamza, madda and ZWNJ fold to nothing. Never shown."""
    plain = unicodedata.normalize("NFKC", clean(text)).casefold().translate(_FOLDED)
    return _NOT_WORD.sub(" ", digits.latin(clean(plain).translate(_FOLDED))).strip()


def squashed(text: str) -> str:
    """`fold` without spaces: the same for a name written in one word, two words, or with a ZWNJ."""
    return fold(text).replace(" ", "")


def skeleton(text: str) -> str:
    """The consonants of each word by sound, for a name heard and not seen. Words keep their order."""
    return " ".join(map(_skeleton_of_word, fold(text).split()))


def _skeleton_of_word(word: str) -> str:
    heard = word.translate(_SOUNDS)
    heard = _ALEF + heard[1:] if heard[0] == _AIN else heard
    heard = _DOUBLES.sub(r"\1", _SOFT.sub("", heard))
    return heard[:-1] if len(heard) > 1 and heard[-1] == _HEH else heard


def sort_key(text: str) -> str:
    """ASCII for Persian words; comparing it by code point gives the order of the Persian alphabet.

    Spaces come before digits, digits before letters, other scripts last. Hamza forms sort as their letter.
    """
    return "".join(map(_rank, digits.latin(clean(text)).casefold()))


def _rank(char: str) -> str:
    if char in _RANK:
        return _RANK[char]
    if char == _ZWNJ:
        return ""
    folded = char.translate(_FOLDED)
    if folded in _RANK or not folded:
        return _RANK.get(folded, "")
    if char.isascii() and char.isdigit():
        return char
    return _AFTER_LETTERS + char if char.isalnum() else _BEFORE_LETTERS


def name(text: str) -> str:
    """A part of a person's name, cleaned. Raises Invalid: empty, over 60 characters, digits, signs, under 2 letters."""
    cleaned = clean(text)
    if not cleaned:
        raise Invalid("value.empty")
    if len(cleaned) > NAME_MOST:
        raise Invalid("value.name-long", most=NAME_MOST, over=len(cleaned) - NAME_MOST)
    if any(char.isnumeric() for char in cleaned):
        raise Invalid("value.name-digits")
    if any(not char.isalpha() and char not in _SIGNS_IN_NAMES for char in cleaned):
        raise Invalid("value.name-signs")
    if sum(char.isalpha() for char in cleaned) < 2:
        raise Invalid("value.name-short")
    return cleaned


def note(text: str, most: int = NOTE_MOST) -> str:
    """Free text, each line cleaned and blank lines at the ends dropped; may be empty. Raises Invalid over `most`."""
    cleaned = "\n".join(map(clean, text.splitlines())).strip("\n")
    if len(cleaned) > most:
        raise Invalid("value.note-long", most=most, over=len(cleaned) - most)
    return cleaned


def code(text: str) -> str:
    """A code that may hold letters, as a file number does: cleaned, digits ASCII. Raises Invalid: empty, over 30."""
    cleaned = digits.latin(clean(text))
    if not cleaned:
        raise Invalid("value.empty")
    if len(cleaned) > CODE_MOST:
        raise Invalid("value.code-long", most=CODE_MOST, over=len(cleaned) - CODE_MOST)
    return cleaned
