# SPDX-License-Identifier: Apache-2.0
"""The official Python SDK as referee: its models judge every request of ours, and we decode what its models can produce.

    python3 referee.py FOLDER_OF_THE_PROGRAMS [--seed N] [--only PART_OF_A_NAME] [--faults N]

Prints a table, a line an endpoint, and fails on any request that is refused and any response that is not decoded.
"""
import argparse
import importlib.metadata
import json
import multiprocessing
import os
import pathlib
import random
import sys
import tempfile
import warnings

import calls
import driver
import judge
from endpoints import endpoints
from generator import Generator
from server import Reply, Server

MOST = 1500
GAMES = {}


def responses(endpoint, seed):
    """Responses that the SDK's own model accepts, until every option of its schema was taken (or MOST)."""
    generator = Generator(endpoint.model, seed, prefer=endpoint.prefer)
    made = []
    while len(made) < endpoint.least or (generator.uncovered() and len(made) < MOST):
        value = generator.value()
        try:
            endpoint.model.model_validate(value)
        except ValueError:
            continue
        made.append(value)
    return made, generator.coverage()


def play(programs, endpoint, seed):
    """Sends the calls, and gives the row of the table and the faults."""
    rng = random.Random(seed)
    made, coverage = responses(endpoint, seed)
    pairs = []
    for value in made:
        value = endpoint.adapt(rng, value)
        if (call := endpoint.call(rng, value)) is not None:
            pairs.append((value, call))
    queue = [endpoint.encode(rng, value) if endpoint.encode else json.dumps(value, ensure_ascii=rng.random() < 0.5).encode() for value, _ in pairs]
    kind = "text/event-stream" if "streamed" in endpoint.name else "application/json"
    replies = iter([Reply(body, 200, {"content-type": kind}) for body in queue])
    with Server(lambda request: next(replies)) as server:
        gave = getattr(driver, endpoint.driver)(programs, server.url, [call for _, call in pairs])
        refused = [f"request: {fault} <- {request.body[:300]!r}" for request in server.requests for fault in judge.judge(request)[:1]]
        sent = len(server.requests)
    wrong = []
    for (value, call), answer in zip(pairs, gave):
        if said := endpoint.check(value, call, answer):
            wrong.append(f"response: {said} <- {json.dumps(value)[:600]}")
    row = (endpoint.name, endpoint.driver, sent - len(refused), sent, len(pairs) - len(wrong), len(pairs), coverage)
    return row, refused + wrong


def chat_requests(programs, seed, count=400):
    """Requests of chats with all options, from Lua, against one good answer."""
    rng = random.Random(seed)
    made = [calls.chat(rng) for _ in range(count)]
    answer = {"id": "a", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"name":"a"}'}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}
    with Server(lambda request: Reply.json(answer)) as server:
        gave = driver.lua(programs, server.url, made)
        refused = [f"request: {fault} <- {request.body[:300]!r}" for request in server.requests for fault in judge.judge(request)[:1]]
        wrong = [f"response: {answer['error'][:200]} <- {json.dumps(call)[:300]}" for call, answer in zip(made, gave) if "error" in answer]
        return ("chat, all options", "lua", len(server.requests) - len(refused), len(server.requests), count - len(wrong), count, None), refused + wrong


def game(name):
    return GAMES[name]()


def show(rows):
    print(f"\n{'endpoint':32}{'from':7}{'requests accepted':>20}{'responses decoded':>20}   options of the SDK's schema taken")
    for name, source, accepted, sent, decoded, made, coverage in rows:
        taken = f"{coverage[0]} of {coverage[1]}" if coverage else "–"
        print(f"{name:32}{source:7}{f'{accepted} of {sent}':>20}{f'{decoded} of {made}':>20}   {taken}")
    accepted, sent, decoded, made = (sum(row[i] for row in rows) for i in (2, 3, 4, 5))
    print(f"{'all':32}{'':7}{f'{accepted} of {sent}':>20}{f'{decoded} of {made}':>20}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", default="")
    parser.add_argument("--faults", type=int, default=5, help="faults shown of an endpoint")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning, module="pydantic|mistralai")
    print(f"mistralai {importlib.metadata.version('mistralai')}, seed {options.seed}")
    rows, failed = [], False
    with tempfile.TemporaryDirectory() as folder:
        files = media(pathlib.Path(folder))
        GAMES["chat, all options"] = lambda: chat_requests(options.programs, options.seed)
        for endpoint in endpoints(files):
            GAMES[endpoint.name] = lambda e=endpoint: play(options.programs, e, options.seed)
        names = [name for name in GAMES if options.only in name]
        # Forked, so that the games need not be sent to the processes.
        with multiprocessing.get_context("fork").Pool(min(4, os.cpu_count() or 1)) as pool:
            for name, (row, faults) in zip(names, pool.imap(game, names)):
                rows.append(row)
                failed = failed or bool(faults)
                for fault in faults[: options.faults]:
                    print(f"{name}: {fault}")
                sys.stdout.flush()
    show(rows)
    return 1 if failed else 0


def media(folder):
    (folder / "voice é.mp3").write_bytes(bytes(range(256)) * 16)
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)))
    (folder / "lines.jsonl").write_text('{"custom_id":"0","body":{}}\n')
    return {"audio": [str(folder / "voice é.mp3")], "ocr": [str(folder / "scan.pdf")], "batch": str(folder / "lines.jsonl")}


if __name__ == "__main__":
    sys.exit(main())
