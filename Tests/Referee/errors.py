# SPDX-License-Identifier: Apache-2.0
"""What a user sees of each error that the Mistral API is known to answer with: status, code, message and request id.

Every body holds the user's key, which must never be shown.

    python3 errors.py FOLDER_OF_THE_PROGRAMS [--markdown]
"""
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys

from driver import KEY, environment
from server import Reply, Server

HTML = "<!DOCTYPE html><html>\n<head><title>{title}</title></head><body><h1>{title}</h1>" + "<p>x</p>" * 500 + "</body></html>"


def envelope(status, code, kind, message):
    return {"object": "error", "message": message, "type": kind, "param": None, "code": code, "raw_status_code": status}


# status, body, and what the sentence must hold beside the status and the request id; then the exit code
ROWS = [
    ("400, unknown model", 400, envelope(400, "1500", "invalid_model", "Invalid model: nope"), ["code 1500", "Invalid model: nope"], 3),
    ("400, context", 400, envelope(400, "3051", "invalid_request_invalid_args", "Prompt contains 9000 tokens and 0 draft tokens, too large for model with 8192 maximum context length"), ["code 3051", "too long for the model", "9000 tokens"], 8),
    ("400, prompt too long", 400, envelope(400, "3059", "invalid_request_prompt_too_long", "Prompt 9000 > 8192 maximum context length"), ["code 3059", "9000 > 8192"], 8),
    ("400, embeddings", 400, envelope(400, "3210", "invalid_request_prompt", "Too many tokens overall, split into more batches."), ["code 3210", "split into more batches"], 8),
    ("400, order", 400, envelope(400, "3230", "invalid_request_message_order", "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"), ["code 3230", "Expected last role"], 8),
    ("400, empty assistant", 400, envelope(400, "3240", "invalid_request_assistant_message", "Assistant message must have either content or tool_calls, but not none."), ["code 3240", "must have either"], 8),
    ("400, tool call id", 400, envelope(400, "3280", "invalid_function_call", "Tool call id was X but must be a-z, A-Z, 0-9, with a length of 9."), ["code 3280", "length of 9"], 8),
    ("400, file", 400, envelope(400, "3310", "invalid_request_file", "Audio input could not be decoded."), ["code 3310", "could not be decoded"], 8),
    ("401, detail", 401, {"detail": "Unauthorized"}, ["refuses the API key", "Unauthorized"], 3),
    ("401, key", 401, {"detail": "Invalid API Key"}, ["Invalid API Key"], 3),
    ("401, message", 401, {"message": "Unauthorized", "request_id": "in-the-body"}, ["Unauthorized"], 3),
    ("402, budget", 402, envelope(402, "2303", "billing_api_budget_exhausted", "Budget exhausted"), ["code 2303", "payment", "Budget exhausted"], 3),
    ("403, tier", 403, envelope(403, "1910", "tier_not_allowed", "This model is not available in your subscription tier"), ["code 1910", "subscription tier"], 3),
    ("403, guardrail", 403, {"error": {"message": "Blocked by guardrails", "status": 403}, "guardrails": {"results": [{"name": "moderation_llm_v2"}]}}, ["guardrail", "Blocked by guardrails"], 7),
    ("403, block_on_error", 403, {"object": "Error", "code": 3201, "message": "Guardrail failed"}, ["code 3201", "guardrail", "Guardrail failed"], 7),
    ("404, route", 404, {"message": "no Route matched with those values"}, ["no Route matched"], 3),
    ("409", 409, {"detail": "A job with the same parameters exists"}, ["same parameters"], 8),
    ("410, fine-tuning", 410, {"detail": "The fine-tuning API is retired"}, ["retired"], 8),
    ("413, HTML", 413, HTML.format(title="413 Request Entity Too Large"), ["413 Request Entity Too Large"], 8),
    ("422, list of faults", 422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "messages", 0, "user", "name"], "msg": "Extra inputs are not permitted", "input": "SECRET PROMPT"}]}, ["messages[0].user.name: Extra inputs are not permitted"], 8),
    ("422, faults in message", 422, envelope(422, None, "invalid_request_error", {"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required", "input": {"a": "SECRET PROMPT"}}]}), ["model: Field required"], 8),
    ("422, text", 422, {"detail": "Invalid file format.", "message": "Line 3 is not JSON"}, ["Invalid file format.", "Line 3 is not JSON"], 8),
    ("422, conversations", 422, {"object": "Error", "code": 3001, "type": "invalid_request_error", "message": [{"msg": "Input should be a string", "loc": ["body", "inputs"]}], "detail": [{"msg": "Input should be a string", "loc": ["body", "inputs"]}]}, ["code 3001", "inputs: Input should be a string"], 8),
    ("429", 429, envelope(429, "1300", "rate_limited", "Rate limit exceeded"), ["code 1300", "Rate limit exceeded", "asked 4 times"], 8),
    ("429, plain", 429, {"message": "Requests rate limit exceeded"}, ["Requests rate limit exceeded", "asked 4 times"], 8),
    ("429, capacity", 429, envelope(429, "3505", "service_tier_capacity_exceeded", "Service tier capacity exceeded for this model."), ["code 3505", "capacity"], 8),
    ("503, capacity", 503, envelope(503, "3505", "service_tier_capacity_exceeded", "Service tier capacity exceeded for this model."), ["code 3505", "capacity"], 8),
    ("500", 500, envelope(500, "1000", "internal_server_error", "Service unavailable."), ["code 1000", "Service unavailable.", "asked 4 times"], 8),
    ("503, backend", 503, envelope(503, "1100", "unreachable_backend", "Unreachable backend"), ["code 1100", "Unreachable backend"], 8),
    ("502, HTML", 502, HTML.format(title="502 Bad Gateway"), ["502 Bad Gateway"], 8),
    ("520, HTML", 520, HTML.format(title="Web server is returning an unknown error"), ["unknown error"], 8),
    ("400, empty", 400, "", ["empty body"], 8),
    ("400, not JSON", 400, "\x00\x1b[31mbroken \xff", ["broken"], 8),
    ("400, a number", 400, 17, [], 8),
    ("400, nested deep", 400, "[" * 5000, [], 8),
    ("200, empty", 200, "", ["empty body"], 8),
    ("200, HTML", 200, HTML.format(title="Welcome"), ["HTML page"], 8),
    ("200, an error", 200, envelope(429, "1300", "rate_limited", "Rate limit exceeded"), ["Rate limit exceeded"], 8),
]


def with_key(body):
    """The body with the key in its words, as a careless server might repeat it; also where a long text is cut."""
    if isinstance(body, str):
        return body.replace("</title>", f" {KEY}</title>") if "<title>" in body else body and body + f" {KEY}"
    text = json.dumps(body)
    for name in ("message", "detail", "msg"):
        text = re.sub(rf'("{name}": "[^"]*)"', rf'\1 {KEY}"', text)
    return text


def ask(programs, row):
    name, status, body, _, _ = row
    headers = {"mistral-correlation-id": "corr-0042", "retry-after-ms": "1",
               "content-type": "text/html" if "HTML" in name else "application/json"}
    with Server(lambda request: Reply(with_key(body).encode("latin-1"), status, headers)) as server:
        command = [programs / "agent", "ask", "-q", "--no-stream", "--model", "mistral-small-latest", "hi"]
        done = subprocess.run(command, env=environment(server.url), capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace").strip()


def faults(row, result):
    _, status, _, words, exit_code = row
    code, out, said = result
    found = [f"exit {code}, expected {exit_code}"] if code != exit_code else []
    if out:
        found.append(f"stdout is {out[:80]!r}")
    if status != 200:
        words = words + [f"HTTP {status}", "request corr-0042"]
    found += [f"{word!r} is not said" for word in words if word.lower() not in said.lower()]
    if KEY.lower() in said.lower():
        found.append("the key is shown")
    if "SECRET" in said:
        found.append("the prompt is shown")
    if "<p>" in said or "\x1b" in said or len(said) > 900 or said.count("\n") > 0:
        found.append("not one short sentence")
    return found


def main():
    programs, markdown = pathlib.Path(sys.argv[1]), "--markdown" in sys.argv
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda row: ask(programs, row), ROWS))
    failed = 0
    for row, result in zip(ROWS, results):
        found = faults(row, result)
        failed += bool(found)
        said = result[2].removeprefix("agent: ")
        print(f"| {row[0]} | {result[0]} | {said} |" if markdown else f"{row[0]:24}{result[0]:3}  {said}")
        for fault in found:
            print(f"    FAULT: {fault}")
    print(f"errors readable: {len(ROWS) - failed} of {len(ROWS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
