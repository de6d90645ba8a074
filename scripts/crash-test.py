"""Runs, kills and resumes `agent`; see scripts/crash-test."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALLS = 20
FINAL = {3, 7, 11, 15, 19}

TASK = """
local agent = require "agent"
local s = agent.schema
local function line(kind, n) return kind .. " " .. n .. " " .. agent.random(1, 1000000) .. "\\n" end
local note = agent.tool {
  name = "note", parameters = { n = s.integer {} }, effect = "write",
  run = function(args)
    assert(agent.fs.append("OUT", line("note", args.n)))
    return { noted = args.n }
  end,
}
local pay = agent.tool {
  name = "pay", parameters = { n = s.integer {} }, effect = "final",
  once = function(args) return "payment-" .. args.n end,
  run = function(args)
    local text = line("pay", args.n)
    local done = agent.exec { "sh", "-c", 'printf %s "$1" >> "$2"', "sh", text, "OUT" }
    return { paid = args.n, status = done.status }
  end,
  -- What became of a payment that was cut off: the file knows.
  recover = function(args)
    local text = agent.fs.read("OUT") or ""
    if text:find("pay " .. args.n .. " ", 1, true) then return { paid = args.n, status = 0 } end
    return nil
  end,
}
return agent.new {
  model = "mistral:mock", tools = { note, pay }, limits = { turns = 30, tool_calls = 40, repeats = 100 },
}
"""


class Model(BaseHTTPRequestHandler):
    """Asks for the calls in turns of one, two and three at once, then answers."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        done = sum(message["role"] == "tool" for message in body["messages"])
        if done >= CALLS:
            results = [m["content"] for m in body["messages"] if m["role"] == "tool"]
            message = {"role": "assistant", "content": "done: " + " ".join(sorted(results))}
        else:
            width = min(done % 3 + 1, CALLS - done)
            message = {"role": "assistant", "content": "", "tool_calls": [self.call(n) for n in range(done, done + width)]}
        reason = "tool_calls" if "tool_calls" in message else "stop"
        answer = {
            "id": "x", "object": "chat.completion", "created": 0, "model": "mock",
            "choices": [{"index": 0, "finish_reason": reason, "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    @staticmethod
    def call(n):
        name = "pay" if n in FINAL else "note"
        return {"id": f"call{n:05}", "type": "function", "function": {"name": name, "arguments": json.dumps({"n": n})}}


class Server(ThreadingHTTPServer):
    """Whoever is killed leaves without a word."""

    def handle_error(self, request, client_address):
        pass


def environment(folder, port):
    return {
        "PATH": "/usr/bin:/bin", "HOME": folder, "XDG_STATE_HOME": folder + "/state", "MISTRAL_API_KEY": "none",
        "MISTRAL_SERVER_URL": f"http://127.0.0.1:{port}",
    }


def start(agent, words, folder, port):
    return subprocess.Popen(
        [agent, *words], cwd=folder, env=environment(folder, port), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def flags(folder):
    return ["-q", "--no-stream", "--yes", f"--allow-write={folder}", f"--allow-read={folder}", "--allow-exec=sh"]


def trial(agent, port, longest, seed):
    """Returns (answer, kills, problem)."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        out = folder + "/out.txt"
        with open(folder + "/task.lua", "w") as file:
            file.write(TASK.replace("OUT", out))
        first = ["run", *flags(folder), "task.lua", "go"]
        words, kills = first, 0
        while True:
            process = start(agent, words, folder, port)
            try:
                # The later goes are let live longer, so that each trial ends.
                text, errors = process.communicate(timeout=rng.uniform(0, longest) if kills < 12 else 60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += 1
                words = ["resume", "last"]
                continue
            # Killed before anything was recorded: there is nothing to resume.
            if process.returncode == 3 and ("there are no runs" in errors or "there is no journal" in errors):
                words = first
                continue
            break
        if process.returncode != 0:
            return "", kills, f"exit {process.returncode}: {errors.strip()}"
        with open(out) as file:
            lines = sorted(" ".join(line.split()[:2]) for line in file)
        wanted = sorted(f"{'pay' if n in FINAL else 'note'} {n}" for n in range(CALLS))
        if lines != wanted:
            extra = [line for line in lines if lines.count(line) > 1]
            return text, kills, f"effects: twice {sorted(set(extra))}, missing {sorted(set(wanted) - set(lines))}"
        return text, kills, None


def main():
    agent, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    server = Server(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    before = time.monotonic()
    answer, _, problem = trial(agent, port, 60, 0)
    length = time.monotonic() - before
    if problem:
        sys.exit(f"a run that nobody killed: {problem}")
    good, killed, problems = 0, 0, []
    for seed in range(1, count + 1):
        text, kills, problem = trial(agent, port, length * 1.2, seed)
        killed += kills
        if problem is None and text != answer:
            problem = "another answer"
        if problem:
            problems.append(f"trial {seed}, killed {kills} times: {problem}")
        else:
            good += 1
    for line in problems[:20]:
        print(line)
    print(f"{good} of {count} runs ended with the same answer and each effect exactly once; {killed} kills in all")
    sys.exit(0 if good == count else 1)


main()
