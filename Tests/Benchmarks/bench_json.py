#!/usr/bin/env python3
# Runs programs that each print lines "what<TAB>file<TAB>nanoseconds" for JSON files, in turn and several times over, and
# prints the medians side by side.
# usage: bench_json.py ROUNDS FOLDER COMMAND… [-- COMMAND…]…       the files are FOLDER/*.json
import collections
import pathlib
import statistics
import subprocess
import sys

ORDER = ["chat", "twitter", "citm_catalog", "canada", "numbers", "answer"]
TABLES = [
    ("Reading a text", ["parse-tape", "parse-value", "simdjson-parse", "yyjson-parse", "orjson-parse"]),
    ("Writing a text", ["write-tape", "write-value", "simdjson-write", "yyjson-write", "orjson-write"]),
    ("JSON text to a Lua table", ["lua-decode", "cjson-decode"]),
    ("Lua table to JSON text", ["lua-encode", "cjson-encode"]),
    ("A text in pieces of 4 bytes, all of them", ["incremental-4", "jiter-incremental-4"]),
]
OURS = {"parse-tape", "parse-value", "write-tape", "write-value", "lua-decode", "lua-encode", "incremental-4"}


def commands(words):
    current = []
    for word in words + ["--"]:
        if word == "--":
            if current:
                yield current
            current = []
        else:
            current.append(word)


def run(command, file, figures):
    result = subprocess.run([*command, str(file)], stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        print("%s ended with %d on %s" % (pathlib.Path(command[0]).name, result.returncode, file.name), file=sys.stderr)
        return
    for line in result.stdout.splitlines():
        what, name, nanoseconds = line.split("\t")[:3]
        figures[what, pathlib.Path(name).stem].append(float(nanoseconds))


def text(nanoseconds):
    if nanoseconds < 1e5:
        return "%8.2f us" % (nanoseconds / 1e3)
    return "%8.3f ms" % (nanoseconds / 1e6)


def table(title, whats, files, medians):
    present = [what for what in whats if any((what, file.stem) in medians for file in files)]
    if not present:
        return
    peers = [what for what in present if what not in OURS]
    print("\n%s\n%-14s %9s" % (title, "file", "bytes"), *("%20s" % what for what in present))
    for file in files:
        cells = [medians.get((what, file.stem)) for what in present]
        if any(cells):
            print("%-14s %9d" % (file.stem, file.stat().st_size), *("%20s" % (text(cell) if cell else "-") for cell in cells))
    for our in [what for what in present if what in OURS]:
        for peer in peers:
            ratios = {file.stem: medians[peer, file.stem] / medians[our, file.stem] for file in files
                      if (peer, file.stem) in medians and (our, file.stem) in medians}
            if ratios:
                worst = min(ratios, key=ratios.get)
                print("  %s against %s: %.2f times as fast (geometric mean), least %.2f (%s)" % (
                    our, peer, statistics.geometric_mean(ratios.values()), ratios[worst], worst))


def main():
    rounds, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    programs = list(commands(sys.argv[3:]))
    files = [folder / (name + ".json") for name in ORDER if (folder / (name + ".json")).exists()]
    figures = collections.defaultdict(list)
    for _ in range(rounds):
        for file in files:
            for program in programs:
                run(program, file, figures)
    medians = {key: statistics.median(values) for key, values in figures.items()}
    print("CPU time of the thread: in each run the least of the batches, of %d runs in turn the median" % rounds)
    for title, whats in TABLES:
        table(title, whats, files, medians)


main()
