#!/usr/bin/env python3
# Measures the validation of each case's instances by our program, by jsonschema-rs and by Blaze, in turn and several
# times over, and prints the least of each, as nanoseconds for one pass over the instances.
#
# jsonschema-rs gets Python objects that are there already and a compiled validator; thread CPU time. Blaze's program
# prints the mean of its loop for each instance, by the wall clock and less the clock's own cost, which is why the least
# of several is taken. Formats are annotations everywhere. Compiling: jsonschema-rs from Python objects; Blaze's
# program, started for it, less the same program started for nothing.
#
# usage: bench_schema.py ROUNDS FOLDER OUR-PROGRAM
# Our program is called with the folders of cases and prints for each: name, nanoseconds for one pass over the instances,
# nanoseconds to compile, and the verdicts as 0 and 1, with tabs between them.
import json
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

import jsonschema_rs
import sourcemeta_jsonschema

ROUNDS, FOLDER, OURS = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
MACHINE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
BLAZE = str(pathlib.Path(sourcemeta_jsonschema.__file__).parent / ("jsonschema-%s-%s" % (sys.platform, MACHINE)))
LINE = re.compile(r"\[(\d+)\]: (PASS|FAIL) ([0-9.]+) \+- [0-9.]+ us")
BATCH = 20_000_000  # nanoseconds


class Case:
    """One schema with its instances, and the least figures so far."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
        lines = (folder / "instances.jsonl").read_text(encoding="utf-8").split("\n")
        self.instances = [json.loads(line) for line in lines if line]
        self.least, self.compile, self.verdicts, self.loops = {}, {}, {}, {}

    def keep(self, who, nanoseconds, compiling, verdicts):
        self.least[who] = min(self.least.get(who, nanoseconds), nanoseconds)
        self.compile[who] = min(self.compile.get(who, compiling), compiling)
        self.verdicts[who] = verdicts

    def rust(self):
        start = time.thread_time_ns()
        validator = jsonschema_rs.validator_for(self.schema, validate_formats=False)
        compiling = time.thread_time_ns() - start
        valid, instances = validator.is_valid, self.instances
        spent = 0
        loops = self.loops.get("rs", 1)
        while True:
            start = time.thread_time_ns()
            for _ in range(loops):
                for instance in instances:
                    valid(instance)
            spent = time.thread_time_ns() - start
            if spent >= BATCH:
                break
            loops *= 2
        self.loops["rs"] = loops
        verdicts = "".join("1" if valid(instance) else "0" for instance in instances)
        self.keep("jsonschema-rs", spent / loops, compiling, verdicts)

    def blaze(self, nothing):
        known = self.least.get("blaze")
        loops = 10 if known is None else max(10, min(100_000, int(BATCH / max(known, 1))))
        schema, instances = str(self.folder / "schema.json"), str(self.folder / "instances.jsonl")
        result = subprocess.run(
            [BLAZE, "validate", schema, instances, "--benchmark", "--loop", str(loops), "--fast", "--continue"],
            capture_output=True, text=True)
        found = {int(place): (verdict, float(mean)) for place, verdict, mean in LINE.findall(result.stdout + result.stderr)}
        if len(found) != len(self.instances):
            return
        verdicts = "".join("1" if found[place][0] == "PASS" else "0" for place in sorted(found))
        compiling = process([BLAZE, "compile", schema, "--fast", "--minify"]) - nothing
        best = self.least.setdefault("blaze-parts", {})
        for place, (_, mean) in found.items():
            best[place] = min(best.get(place, mean), mean)
        self.least["blaze"] = sum(best.values()) * 1000
        self.compile["blaze"] = min(self.compile.get("blaze", compiling), compiling)
        self.verdicts["blaze"] = verdicts

    def ours(self):
        result = subprocess.run([OURS, str(self.folder)], stdout=subprocess.PIPE, text=True)
        for line in result.stdout.splitlines():
            fields = line.split("\t")
            if fields[0] == self.name and len(fields) >= 4:
                self.keep("ours", float(fields[1]), float(fields[2]), fields[3])


def process(command):
    """CPU nanoseconds of a program with all its threads."""
    start = children()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return children() - start


def children():
    import resource
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e9


def text(nanoseconds):
    return "-" if nanoseconds is None else "%.0f" % nanoseconds


def ratios(cases, peer, figures):
    values = {}
    for case in cases:
        numbers = getattr(case, figures)
        if "ours" in numbers and numbers.get(peer, 0) > 0:
            values[case.name] = numbers[peer] / numbers["ours"]
    return values


def summary(title, cases, figures):
    for peer in ("jsonschema-rs", "blaze"):
        values = ratios(cases, peer, figures)
        if values:
            worst = min(values, key=values.get)
            print("%s: ours is %.2f times as fast as %s (geometric mean of %d cases), least %.2f (%s)" % (
                title, statistics.geometric_mean(values.values()), peer, len(values), values[worst], worst))


def main():
    names = sys.argv[4:]
    cases = [Case(folder) for folder in sorted(FOLDER.iterdir()) if not names or folder.name in names]
    nothing = min(process([BLAZE, "version"]) for _ in range(5))
    for _ in range(ROUNDS):
        for case in cases:
            case.ours()
            case.rust()
            case.blaze(nothing)
    peers = ("ours", "jsonschema-rs", "blaze")
    print("Validating all instances of a case once, ns, least of %d; compiling, µs\n" % ROUNDS)
    print("%-20s %5s" % ("case", "count"), *("%14s" % name for name in peers), "%11s" % "ours/best",
          *("%14s" % ("compile " + name[:6]) for name in peers), sep=" ")
    best = {}
    for case in cases:
        times = [case.least.get(name) for name in peers]
        rivals = [time for time in times[1:] if time]
        if times[0] and rivals:
            best[case.name] = min(rivals) / times[0]
        compiling = [case.compile.get(name) for name in peers]
        print("%-20s %5d" % (case.name, len(case.instances)), *("%14s" % text(time) for time in times),
              "%11s" % ("%.2f" % best[case.name] if case.name in best else "-"),
              *("%14s" % text(value and value / 1000) for value in compiling), sep=" ")
    print()
    summary("validating", cases, "least")
    if best:
        worst = min(best, key=best.get)
        print("validating: against the better of the two %.2f times as fast (geometric mean), least %.2f (%s); faster in %d of %d" % (
            statistics.geometric_mean(best.values()), best[worst], worst, sum(value > 1 for value in best.values()), len(best)))
    summary("compiling", cases, "compile")
    disagreeing = [case for case in cases if len(set(case.verdicts.values())) > 1]
    for case in disagreeing:
        print("verdicts differ: %s: %s" % (case.name, case.verdicts))
    if not disagreeing:
        print("verdicts: all agree")


main()
