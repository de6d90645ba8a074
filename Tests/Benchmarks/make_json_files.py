#!/usr/bin/env python3
# Writes the JSON files of scripts/bench-json into a folder: the three that every benchmark of JSON uses, and three that
# are made here from a fixed seed.
# usage: make_json_files.py CACHE FOLDER
import json
import pathlib
import random
import shutil
import sys

CACHE, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
WORDS = ("the weather in Oslo is cold and clear while rain comes from the west over mountains fjords small towns "
         "naïve café “quoted” Ærø 東京 answer model tool result number list of things that people ask about").split()


def prose(random, words):
    return " ".join(random.choice(WORDS) for _ in range(words)).capitalize() + ".\n"


def tool_call(random, name, arguments):
    return {"id": "%09x" % random.getrandbits(36), "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)}}


def chat(random):
    """A chat completion with two tool calls, about 2 KB as a server sends it."""
    message = {
        "role": "assistant", "content": prose(random, 110),
        "tool_calls": [
            tool_call(random, "get_weather", {"city": "Oslo", "unit": "celsius", "days": 3}),
            tool_call(random, "search", {"query": "trains from \"Oslo\" to Bergen", "limit": 10, "filters": ["direct"]})]}
    return {
        "id": "cmpl-%032x" % random.getrandbits(128), "object": "chat.completion", "created": 1_764_000_000,
        "model": "mistral-small-latest", "choices": [
            {"index": 0, "message": message, "finish_reason": "tool_calls", "logprobs": None}],
        "usage": {"prompt_tokens": 412, "completion_tokens": 97, "total_tokens": 509}}


def numbers(random):
    """16,000 numbers: doubles of 17 digits and integers."""
    return [
        [random.uniform(-1e6, 1e6), random.gauss(0, 1) * 10 ** random.randint(-12, 12), random.randint(-10**6, 10**9)]
        for _ in range(5_333)]


def answer(random):
    """A structured answer of about 20 KB, as it streams."""
    return {"items": [
        {"title": prose(random, 5), "text": prose(random, 40), "score": random.random(), "rank": index,
         "tags": random.sample(WORDS, 3), "source": {"url": "https://example.org/%d?q=a%%20b" % index, "ok": True}}
        for index in range(48)]}


OUT.mkdir(parents=True, exist_ok=True)
for name in ("twitter", "citm_catalog", "canada"):
    shutil.copyfile(CACHE / "json-files" / (name + ".json"), OUT / (name + ".json"))
for name, make, indent in (("chat", chat, 2), ("numbers", numbers, None), ("answer", answer, None)):
    text = json.dumps(make(random.Random(name)), ensure_ascii=False, indent=indent)
    (OUT / (name + ".json")).write_text(text, encoding="utf-8")
