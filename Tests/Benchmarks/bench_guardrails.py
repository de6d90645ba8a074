# SPDX-License-Identifier: Apache-2.0
"""The peer of scripts/bench-guardrails: Python's re with patterns for the kinds of pii and secrets, one pass each.

The patterns are the forms alone: no check digits, no ranges, no words around, so they find more than there is.
"""
import json
import pathlib
import re
import sys
import time

PERSONAL = [
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",
    r"\+\d[\d ()./-]{7,18}\d",
    r"\(?\b[2-9]\d\d\)?[-. ]\d{3}[-. ]\d{4}\b",
    r"\b0\d{1,4}[ /-]\d[\d -]{4,10}\d\b",
    r"\b(?:\d[ -]?){13,19}\b",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    r"\b(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4})+\b",
    r"\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b\d{11}\b",
    r"\b[XYZ\d]\d{7}-?[A-Z]\b",
    r"\b[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}\b",
    r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b",
    r"(?i:passport|reisepass|passeport|pasaporte|passaporto|paspoort)\W{0,3}(?:no|nr|number)?\W{0,3}[A-Z0-9]{7,9}\b",
    r"(?i:born|date of birth|dob|geboren|geburtsdatum|naissance|nacimiento)\W{0,3}(?:on|am|le)? ?\d[\d./-]{5,9}",
]
SECRETS = [
    r"\bA[KS]IA[A-Z2-7]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
    r"\bgithub_pat_\w{40,255}\b",
    r"\bglpat-[\w-]{20,}\b",
    r"\bxox[bpars]-[\w-]{24,}\b",
    r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b",
    r"\bAIza[\w-]{35}\b",
    r"\bsk-(?:proj-|ant-)?[\w-]{32,}\b",
    r"\b(?:hf|npm|gsk)_[A-Za-z0-9]{30,60}\b",
    r"\bpypi-[\w-]{50,}\b",
    r"\bSG\.[\w-]{16,64}\.[\w-]{16,64}\b",
    r"\b\d{8,10}:AA[\w-]{33}\b",
    r"\beyJ[\w-]+\.[\w-]+\.[\w-]+",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----",
    r"\w://[^\s:/@]+:[^\s/@]+@",
    r"(?i:password|passwd|pwd|api_?key|secret|token)[\"']?\s*[:=]\s*[\"']?[^\s\"']{8,128}",
    r"(?i:bearer|basic) [\w.~+/-]{16,}",
]


def make(path):
    """About 4 MB: the documentation with a labelled text after each paragraph, over and over."""
    root = pathlib.Path(__file__).resolve().parents[2]
    paragraphs = [p for f in sorted((root / "docs").glob("*.md")) for p in f.read_text().split("\n\n")]
    texts = []
    for name in ("personal", "secrets"):
        for line in (root / "Tests/GuardrailsTests/Resources" / f"{name}.jsonl").read_text().splitlines():
            parts = json.loads(line)["text"]
            texts.append("".join(p if isinstance(p, str) else "".join(*p.values()) for p in parts))
    mixed = [t for i, p in enumerate(paragraphs) for t in (p, texts[i % len(texts)])]
    once = "\n\n".join(mixed)
    pathlib.Path(path).write_text((once + "\n\n") * max(1, 4_000_000 // len(once.encode())))


def peer(paths):
    texts = [pathlib.Path(p).read_text(errors="replace") for p in paths]
    size = sum(len(t.encode()) for t in texts)
    for name, patterns in (("pii", PERSONAL), ("secrets", SECRETS)):
        for way, compiled in (("one pattern", [re.compile("|".join(patterns))]), ("one by one", [re.compile(p) for p in patterns])):
            least, finds = float("inf"), 0
            for _ in range(2):
                start = time.process_time()
                finds = sum(1 for p in compiled for t in texts for _ in p.finditer(t))
                least = min(least, time.process_time() - start)
            print(f"Python re, {way}, {name}\t{size / least / 1e6:.1f}\t{finds}")


if __name__ == "__main__":
    make(sys.argv[2]) if sys.argv[1] == "make" else peer(sys.argv[2:])
