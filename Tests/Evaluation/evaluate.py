#!/usr/bin/env python3
# Drives the form of form.py through the cases against a running engine and counts what was right.
# usage: evaluate.py SOCKET CASES.jsonl [--only KIND,KIND] [--id ID,ID] [--verbose] [--out RESULTS.jsonl]
import argparse
import collections
import http.client
import json
import os
import re
import socket
import time

import form

MAX_TURNS = 7


class Engine:
    def __init__(self, path):
        self.path = path
        # The engine ends when nobody holds a lease; an evaluation may take longer than it waits.
        self.lease = socket.socket(socket.AF_UNIX)
        self.lease.connect(os.path.join(os.path.dirname(path), "lease.sock"))

    def post(self, body):
        """(content, finish_reason, usage, seconds to the first token, seconds in all)"""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.path)
        started = time.monotonic()
        connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(response.read().decode())
        content, reason, usage, first = "", None, {}, None
        for line in response:
            line = line.decode().strip()
            if not line.startswith("data: ") or line == "data: [DONE]":
                continue
            event = json.loads(line[6:])
            usage = event.get("usage") or usage
            for choice in event.get("choices", []):
                reason = choice.get("finish_reason") or reason
                piece = choice["delta"].get("content") or ""
                if piece and first is None:
                    first = time.monotonic() - started
                content += piece
        connection.close()
        return content, reason, usage, first or 0, time.monotonic() - started


# -- matching ---------------------------------------------------------------------------------------------------------

def same(expected, value):
    if isinstance(expected, dict) and len(expected) == 1 and next(iter(expected)).startswith("$"):
        keyword, operand = next(iter(expected.items()))
        if keyword == "$any":
            return True
        if keyword == "$contains":
            return operand.lower() in str(value).lower()
        if keyword == "$oneof":
            return any(same(option, value) for option in operand)
        if keyword == "$optional":
            return same(operand, value)
        raise ValueError(keyword)
    if isinstance(expected, dict):
        return isinstance(value, dict) and matches(expected, value)
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(same, expected, value))
    if isinstance(expected, str):
        return isinstance(value, str) and expected.strip().lower() == value.strip().lower().rstrip(".")
    return type(expected) in (int, float) and type(value) in (int, float) and expected == value or expected is value


def optional(matcher):
    return isinstance(matcher, dict) and "$optional" in matcher


def matches(expected, value):
    return (all(key in expected for key in value) and
            all(same(matcher, value[key]) if key in value else optional(matcher) for key, matcher in expected.items()))


def loosely(expected, value):
    """For the result table: the keys that are named must match."""
    return all(key in value and same(matcher, value[key]) for key, matcher in expected.items())


def normal(text):
    return re.sub(r"(?<=\d),(?=\d{3})", "", str(text)).lower()


def contains(text, wanted):
    text = normal(text)
    return all(any(option.lower() in text for option in (item if isinstance(item, list) else [item])) for item in wanted)


def valid(schema, value):
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}
    kind = schema.get("type")
    if kind and (not isinstance(value, kinds[kind]) or (kind in ("integer", "number") and isinstance(value, bool))):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if kind == "object":
        fields = schema.get("properties", {})
        return (all(key in value for key in schema.get("required", [])) and
                all(key in fields and valid(fields[key], child) for key, child in value.items()))
    if kind == "array":
        return all(valid(schema.get("items", {}), child) for child in value)
    return True


# -- one case ---------------------------------------------------------------------------------------------------------

def result_of(case, call):
    for row in case.get("results", []):
        if row["tool"] == call["name"] and loosely(row["arguments"], call["arguments"]):
            return row["result"]
    return {"$error": "no result for these arguments"}


def run(engine, case, tools):
    messages = ([{"role": "system", "content": case["instructions"]}] if case.get("instructions") else []) + list(case["messages"])
    record = {"id": case["id"], "kind": case["kind"], "calls": [], "turns": [], "answer": None, "valid": True, "repeats": 0}
    schemas = {tool["function"]["name"]: tool["function"]["parameters"] for tool in tools}
    names = [tool["function"]["name"] for tool in tools]
    without = []
    for turn in range(MAX_TURNS):
        body = form.request(messages, tools, without=names if turn == MAX_TURNS - 1 else without)
        content, reason, usage, first, total = engine.post(body)
        record["turns"].append({"content": content, "first": round(first, 2), "total": round(total, 2), "prompt": usage.get("prompt_tokens"),
                                "cached": (usage.get("prompt_tokens_details") or {}).get("cached_tokens"), "completion": usage.get("completion_tokens")})
        decoder = form.Decoder(form.answer_name_for(tools))
        streamed = "".join(decoder.feed(character) for character in content)
        try:
            reply = decoder.finish()
        except ValueError:
            record["valid"] = False
            record["answer"] = "(cut off) " + content
            break
        if "text" in reply:
            assert streamed == reply["text"], (streamed, reply)
            record["answer"] = reply["text"]
            break
        calls = form.new_calls(messages, reply["calls"])
        if not calls:
            record["repeats"] += 1
            without = without + [call["name"] for call in reply["calls"]]
            continue
        without = []
        message = {"role": "assistant", "content": "", "tool_calls": []}
        results = []
        for number, call in enumerate(calls):
            record["valid"] &= valid(schemas[call["name"]], call["arguments"])
            record["calls"].append(call)
            identifier = "c%d%d" % (turn, number)
            message["tool_calls"].append({"id": identifier, "type": "function", "function": {
                "name": call["name"], "arguments": form.compact(call["arguments"])}})
            result = result_of(case, call)
            entry = {"role": "tool", "tool_call_id": identifier, "name": call["name"]}
            if isinstance(result, dict) and "$error" in result:
                entry.update(content=result["$error"], is_error=True)
            else:
                entry["content"] = result if isinstance(result, str) else form.compact(result)
            results.append(entry)
        messages += [message] + results
        if "results" not in case:
            break
    judge(case, record)
    return record


def judge(case, record):
    wanted, calls = list(case["expect"].get("calls", [])), list(record["calls"])
    record["tools_right"] = collections.Counter(c["tool"] for c in wanted) == collections.Counter(c["name"] for c in calls)
    left = []
    for call in calls:
        found = next((w for w in wanted if w["tool"] == call["name"] and matches(w["arguments"], call["arguments"])), None)
        if found:
            wanted.remove(found)
        elif call["name"] not in case.get("allow_more", []):
            left.append(call)
    record["calls_right"] = len(wanted) <= case.get("allow_fewer", 0) and not left
    if case.get("allow_more") or case.get("allow_fewer"):
        record["tools_right"] = record["tools_right"] or record["calls_right"]
    record["answer_right"] = "answer" not in case["expect"] or contains(record["answer"] or "", case["expect"]["answer"])
    record["answer_right"] &= not any(normal(word) in normal(record["answer"] or "") for word in case["expect"].get("answer_not", []))
    # a run with results must also come to an end by itself with an answer
    record["ended"] = ("results" not in case and bool(calls)) or (record["answer"] or "").strip() != ""
    record["right"] = record["calls_right"] and record["answer_right"] and record["ended"] and record["valid"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("cases")
    parser.add_argument("--only", default="")
    parser.add_argument("--id", default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--out")
    options = parser.parse_args()
    with open(re.sub(r"\.jsonl$", "-tools.json", options.cases)) as file:
        toolsets = json.load(file)
    with open(options.cases) as file:
        cases = [json.loads(line) for line in file if line.strip()]
    cases = [case for case in cases if (not options.only or case["kind"] in options.only.split(","))
             and (not options.id or case["id"] in options.id.split(","))]
    cases.sort(key=lambda case: case["toolset"])  # neighbours share their prompt's beginning
    engine, records = Engine(options.socket), []
    out = open(options.out, "w") if options.out else None
    for case in cases:
        record = run(engine, case, toolsets[case["toolset"]])
        records.append(record)
        if out:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            out.flush()
        if options.verbose or not record["right"]:
            print(("ok   " if record["right"] else "FAIL ") + record["id"], case["kind"], "|", case["messages"][-1]["content"][:90])
            print("     ", " ".join("%s%s" % (c["name"], form.compact(c["arguments"])) for c in record["calls"])[:600], "=>",
                  repr(record["answer"])[:260], "repeats" if record["repeats"] else "", flush=True)
    report(records)


def report(records):
    def line(name, group, field):
        group = list(group)
        if group:
            print("%-28s %d/%d" % (name, sum(bool(r[field]) for r in group), len(group)))
    kinds = lambda *names: [r for r in records if r["kind"] in names]
    line("right tool", kinds("single", "parallel"), "tools_right")
    line("right arguments", kinds("single", "parallel"), "calls_right")
    line("right silence", kinds("silence"), "calls_right")
    line("silence, right answer", kinds("silence"), "right")
    line("single, right to the end", kinds("single"), "right")
    line("parallel, right to the end", kinds("parallel"), "right")
    line("multi-step, right to the end", kinds("chain"), "right")
    line("schema-valid", records, "valid")
    line("right in all", records, "right")
    print("repeats caught: %d" % sum(r["repeats"] for r in records))
    for name, turns in (("turn 1", [r["turns"][0] for r in records if r["turns"]]), ("turn 2", [r["turns"][1] for r in records if len(r["turns"]) > 1])):
        if turns:
            first = sorted(t["first"] for t in turns)
            print("%s: seconds to first token median %.2f max %.2f; tokens prompt %.0f cached %.0f completion %.0f (means)" % (
                name, first[len(first) // 2], first[-1], *(sum(t[k] or 0 for t in turns) / len(turns) for k in ("prompt", "cached", "completion"))))


if __name__ == "__main__":
    main()
