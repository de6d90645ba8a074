#!/usr/bin/env python3
# Asks the embedded model the prompts of cases/structured.jsonl through the `agent` command, each with its schema, and counts:
# valid at the first try, valid after the repair, reported as failed (exit 4). Whatever the command calls valid is checked again
# by another validator, the package `jsonschema`; a disagreement is a lie and ends the run with 1.
#   structured.py AGENT [--model NAME]
import json
import os
import subprocess
import sys
import time

import jsonschema


def ask(agent, case, model):
    started = time.time()
    done = subprocess.run([agent, "ask", "-q", "--json", "--model", model, "--schema", json.dumps(case["schema"]), "--",
                           case["prompt"]], capture_output=True, text=True)
    return done, time.time() - started


def verdict(case, done):
    if done.returncode != 0:
        return "failed" if done.returncode == 4 and not done.stdout.strip() else "broken (exit %d)" % done.returncode
    reply = json.loads(done.stdout)
    jsonschema.Draft202012Validator(case["schema"]).validate(reply["output"])
    return "first" if reply["turns"] == 1 else "repaired"


def main():
    agent = sys.argv[1]
    model = sys.argv[sys.argv.index("--model") + 1] if "--model" in sys.argv else "local"
    cases = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases", "structured.jsonl")
    counts = {}
    for line in open(cases):
        case = json.loads(line)
        done, seconds = ask(agent, case, model)
        try:
            word = verdict(case, done)
        except jsonschema.ValidationError as error:
            word = "LIE: " + error.message
        counts[word.split(":")[0]] = counts.get(word.split(":")[0], 0) + 1
        said = done.stderr.strip().splitlines()[-1:] if done.returncode else []
        print("%s %5.1f s  %s %s" % (case["id"], seconds, word, " ".join(said)), flush=True)
    print(json.dumps(counts))
    return 1 if any(word.startswith(("LIE", "broken")) for word in counts) else 0


sys.exit(main())
