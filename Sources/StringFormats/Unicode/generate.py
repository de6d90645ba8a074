#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes IDNATables+Data.swift beside this file.

Needs `pip install idna unicodedata2`, both of the same version of Unicode: the first has the scripts, the joining types
and the code points that RFC 5892 allows, the second the bidirectional classes and the decompositions.
"""

import pathlib

import unicodedata2
from idna import idnadata

BIDI = {"L": 0, "R": 1, "AL": 2, "EN": 3, "AN": 4, "NSM": 5, "ES": 6, "ON": 7, "BN": 7}
JOINING = {"U": 0, "L": 1, "R": 2, "D": 3, "T": 4, "C": 5}
SCRIPTS = {"Greek": 1, "Hebrew": 2, "Hiragana": 3, "Katakana": 4, "Han": 5}

HEAD = """// SPDX-License-Identifier: Apache-2.0

// Written by generate.py from the Unicode Character Database {version}; do not edit. The data are under the Unicode
// License v3, https://www.unicode.org/license.txt.

// swift-format-ignore-file
extension IDNATables {{
"""


def code_points(ranges):
    for packed in ranges:
        yield from range(packed >> 32, packed & 0xFFFFFFFF)


def by_code_point(table):
    return {code: name for name, ranges in table.items() for code in code_points(ranges)}


def property_runs(allowed):
    """Runs of equal properties; code points that no label may have go with the run before them."""
    joining, scripts = by_code_point(idnadata.joining_types), by_code_point(idnadata.scripts)
    runs, last = [0], 0
    for code in sorted(allowed):
        bidi = BIDI[unicodedata2.bidirectional(chr(code))]
        fields = bidi | JOINING[joining.get(code, "U")] << 3 | SCRIPTS.get(scripts.get(code), 0) << 6
        if fields != last:
            runs.append(code << 9 | fields)
            last = fields
    return runs


def compositions(allowed):
    pairs = []
    for code in allowed:
        assert unicodedata2.normalize("NFC", chr(code)) == chr(code)
        parts = unicodedata2.decomposition(chr(code)).split()
        if 0xAC00 <= code <= 0xD7A3 or not parts or parts[0].startswith("<"):
            continue
        first, second = (int(part, 16) for part in parts)
        assert {first, second} <= allowed
        pairs.append(second << 42 | first << 21 | code)
    return sorted(pairs)


def literal(name, kind, numbers):
    lines, line = [], "       "
    for number in numbers:
        item = f" {number:#x},"
        if len(line) + len(item) > 120:
            lines.append(line)
            line = "       "
        line += item
    return f"    static let {name}: [{kind}] = [\n" + "\n".join([*lines, line]) + "\n    ]\n"


def main():
    version = unicodedata2.unidata_version
    assert version == idnadata.__version__, "the two packages must be of the same version of Unicode"
    classes = idnadata.codepoint_classes
    allowed = {code for name in ("PVALID", "CONTEXTJ", "CONTEXTO") for code in code_points(classes[name])}
    text = HEAD.format(version=version)
    text += literal("propertyRuns", "UInt32", property_runs(allowed))
    text += "\n" + literal("compositions", "UInt64", compositions(allowed)) + "}\n"
    pathlib.Path(__file__).with_name("IDNATables+Data.swift").write_text(text)


main()
