# SPDX-License-Identifier: Apache-2.0
"""Calls with many combinations of options, as Lua makes them."""
import copy

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    "required": ["name"],
    "additionalProperties": False,
}
TEXTS = ["Hello", "Où est le fromage ? 🧀", "line\nbreak\t\"quoted\" \\ back", "x" * 2000, " "]
MEDIA = {
    "text": {"type": "text", "text": "Look:"},
    "image": {"type": "image_url", "image_url": "https://example.test/a.png"},
    "image object": {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "high"}},
    "document": {"type": "document_url", "document_url": "https://example.test/a.pdf", "document_name": "a"},
    "file": {"type": "file", "file_id": "7d1b3e0c-7d2c-4f4c-9d67-1d1d2f4c2b10"},
    "audio": {"type": "input_audio", "input_audio": "aGVsbG8="},
}


def options(rng, makers):
    """Some of the options; the first draws take none and all of them."""
    share = rng.choice([0, 0.2, 0.5, 1])
    return {name: copy.deepcopy(make()) for name, make in makers.items() if rng.random() <= share and share > 0}


def text(rng):
    return rng.choice(TEXTS)


def messages(rng):
    """A conversation of any allowed shape: system, chunks, tool calls with results, a prefix at the end."""
    made = []
    if rng.random() < 0.5:
        made.append({"role": "system", "content": rng.choice(["Be brief.", [{"type": "text", "text": "Be brief."}]])})
    content = rng.choice([text(rng), [{"type": "text", "text": text(rng)}] + [MEDIA[rng.choice(list(MEDIA))]]])
    made.append({"role": "user", "content": content})
    shape = rng.choice(["plain", "answered", "tools", "prefix"])
    if shape == "answered":
        made += [{"role": "assistant", "content": text(rng)}, {"role": "user", "content": "And?"}]
    if shape == "tools":
        calls = [{"id": call, "type": "function", "function": {"name": "clock", "arguments": rng.choice(["{}", '{"utc":true}'])}}
                 for call in rng.choice([["D681PevKs"], ["D681PevKs", "call_of_another_provider"]])]
        made.append({"role": "assistant", "content": rng.choice(["", "Let me see."]), "tool_calls": calls})
        made += [{"role": "tool", "tool_call_id": call["id"], "name": "clock", "content": "12:00"} for call in calls]
    if shape == "prefix":
        made.append({"role": "assistant", "content": "It is ", "prefix": True})
    return made


def chat(rng):
    picked = options(rng, {
        "instructions": lambda: text(rng),
        "temperature": lambda: rng.choice([0, 0.0, 0.7, 1, 1.5]),
        "top_p": lambda: rng.choice([0.1, 1, 1.0]),
        "max_tokens": lambda: rng.choice([1, 256, 2**31]),
        "stop": lambda: rng.choice(["\n", ["a", "b"], ["end"]]),
        "random_seed": lambda: rng.choice([0, 42, 2**53 + 1]),
        "presence_penalty": lambda: rng.choice([-2, 0, 0.5, 2]),
        "frequency_penalty": lambda: rng.choice([-2.0, 0, 1.25, 2]),
        "prompt_mode": lambda: "reasoning",
        "reasoning_effort": lambda: rng.choice(["none", "minimal", "low", "medium", "high", "xhigh"]),
        "safe_prompt": lambda: rng.choice([True, False]),
        "metadata": lambda: {"user": "u-1", "nested": {"a": [1, 1.5, True]}},
        "n": lambda: 1,
        "prediction": lambda: {"type": "content", "content": "expected"},
        "prompt_cache_key": lambda: "key",
        "service_tier": lambda: rng.choice(["auto", "standard_only"]),
        "min_tokens": lambda: 1,
        "top_k": lambda: 40,
        "repetition_penalty": lambda: 1.1,
    })
    form = rng.choice([None, None, "json", "schema", "tools"])
    if form == "json":
        picked["response_format"] = "json_object"
    if form == "schema":
        picked["output"] = SCHEMA
    if form == "tools":
        picked["tools"] = rng.choice([["calculator"], ["calculator", "clock"]])
        picked["tool_choice"] = rng.choice(["auto", "none", "any", "required", {"name": "calculator"}])
        picked["parallel_tool_calls"] = rng.choice([True, False])
    picked["model"] = rng.choice(["mistral-small-latest", "mistral:a-model-of-2031", "magistral-medium-latest"])
    picked["limits"] = {"turns": 1, "repairs": 0}
    return {"call": "ask", "arguments": [rng.choice([text(rng), messages(rng)]), picked]}


def embed(rng, count=None):
    picked = options(rng, {
        "output_dimension": lambda: rng.choice([1, 256, 3072]),
        "output_dtype": lambda: rng.choice(["float", "int8", "uint8", "binary", "ubinary"]),
        "encoding_format": lambda: rng.choice(["float", "base64"]),
        "metadata": lambda: {"user": "u-1"},
    })
    picked["model"] = rng.choice(["mistral-embed", "codestral-embed"])
    count = rng.choice([1, 2, 7]) if count is None else count
    return {"call": "embed", "view": "embed", "arguments": [[text(rng) + str(i) for i in range(count)], picked]}


def ocr(rng, local=None):
    picked = options(rng, {
        "pages": lambda: rng.choice([[0], [0, 1, 4], "0-2,4"]),
        "include_image_base64": lambda: rng.choice([True, False]),
        "image_limit": lambda: rng.choice([1, 8]),
        "image_min_size": lambda: rng.choice([1, 64]),
        "bbox_annotation": lambda: SCHEMA,
        "document_annotation": lambda: SCHEMA,
        "table_format": lambda: rng.choice(["markdown", "html"]),
        "extract_header": lambda: rng.choice([True, False]),
        "extract_footer": lambda: rng.choice([True, False]),
        "include_blocks": lambda: rng.choice([True, False]),
        "confidence_scores_granularity": lambda: rng.choice(["word", "page", "block"]),
    })
    if "document_annotation" in picked and rng.random() < 0.5:
        picked["document_annotation_prompt"] = text(rng)
    picked["model"] = "mistral-ocr-latest"
    sources = ["https://example.test/a.pdf", "https://example.test/a.png", "data:application/pdf;base64,JVBERi0=",
               "data:image/png;base64,iVBORw0KGgo="] + list(local or [])
    return {"call": "ocr", "arguments": [rng.choice(sources), picked]}


def transcribe(rng, local=None):
    picked = options(rng, {
        "temperature": lambda: rng.choice([0, 0.5, 1]),
        "diarize": lambda: rng.choice([True, False]),
        "context_bias": lambda: rng.choice([["Comté"], ["Chicago", "farewell"]]),
    })
    if rng.random() < 0.5:
        picked["language"] = rng.choice(["en", "fr"])
    elif rng.random() < 0.5:
        picked["timestamp_granularities"] = rng.choice([["segment"], ["word"], ["segment", "word"]])
    picked["model"] = "voxtral-mini-latest"
    return {"call": "transcribe", "arguments": [rng.choice(["https://example.test/a.mp3?x=1&y=é"] + list(local or [])), picked]}


def moderate_texts(rng, count=None):
    count = rng.choice([1, 2, 5]) if count is None else count
    return {"call": "moderate", "view": "moderate", "arguments": [[text(rng) for _ in range(count)], {"model": "mistral-moderation-latest"}]}


def conversation(rng):
    made = [{"role": "user", "content": text(rng)}]
    for _ in range(rng.choice([0, 1, 2])):
        made += [{"role": "assistant", "content": text(rng)}, {"role": "user", "content": text(rng)}]
    if rng.random() < 0.3:
        made.append({"role": "assistant", "content": text(rng)})
    return made


def moderate_chat(rng, count=None):
    if count is None and rng.random() < 0.5:
        return {"call": "moderate", "view": "moderate", "arguments": [conversation(rng), {"model": "mistral-moderation-latest"}]}
    count = rng.choice([1, 2, 3]) if count is None else count
    return {"call": "moderate", "view": "moderate", "arguments": [[conversation(rng) for _ in range(count)], {"model": "mistral-moderation-latest"}]}


def completion_arguments(rng):
    return options(rng, {
        "temperature": lambda: rng.choice([0, 0.5, 1]), "top_p": lambda: 1, "max_tokens": lambda: 64, "stop": lambda: rng.choice(["a", ["a", "b"]]),
        "random_seed": lambda: 1, "presence_penalty": lambda: -2, "frequency_penalty": lambda: 2.0,
        "tool_choice": lambda: rng.choice(["auto", "none", "any", "required"]), "reasoning_effort": lambda: "high",
        "response_format": lambda: {"type": "json_object"},
        "prediction": lambda: {"type": "content", "content": "a"}})


def inputs(rng):
    return rng.choice([
        text(rng),
        [{"type": "message.input", "role": "user", "content": text(rng)}],
        [{"type": "function.result", "tool_call_id": "D681PevKs", "result": "{}"}]])


TOOLS = [{"type": "web_search"}, {"type": "code_interpreter"}, {"type": "function", "function": {"name": "f", "parameters": {}}}]


def conversation_fields(rng, start):
    fields = {"inputs": inputs(rng)} | options(rng, {"completion_args": lambda: completion_arguments(rng), "store": lambda: True, "handoff_execution": lambda: rng.choice(["client", "server"])})
    if start:
        fields |= rng.choice([{"model": "mistral-small-latest"}, {"agent_id": "ag_1"}])
        fields |= options(rng, {"instructions": lambda: text(rng), "tools": lambda: TOOLS, "name": lambda: "n", "description": lambda: "d", "metadata": lambda: {"a": 1}})
    return fields


def agent_fields(rng):
    return {"model": "mistral-small-latest", "name": "Ada"} | options(rng, {
        "instructions": lambda: text(rng), "tools": lambda: TOOLS, "completion_args": lambda: completion_arguments(rng),
        "description": lambda: "d", "handoffs": lambda: ["ag_2"], "metadata": lambda: {"a": 1}})
