#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `agent dataset check` with mistral-common, Mistral's own validator, in fine-tuning mode (tokenizer v3).

    pip install mistral-common==1.5.6      # the rules of the open-source trainer's time; newer ones: see NEWER
    Tests/Referee/dataset_referee.py path/to/agent [--lines N] [--seed N] [--trainer DIR]

Lines of conversations are made at random, valid ones and ones with one or more faults. The referee reads each line into
mistral-common's messages and lets its validator judge. What the validator does not see, because the trainer decides it
before (which keys a line may have), is judged only with --trainer, the folder of a checkout of mistral-finetune, whose
own reader is then asked. Each difference must have a reason below, or the script fails.
"""
import argparse
import collections
import json
import random
import subprocess
import sys
import tempfile

import mistral_common
from mistral_common.protocol.instruct import messages as M
from mistral_common.protocol.instruct import tool_calls as T
from mistral_common.protocol.instruct import validator as V

# Why we may differ: name, who refuses, and a test of the line and of the referee's words.
REASONS = [
    ("chunks: the trainer's tokenizer v3 reads strings; mistral-common's messages also take lists of chunks", "us",
     lambda line, why: any(isinstance(m.get("content"), list) for m in line["messages"])),
    ("weight: mistral-common reads \"1\" and true as numbers; the rule says 0 or 1", "us",
     lambda line, why: any(isinstance(m.get("weight"), (str, bool)) for m in line["messages"])),
    ("user after tool: allowed by mistral-common since 1.11.7, refused at the trainer's time and by the API", "us",
     lambda line, why: any(a["role"] == "tool" and b["role"] == "user" for a, b in pairs(line))),
]

ID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def pairs(line):
    turns = [m for m in line["messages"] if m.get("role") != "system"]
    return zip(turns, turns[1:])


# MARK: - Lines


def new_id(r):
    return "".join(r.choice(ID) for _ in range(9))


def call(r, id):
    return {"id": id, "type": "function", "function": {"name": r.choice(["f", "get_weather"]), "arguments": r.choice(['{"a":1}', "{}", "", "x"])}}


def conversation(r):
    """A valid line."""
    line = {"messages": []}
    if r.random() < 0.3:
        line["messages"].append({"role": "system", "content": "Be brief."})
    elif r.random() < 0.1:
        line["system_prompt"] = "Be brief."
    if r.random() < 0.3:
        schema = r.choice([{}, {"type": "object", "properties": {"a": {"type": "integer"}}}, {"items": [{}]}])
        line["tools"] = [{"type": "function", "function": {"name": n, "description": "d", "parameters": schema}} for n in ("f", "get_weather")]
    for turn in range(r.randint(1, 3)):
        for _ in range(r.choice([1, 1, 1, 2])):
            line["messages"].append({"role": "user", "content": r.choice(["hi", "", "ça va? 你好"])})
        if r.random() < 0.4:
            ids = [new_id(r) for _ in range(r.randint(1, 3))]
            line["messages"].append({"role": "assistant", "content": r.choice([None, ""]), "tool_calls": [call(r, i) for i in ids]})
            for i in ids:
                line["messages"].append({"role": "tool", "tool_call_id": i, "content": "1", **r.choice([{}, {"name": "f"}])})
        line["messages"].append({"role": "assistant", "content": "ho", **r.choice([{}, {}, {"weight": 0}, {"weight": 1}, {"weight": 1.0}, {"weight": None}])})
    if r.random() < 0.15:  # ends in a call
        id = r.choice([new_id(r), new_id(r), "null"])
        line["messages"].append({"role": "user", "content": "more"})
        line["messages"].append({"role": "assistant", "content": "", "tool_calls": [call(r, id)]})
    return line


def pick(r, line, role, key=None):
    found = [m for m in line["messages"] if m.get("role") == role and (key is None or m.get(key))]
    return r.choice(found) if found else None


def a_call(r, line):
    m = pick(r, line, "assistant", "tool_calls")
    return r.choice(m["tool_calls"]) if m else None


def set_call(r, line, name, value):
    c = a_call(r, line)
    if c is not None:
        c["function"][name] = value


def each(value):
    return lambda r, line, role, key: (lambda m: m is not None and m.__setitem__(key, value))(pick(r, line, role))


FAULTS = {
    "drop a message": lambda r, line: line["messages"].pop(r.randrange(len(line["messages"]))),
    "say a message twice": lambda r, line: line["messages"].insert(*(lambda i: (i, dict(line["messages"][i])))(r.randrange(len(line["messages"])))),
    "swap messages": lambda r, line: line["messages"].append(line["messages"].pop(r.randrange(len(line["messages"])))),
    "end with the user": lambda r, line: line["messages"].append({"role": "user", "content": "x"}),
    "begin with the assistant": lambda r, line: line["messages"].insert(0, {"role": "assistant", "content": "x"}),
    "user content null": lambda r, line: each(None)(r, line, "user", "content"),
    "user content number": lambda r, line: each(3)(r, line, "user", "content"),
    "user content chunks": lambda r, line: each([{"type": "text", "text": "a"}])(r, line, "user", "content"),
    "assistant empty": lambda r, line: each("")(r, line, "assistant", "content"),
    "assistant both": lambda r, line: (lambda m: m is not None and m.__setitem__("content", "both"))(pick(r, line, "assistant", "tool_calls")),
    "assistant null": lambda r, line: each(None)(r, line, "assistant", "content"),
    "weight 2": lambda r, line: each(2)(r, line, "assistant", "weight"),
    "weight half": lambda r, line: each(0.5)(r, line, "assistant", "weight"),
    "weight text": lambda r, line: each("1")(r, line, "assistant", "weight"),
    "weight true": lambda r, line: each(True)(r, line, "assistant", "weight"),
    "tool id short": lambda r, line: each("abc")(r, line, "tool", "tool_call_id"),
    "tool id odd": lambda r, line: each("abcdefgh-")(r, line, "tool", "tool_call_id"),
    "tool id other": lambda r, line: each(new_id(r))(r, line, "tool", "tool_call_id"),
    "tool id null": lambda r, line: each(None)(r, line, "tool", "tool_call_id"),
    "tool name odd": lambda r, line: each("a b")(r, line, "tool", "name"),
    "call id short": lambda r, line: (lambda c: c is not None and c.__setitem__("id", "abc"))(a_call(r, line)),
    "call id null": lambda r, line: (lambda c: c is not None and c.__setitem__("id", "null"))(a_call(r, line)),
    "call name odd": lambda r, line: set_call(r, line, "name", "a b"),
    "call name long": lambda r, line: set_call(r, line, "name", "a" * 65),
    "no calls": lambda r, line: (lambda m: m is not None and m.__setitem__("tool_calls", []))(pick(r, line, "assistant", "tool_calls")),
    "system late": lambda r, line: line["messages"].insert(r.randrange(len(line["messages"])), {"role": "system", "content": "s"}),
    "schema odd": lambda r, line: line.get("tools") and line["tools"][0]["function"].__setitem__("parameters", r.choice([{"type": "strange"}, {"required": "a"}, {"properties": []}, {"minLength": -1}, {"type": ["object", "object"]}])),
    "schema lost": lambda r, line: line.get("tools") and line["tools"][0]["function"].__setitem__("parameters", {"$ref": "#/definitions/lost"}),
    "function name odd": lambda r, line: line.get("tools") and line["tools"][0]["function"].__setitem__("name", "a.b"),
    "description number": lambda r, line: line.get("tools") and line["tools"][0]["function"].__setitem__("description", 7),
}

# Faults that the trainer sees before the validator does.
TRAINER_FAULTS = {
    "interactions": lambda r, line: line.__setitem__("interactions", line["messages"]),
    "text beside content": lambda r, line: each("t")(r, line, "user", "text"),
    "role unknown": lambda r, line: r.choice(line["messages"]).__setitem__("role", "human"),
    "no role": lambda r, line: r.choice(line["messages"]).pop("role"),
    "arguments object": lambda r, line: set_call(r, line, "arguments", {"a": 1}),
    "no tool_call_id": lambda r, line: (lambda m: m is not None and m.pop("tool_call_id"))(pick(r, line, "tool")),
    "two tool lists": lambda r, line: line.__setitem__("available_tools", []) or line.setdefault("tools", []),
    "parameters list": lambda r, line: line.get("tools") and line["tools"][0]["function"].__setitem__("parameters", []),
    "no description": lambda r, line: line.get("tools") and line["tools"][0]["function"].pop("description"),
    "system twice": lambda r, line: [line["messages"].insert(0, {"role": "system", "content": "s"}) for _ in "12"],
}


# MARK: - Verdicts


def message(m):
    role, content = m["role"], m.get("content")
    if role == "user":
        return M.UserMessage(content=content)
    if role == "tool":
        return M.ToolMessage(content=content, tool_call_id=m["tool_call_id"], name=m.get("name"))
    calls = m.get("tool_calls")
    if calls is not None:
        calls = [T.ToolCall(id=c["id"], function=T.FunctionCall(**c["function"])) for c in calls]
    return M.FinetuningAssistantMessage(content=content, tool_calls=calls, weight=m.get("weight"))


def judge(line):
    """What mistral-common says of a line: None, or why not. As the trainer does, system messages are taken out before."""
    try:
        systems = [m for m in line["messages"] if m["role"] == "system"]
        if len(systems) + (line.get("system_prompt") is not None) > 1:
            return "two system messages"
        for m in systems:
            M.SystemMessage(content=m.get("content"))
        judge = V.MistralRequestValidatorV3(V.ValidationMode.finetuning)
        judge.validate_messages([message(m) for m in line["messages"] if m["role"] != "system"])
        judge._validate_tools([T.Tool(function=T.Function(**t["function"])) for t in line.get("tools") or []])
    except Exception as error:  # pydantic's and mistral-common's own
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def trainer(folder):
    sys.path.insert(0, folder)
    from finetune.data import tokenize

    # The trainer calls with an argument that versions of mistral-common from 1.5 on no longer have.
    whole = V.MistralRequestValidator.validate_messages
    V.MistralRequestValidator.validate_messages = lambda self, messages, *_: whole(self, messages)

    def verdict(line):
        try:
            tokenize.build_instruct_sample(line)
        except Exception as error:
            return f"{type(error).__name__}: {str(error).splitlines()[0]}"

    return verdict


def ours(agent, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        run = subprocess.run([agent, "dataset", "check", "--json", "--limit", "10000000", file.name], capture_output=True, text=True)
    report = json.loads(run.stdout)
    verdicts = [None] * len(lines)
    for error in report["errors"]:
        if error["line"]:
            verdicts[error["line"] - 1] = f'{error["pointer"]}: {error["message"]}'
    return verdicts


def main():
    options = argparse.ArgumentParser()
    options.add_argument("agent")
    options.add_argument("--lines", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--trainer")
    options = options.parse_args()
    r = random.Random(options.seed)
    faults = dict(FAULTS, **(TRAINER_FAULTS if options.trainer else {}))
    lines, names = [], []
    for _ in range(options.lines):
        line, done = conversation(r), []
        for _ in range(r.choice([0, 1, 1, 1, 2])):
            name = r.choice(list(faults))
            try:
                faults[name](r, line)
                done.append(name)
            except (KeyError, IndexError):
                pass  # an earlier fault took away what this one spoils
        if line["messages"]:
            lines.append(json.loads(json.dumps(line)))
            names.append(done)
    verdict = trainer(options.trainer) if options.trainer else judge
    theirs = [verdict(json.loads(json.dumps(line))) for line in lines]
    mine = ours(options.agent, lines)
    reasons, unexplained = collections.Counter(), []
    for line, done, a, b in zip(lines, names, mine, theirs):
        if (a is None) == (b is None):
            continue
        who = "us" if a else "them"
        found = next((name for name, side, test in REASONS if side == who and test(line, b or "")), None)
        if found:
            reasons[found] += 1
        else:
            unexplained.append((done, a, b, line))
    print(f"mistral-common {mistral_common.__version__}{', the trainer' if options.trainer else ''}: {len(lines)} lines, "
          f"{sum(v is None for v in theirs)} valid by the referee, {sum(v is None for v in mine)} by us")
    for name, count in reasons.most_common():
        print(f"  {count} differ: {name}")
    for done, a, b, line in unexplained[:10]:
        print(f"  UNEXPLAINED {done}\n    us:   {a}\n    them: {b}\n    {json.dumps(line)}")
    print(f"{len(unexplained)} differences without a reason")
    sys.exit(1 if unexplained else 0)


main()
