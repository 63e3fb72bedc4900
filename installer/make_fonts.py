"""Make the bundled Chinese fonts: Noto Sans CJK SC, Regular and Bold, cut down to what the program writes.

Run once by hand when the character set changes (Debian: ``apt-get install fonts-noto-cjk``):

    .venv/bin/python installer/make_fonts.py [--source DIR]

The result, ``resources/fonts/CSDeskSansSC-*.otf``, is committed. The licence (SIL Open Font Licence 1.1) allows
a changed copy under the same licence; the family is renamed so that it never shadows an installed Noto.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "CSDesk Sans SC"
FACES = {"Regular": "NotoSansCJK-Regular.ttc", "Bold": "NotoSansCJK-Bold.ttc"}
SOURCE_FACE = "Noto Sans CJK SC"
DEFAULT_SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts"

PLAIN_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # Latin, Latin-1, Latin Extended-A
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),  # general punctuation, currency
    (0x2100, 0x214F),
    (0x2150, 0x218F),  # letter-like, fractions and Roman numerals
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),  # arrows, mathematics
    (0x2460, 0x24FF),
    (0x2500, 0x25FF),  # circled numbers, boxes and shapes
    (0x2600, 0x2612),
    (0x2713, 0x2717),  # stars, ticks
    (0x3000, 0x303F),
    (0x3040, 0x30FF),  # CJK punctuation, kana (nicknames use them)
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),  # vertical forms, full-width forms
)
KEPT_FEATURES = ["kern"]  # `locl` and `ccmp` would pull in 18,000 Japanese, Korean and Taiwanese variants


def gbk_characters() -> Iterator[int]:
    """Every character of GBK's two-byte area (21,003 hanzi and the symbols of GB 2312)."""
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                text = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
            yield from (ord(character) for character in text)


def wanted_characters() -> set[int]:
    plain = {code for first, last in PLAIN_RANGES for code in range(first, last + 1)}
    return plain | set(gbk_characters())


def open_face(collection: Path) -> TTFont:
    """The simplified-Chinese face of a Noto collection."""
    for font in TTCollection(collection).fonts:
        if font["name"].getDebugName(1).startswith(SOURCE_FACE):
            return font
    raise SystemExit(f"{collection}: no face named {SOURCE_FACE}")


def rename(font: TTFont, style: str) -> None:
    """Family, full and PostScript names of the cut-down font; copyright and licence entries stay."""
    table = font["name"]
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names = {1: FAMILY, 2: style, 3: f"{FAMILY} {style} subset", 4: f"{FAMILY} {style}", 6: postscript}
    kept = [record for record in table.names if record.nameID in {0, 5, 7, 11, 13, 14} and record.langID in {0, 0x409}]
    table.names = kept
    for identifier, text in names.items():
        table.setName(text, identifier, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = names[4], FAMILY


def make_face(source: Path, style: str) -> Path:
    """Write one face and return its path."""
    options = subset.Options()
    options.layout_features = KEPT_FEATURES
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    font = open_face(source / FACES[style])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted_characters())
    cutter.subset(font)
    rename(font, style)
    target = TARGET / f"{FAMILY.replace(' ', '')}-{style}.otf"
    font.save(target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=DEFAULT_SOURCE, help="folder with NotoSansCJK-*.ttc")
    arguments = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for style in FACES:
        path = make_face(arguments.source, style)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
