#!/usr/bin/env python3
# Writes golden/*.json: inputs and the exact requests form.py makes of them, and streams with what the decoder makes of them.
# Run it only after a deliberate change of the form; the translation must produce the same bytes (compact JSON, this key order).
import json
import os

import form

HERE = os.path.dirname(os.path.abspath(__file__))


def tool(name, description, properties, required):
    return {"type": "function", "function": {"name": name, "description": description, "parameters": {
        "type": "object", "properties": properties, "required": required, "additionalProperties": False}}}


WEATHER = tool("get_weather", "Get the current weather for a city.",
               {"city": {"type": "string", "description": "City name, e.g. Oslo"}, "unit": {"enum": ["celsius", "fahrenheit"], "default": "celsius"}}, ["city"])
ORDER = tool("place_order", "Order\nproducts.",
             {"items": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {
                 "sku": {"type": "string", "pattern": "^[A-Z]", "description": "Stock number."}, "quantity": {"type": ["integer", "null"]}}, "required": ["sku"]}},
              "note": {}, "ref": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}, ["items"])
TREE = tool("save_tree", "Save a tree.", {"root": {"$ref": "#/$defs/node"}}, ["root"])
TREE["function"]["parameters"]["$defs"] = {"node": {"type": "object", "properties": {
    "name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "required": ["name"]}}
NO_ARGUMENTS = {"type": "function", "function": {"name": "answer", "description": "", "parameters": {"type": "object", "properties": {}}}}
COLD = {"type": "json_schema", "json_schema": {"name": "cold", "strict": True, "schema": {
    "type": "object", "properties": {"city": {"type": "string"}, "cold": {"type": "boolean"}}, "required": ["city", "cold"], "additionalProperties": False}}}


def user(text):
    return {"role": "user", "content": text}


def call(identifier, name, arguments):
    return {"id": identifier, "type": "function", "function": {"name": name, "arguments": arguments}}


ASK = [{"role": "system", "content": "You answer questions about the weather."}, user("Is it colder in Oslo than in Cairo?")]
LOOP = ASK + [
    {"role": "assistant", "content": "", "tool_calls": [call("a", "get_weather", "{\"city\": \"Oslo\"}"),
                                                       call("b", "get_weather", "{\"city\": \"Cairo\", \"unit\": \"celsius\"}")]},
    {"role": "tool", "tool_call_id": "a", "name": "get_weather", "content": "{\"celsius\":-4}"},
    {"role": "tool", "tool_call_id": "b", "name": "get_weather", "content": "{\"celsius\":29}"}]
FAILED = LOOP[:3] + [dict(LOOP[3], content="no such city", is_error=True), LOOP[4]]
ANSWERED = LOOP + [{"role": "assistant", "content": "Yes, \"colder\" by 33°."}, user("Thanks!")]

CASES = {
    "plain": dict(messages=[user("Hello")]),
    "plain-instructions": dict(messages=ASK, options={"max_tokens": 50, "temperature": 0.7}),
    "plain-output": dict(messages=ASK, response_format=COLD),
    "plain-json-object": dict(messages=ASK, response_format={"type": "json_object"}),
    "auto": dict(messages=ASK, tools=[WEATHER]),
    "auto-two-tools": dict(messages=[user("Order 2 of A-1 für Zoë")], tools=[WEATHER, ORDER]),
    "auto-references": dict(messages=[user("Save it")], tools=[TREE]),
    "auto-tool-named-answer": dict(messages=[user("Hi")], tools=[NO_ARGUMENTS]),
    "any": dict(messages=ASK, tools=[WEATHER, ORDER], tool_choice="any"),
    "named": dict(messages=ASK, tools=[WEATHER, ORDER], tool_choice={"type": "function", "function": {"name": "place_order"}}),
    "none-with-results": dict(messages=LOOP, tools=[WEATHER], tool_choice="none"),
    "results": dict(messages=LOOP, tools=[WEATHER]),
    "results-error": dict(messages=FAILED, tools=[WEATHER]),
    "results-output": dict(messages=LOOP, tools=[WEATHER], response_format=COLD),
    "results-without": dict(messages=LOOP, tools=[WEATHER, ORDER], without=["get_weather"]),
    "results-answer-only": dict(messages=LOOP, tools=[WEATHER], without=["get_weather"]),
    "next-question": dict(messages=ANSWERED, tools=[WEATHER]),
    "parts": dict(messages=[user([{"type": "text", "text": "Is it "}, {"type": "text", "text": "cold?"}])], tools=[WEATHER]),
}
STREAMS = [
    "[{\"tool\":\"answer\",\"arguments\":{\"text\":\"Yes, it is.\"}}]",
    "[\n  { \"tool\" : \"answer\", \"arguments\": { \"text\": \"a\\n\\\"b\\\" \\u00e9 \\ud83d\\ude00 \\\\ /\" } } ]",
    "[{\"tool\":\"get_weather\",\"arguments\":{\"city\":\"Oslo\"}},{\"tool\":\"get_weather\",\"arguments\":{\"city\":\"Oslo\"}},"
    "{\"tool\":\"get_weather\",\"arguments\":{\"city\":\"Cairo\"}}]",
    "[{\"tool\":\"answer\",\"arguments\":{\"value\":{\"city\":\"Oslo\",\"cold\":true}}}]",
    "[{\"tool\":\"answer\",\"arguments\":{\"text\":\"cut o",
]


def decoded(stream):
    decoder = form.Decoder()
    pieces = [decoder.feed(character) for character in stream]
    try:
        reply = decoder.finish()
    except ValueError:
        reply = None  # cut off: an error for the caller
    return {"stream": stream, "text": "".join(pieces), "reply": reply}


def write(name, value):
    with open(os.path.join(HERE, "golden", name + ".json"), "w") as file:
        file.write(form.compact(value) + "\n")


for name, case in CASES.items():
    write(name, {"input": case, "request": form.request(**case)})
write("decoder", [decoded(stream) for stream in STREAMS])
