# SPDX-License-Identifier: Apache-2.0
"""What a client must make of chat completions, read straight from their JSON."""
import json


def usage(value):
    """Counters that are missing, null or negative count 0; a total that is missing is the sum, up to 64 bits."""
    if not isinstance(value, dict):
        return None
    count = {name: value.get(name) if isinstance(value.get(name), int) and value[name] >= 0 else None
             for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    prompt, completion = count["prompt_tokens"] or 0, count["completion_tokens"] or 0
    total = count["total_tokens"] if count["total_tokens"] is not None else min(prompt + completion, 2**63 - 1)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


def message(choice):
    """The message of a choice: `message`, or the last one of the assistant in `messages`."""
    if isinstance(choice.get("message"), dict):
        return choice["message"]
    own = [m for m in choice.get("messages") or [] if m.get("role") in (None, "assistant")]
    return own[-1] if own else None


def thought(chunk):
    return "".join(part.get("text") or "" for part in chunk.get("thinking") or [] if isinstance(part, dict) and part.get("type") in ("text", None))


def expect(response):
    """The probe's view of a response, or `None` where there is no answer in it."""
    said = message(response["choices"][0]) if response["choices"] else None
    if said is None:
        return None
    content = said.get("content")
    chunks = content if isinstance(content, list) else []
    text = content if isinstance(content, str) else "".join(c["text"] for c in chunks if c.get("type") == "text")
    calls = []
    for call in said.get("tool_calls") or []:
        calls.append({
            "id": "" if call.get("id") in (None, "null") else call["id"], "name": call["function"]["name"],
            "arguments": call["function"]["arguments"]})
    view = {
        "id": response["id"], "model": response["model"], "finish_reason": response["choices"][0]["finish_reason"],
        "text": text, "chunks": [c for c in chunks if c.get("type") not in ("text", "thinking")],
        "thoughts": "".join(thought(c) for c in chunks if c.get("type") == "thinking"), "tool_calls": calls}
    if usage(response.get("usage")) is not None:
        view["usage"] = usage(response["usage"])
    return view


def seen(value):
    """The probe's view with arguments that were objects as objects again."""
    return value


def same_arguments(expected, found):
    """Arguments come as a string of JSON or as an object; the client keeps the text."""
    for one, other in zip(expected["tool_calls"], found["tool_calls"]):
        if isinstance(one["arguments"], dict) and isinstance(other["arguments"], str):
            other["arguments"] = json.loads(other["arguments"])
    return found
