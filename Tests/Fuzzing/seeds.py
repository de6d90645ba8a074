#!/usr/bin/env python3
# Writes what the fuzzers start from: the texts, schemas and instances of the official suites.
# usage: seeds.py CACHE FOLDER
import json
import pathlib
import sys

CACHE, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def put(target, index, content):
    (OUT / target).mkdir(parents=True, exist_ok=True)
    (OUT / target / ("seed-%05d" % index)).write_bytes(content)


def patterns(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            if key == "patternProperties" and isinstance(value, dict):
                yield from value
            yield from patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from patterns(value)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


for index, path in enumerate(sorted((CACHE / "json-parsing/test_parsing").iterdir())):
    if path.stat().st_size < 4096:
        put("json", index, path.read_bytes())
pairs, texts = {}, {}
index = 0
for path in sorted((CACHE / "json-schema/tests").glob("draft[4-9]*/**/*.json")) + sorted(
        (CACHE / "json-schema/tests").glob("draft20*/**/*.json")):
    for group in json.loads(path.read_text(encoding="utf-8")):
        instances = [test["data"] for test in group["tests"]]
        found = list(patterns(group["schema"]))
        for instance in instances:
            for string in strings(instance):
                for pattern in found:
                    pairs[pattern + "\0" + string] = None
                if path.parent.name == "format":
                    texts[string] = None
        text = json.dumps([group["schema"], *instances], ensure_ascii=False, separators=(",", ":"))
        if len(text) < 2000:
            put("schema", index, text.encode("utf-8", "surrogatepass"))
            index += 1
for index, text in enumerate(pairs):
    put("regex", index, text.encode("utf-8", "surrogatepass"))
for index, text in enumerate(texts):
    put("formats", index, text.encode("utf-8", "surrogatepass"))
