# SPDX-License-Identifier: Apache-2.0
"""Records runs of the examples, and of Tests/Replays, and replays them; see scripts/replay-test."""
import base64
import contextlib
import json
import math
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Referee"))
sys.dont_write_bytecode = True
from server import Reply, Server  # noqa: E402

EXAMPLES = ROOT / "docs" / "examples"
# What examples do not show: time limits that are reached, money that is shared, lines of a script that take turns.
MORE = ROOT / "Tests" / "Replays"


@dataclass
class Case:
    """One recorded run: words behind the file, flags before it, and what the model says turn by turn, or to a request."""

    file: str
    words: list = field(default_factory=list)
    turns: list | Callable = field(default_factory=list)
    flags: list = field(default_factory=list)
    stdin: str = ""
    status: int = 0
    # A command that comes before the run, such as one that makes an index.
    before: list = field(default_factory=list)
    folder: pathlib.Path = EXAMPLES

    @property
    def path(self):
        return str(self.folder.relative_to(ROOT) / self.file)

    @property
    def title(self):
        money = [flag for flag in self.flags if flag.startswith("--usd")]
        return " ".join([*money, self.file, *self.words])


def calls(*pairs):
    return [
        {"id": f"call{zlib.crc32(json.dumps([place, pair]).encode()) % 100000:05}", "type": "function",
         "function": {"name": pair[0], "arguments": json.dumps(pair[1])}}
        for place, pair in enumerate(pairs)
    ]


READ = ["--allow-read=."]
BOOK = {"name": "To Kill a Mockingbird", "authors": ["Harper Lee"]}
SORTED = {"category": "order", "reply": "Your parcel is on its way. It comes tomorrow — promised: 5 €."}
SECONDS = {"seconds": 30}


def greeted(body):
    """Hello to whom the prompt names, after a note of it: whoever is asked first gets the answer that is meant for it."""
    name = next(message for message in body["messages"] if message["role"] == "user")["content"].split()[-1]
    return f"Hello {name}." if body["messages"][-1]["role"] == "tool" else calls(("note", {"text": name}))


CHEESE = "There is no single “best” French cheese; Comté is named most often 🧀."

CASES = [
    Case("weather.lua", ["Is it colder in Oslo than in Cairo?"], [
        calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Cairo", "month": "jan"}),
              ("get_weather", {"city": "Atlantis"}), ("calculator", {"expression": "14 - (-4)"})),
        "Yes: −4 °C in Oslo, 14 °C in Cairo."], READ),
    Case("weather.lua", ["-"], [calls(("get_weather", {"city": "Oslo"})), "Cold."], [*READ, "--json"], stdin="And Oslo?"),
    Case("weather.lua", ["And Cairo?"], [calls(("get_weather", {"city": "Cairo"})), "Hot."], [*READ, "--jsonl"]),
    Case("meal.lua", [], ['```json\n{"name":"Cassoulet","ingredients":["beans",1.0,1]}\n```']),
    Case("files.lua", ["docs/examples", "Which example draws on a CSV file?"], [
        calls(("list_files", {"folder": "docs/examples"}), ("read_file", {"path": "docs/examples/climate.csv"})),
        calls(("read_file", {"path": "docs/examples/weather.lua", "max_lines": 3}), ("read_file", {"path": "/etc/hostname"})),
        "weather.lua"], READ),
    Case("guarded.lua", ["I am ada@example.org; what of order 8?"], [
        calls(("read_ticket", {"order": 8})), "It will come by Friday. Thank you."]),
    Case("guarded.lua", ["Refund order 7, please."], [calls(("refund", {"order": 7, "euros": 40})), "On its way."]),
    Case("guarded.lua", ["Refund order 8."], [calls(("refund", {"order": 8, "euros": 5000}))], status=7),
    Case("chat.lua", ["What day is it?"], [calls(("clock", {})), "A good one."]),
    Case("chat.lua", ["demo"], ["Hello Ada.", "Ada."]),
    Case("book.lua", ["I recently read 'To Kill a Mockingbird' by Harper Lee."], [json.dumps(BOOK)]),
    Case("book.lua", ["What did I read?"], ['{"name":"To Kill a Mockingbird","authors":[]}', json.dumps(BOOK)]),
    Case("book.lua", ["watch"], ['{"name":"Good Omens","authors":["Terry Pratchett","Neil Gaiman"]}']),
    Case("embed.lua"),
    Case("embed.lua", ["How do I get my money back?"]),
    Case("moderate.lua"),
    Case("ocr.lua"),
    Case("ocr.lua", ["scan.pdf"], flags=READ),
    Case("ocr.lua", ["scan.pdf", "pictures"], flags=[*READ, "--allow-write=."]),
    Case("transcribe.lua"),
    Case("transcribe.lua", ["talk.mp3", "live"], flags=READ),
    Case("search.lua", ["Where does Riesling grow?"], [
        calls(("search_index", {"query": "Riesling grows"}), ("search_index", {"query": "Bridges", "folder": "nowhere"})),
        "By the Rhine [shop/food.md:5-7]."], ["--allow-read=.agent"], before=["index", "add", "-q", "shop"]),
    Case("batch.lua", ["Oslo", "Cairo", "London"]),
    Case("customize/first.lua", ["Where is my parcel?"], [json.dumps(SORTED)]),
    Case("customize/support.lua", ["Where is my parcel?"], [json.dumps(SORTED)]),
    Case("quickstart/chat.lua", [], [CHEESE]),
    Case("quickstart/embeddings.lua"),
    Case("quickstart/json_mode.lua", [], ['{"name":"Cassoulet","ingredients":["beans"]}']),
    Case("quickstart/moderation.lua"),
    Case("quickstart/moderation_chat.lua"),
    Case("quickstart/ocr.lua"),
    Case("quickstart/safe_prompt.lua", [], [CHEESE]),
    Case("quickstart/structured_output.lua", [], [json.dumps(BOOK)]),
    Case("quickstart/transcription.lua"),
    Case("quickstart/transcription.lua", ["talk.mp3"], flags=READ),
    Case("weather.lua", ["Is it cold in Oslo?"], [calls(("get_weather", {"city": "Oslo"})), "Yes."], [*READ, "--usd=0.01"]),
    Case("embed.lua", ["How do I get my money back?"], flags=["--usd=0.01"]),
    Case("late_tool.lua", ["Wait."], [
        calls(("wait", SECONDS), ("compute", {"rounds": 10 ** 12}), ("compute", {"rounds": 10})), "Waited."], folder=MORE),
    Case("late_guardrail.lua", ["Judge."], ["Fine."], status=7, folder=MORE),
    Case("late_run.lua", [], lambda body: calls(("wait", {})), folder=MORE),
    Case("side_by_side.lua", [], greeted, folder=MORE),
    # Enough for whole answers, for short ones, and for none.
    *[Case("side_by_side.lua", [], greeted, [f"--usd={usd}"], folder=MORE) for usd in ("0.5", "0.01", "0.0015", "0.0002")],
    Case("lines.lua", ["Count."], [
        calls(("red", {"n": 3}), ("green", {"n": 2}), ("blue", {"n": 4}), ("red", {"n": 1})), "Counted."],
         ["--allow-read=seen.txt", "--allow-write=seen.txt"], folder=MORE),
]

# Files of Lua that are no tasks, and who runs them.
NO_TASKS = {
    "customize/policy.lua": "a policy of guardrails: agent guardrails, agent eval",
    "embed/tools.lua": "tools of a Swift program: scripts/test-embedding",
}


# The provider ---------------------------------------------------------------------------------------------------


class Provider:
    """Answers one run as the Mistral API does."""

    def __init__(self, case):
        self.case, self.said, self.asked_for_job, self.job = case, 0, 0, None

    def __call__(self, request):
        path = request.path
        if path == "/v1/chat/completions":
            return self.chat(request.json())
        if path == "/v1/embeddings":
            return self.embeddings(request.json())
        if path in ("/v1/moderations", "/v1/chat/moderations"):
            return self.moderations(request.json(), path.startswith("/v1/chat"))
        if path == "/v1/ocr":
            return self.document()
        if path == "/v1/audio/transcriptions":
            return self.transcription(b'name="stream"\r\n\r\ntrue' in request.body or b'"stream":true' in request.body)
        if path.startswith("/v1/batch/jobs") or path.startswith("/v1/files/"):
            return self.batch(request)
        return Reply.json({"message": f"nothing answers {request.method} {path}"}, 404)

    def chat(self, body):
        said, self.said = self.said, self.said + 1
        turn = self.case.turns(body) if callable(self.case.turns) else self.case.turns[said]
        message = {"role": "assistant", "content": turn} if isinstance(turn, str) else {
            "role": "assistant", "content": "", "tool_calls": turn}
        reason = "stop" if isinstance(turn, str) else "tool_calls"
        usage = {"prompt_tokens": 20 + said, "completion_tokens": 7, "total_tokens": 27 + said}
        base = {"id": f"cmpl{said}", "created": 1764257531, "model": body["model"]}
        if not body.get("stream"):
            choice = {"index": 0, "finish_reason": reason, "message": message}
            return Reply.json({**base, "object": "chat.completion", "choices": [choice], "usage": usage})
        deltas = [{"role": "assistant", "content": ""}]
        if isinstance(turn, str):
            deltas += [{"content": turn[at:at + 5]} for at in range(0, len(turn), 5)]
        else:
            deltas += [{"tool_calls": [{"index": place, **call}]} for place, call in enumerate(turn)]
        chunks = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
        chunks.append({"index": 0, "delta": {"content": ""}, "finish_reason": reason})
        events = [{**base, "object": "chat.completion.chunk", "choices": [chunk]} for chunk in chunks]
        events[-1]["usage"] = usage
        return stream([json.dumps(event, ensure_ascii=False) for event in events] + ["[DONE]"])

    @staticmethod
    def embeddings(body):
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data = [{"object": "embedding", "index": place, "embedding": vector(text)} for place, text in enumerate(texts)]
        usage = {"prompt_tokens": len(texts), "completion_tokens": 0, "total_tokens": len(texts)}
        return Reply.json({"id": "e", "object": "list", "model": body["model"], "data": data, "usage": usage})

    @staticmethod
    def moderations(body, is_chat):
        # A conversation is judged as one, a list of texts each for itself.
        texts = [body["input"]] if is_chat or isinstance(body["input"], str) else body["input"]
        results = []
        for text in texts:
            bad = any(word in json.dumps(text) for word in ("hurt", "take over"))
            results.append({
                "categories": {"violence_and_threats": bad, "pii": False, "health": False},
                "category_scores": {"violence_and_threats": 0.91 if bad else 3.1e-05, "pii": 0.0002, "health": 1e-07}})
        return Reply.json({"id": "m", "model": body["model"], "results": results})

    @staticmethod
    def document():
        picture = "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff" + bytes(range(256))).decode()
        pages = [{
            "index": index, "markdown": f"# Page {index}\n\n![img-{index}.jpeg](img-{index}.jpeg)",
            "images": [{"id": f"img-{index}.jpeg", "image_base64": picture, "top_left_x": 1, "top_left_y": 2,
                        "bottom_right_x": 3, "bottom_right_y": 4}],
            "dimensions": {"dpi": 200, "height": 2200, "width": 1700}} for index in range(2)]
        return Reply.json({"pages": pages, "model": "mistral-ocr-2512", "usage_info": {"pages_processed": 2}})

    @staticmethod
    def transcription(streamed):
        usage = {"prompt_tokens": 4, "completion_tokens": 6, "total_tokens": 10, "prompt_audio_seconds": 203}
        whole = {"model": "voxtral-mini-latest", "text": "This week.", "language": "en", "segments": [], "usage": usage}
        if not streamed:
            return Reply.json(whole)
        events = [{"type": "transcription.text.delta", "text": piece} for piece in ("This ", "week.")]
        return stream([json.dumps(event) for event in [*events, {"type": "transcription.done", **whole}]])

    def batch(self, request):
        if request.method == "POST":
            self.job = request.json()
        state = ["QUEUED", "RUNNING", "SUCCESS"][min(self.asked_for_job, 2)]
        if request.path.startswith("/v1/files/"):
            lines = [{"custom_id": item["custom_id"], "response": {"status_code": 200, "body": {
                "choices": [{"index": 0, "finish_reason": "stop", "message": {
                    "role": "assistant", "content": "About: " + item["body"]["messages"][0]["content"]}}]}}}
                for item in self.job["requests"]]
            return Reply("".join(json.dumps(line) + "\n" for line in reversed(lines)).encode())
        self.asked_for_job += request.method == "GET"
        return Reply.json({
            "id": "job-1", "object": "batch", "input_files": [], "endpoint": "/v1/chat/completions",
            "model": "mistral-small-latest", "status": state, "created_at": 1764257531, "total_requests": 3,
            "completed_requests": 3 if state == "SUCCESS" else 0, "succeeded_requests": 3, "failed_requests": 0,
            "errors": [], "output_file": "out-1" if state == "SUCCESS" else None})


def stream(events):
    text = "".join(f"data: {event}\n\n" for event in events)
    return Reply(text.encode(), headers={"content-type": "text/event-stream"})


def vector(text):
    """Texts that share words are near to each other; the length is 1."""
    numbers = [0.0] * 1024
    for word in ["" if not text else "a", *text.lower().replace("money", "refunds").split()]:
        numbers[zlib.crc32(word.strip(".,?!#").encode()) % 1024] += 1
    length = math.sqrt(sum(number * number for number in numbers)) or 1
    return [number / length for number in numbers]


# Recording and replaying ------------------------------------------------------------------------------------------


def environment(folder, url=None):
    variables = {"PATH": "/usr/bin:/bin", "HOME": f"{folder}/home", "TMPDIR": f"{folder}/tmp", "NO_COLOR": "1"}
    if url:
        variables |= {"MISTRAL_API_KEY": "a-key-of-nobody", "MISTRAL_SERVER_URL": url}
    return variables


def without_network():
    """The words in front of a command that is to have no network, not even loopback; none where the system does not let us."""
    for words in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        try:
            if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
                return words
        except FileNotFoundError:
            pass
    return []


ALONE = without_network()


def run(words, folder, variables, stdin=""):
    return subprocess.run(
        words, cwd=f"{folder}/desk", env=variables, input=stdin.encode(), capture_output=True, timeout=300)


def prepare(folder):
    """The examples, and what they are asked about."""
    for name in ("home", "tmp", "desk/shop"):
        os.makedirs(f"{folder}/{name}")
    for scripts in (EXAMPLES, MORE):
        shutil.copytree(scripts, f"{folder}/desk/{scripts.relative_to(ROOT)}")
    files = {
        "scan.pdf": b"%PDF-1.7\n%\xff\xfe", "talk.mp3": b"ID3\x04" + bytes(5000),
        "shop/food.md": b"# Cheese\n\nCamembert comes from Normandy.\n\n# Wine\n\nRiesling grows by the Rhine.\n",
    }
    for name, content in files.items():
        pathlib.Path(folder, "desk", name).write_bytes(content)


def contents(folder):
    """All that is there, with what is in the files. The journal counts by its rows: which of its three files holds them may change."""
    found = {str(path): path.read_bytes() if path.is_file() else None
             for path in sorted(pathlib.Path(folder).rglob("*")) if not path.name.startswith("journal.db")}
    with contextlib.closing(sqlite3.connect(f"{folder}/journal.db")) as journal:
        return {**found, f"{folder}/journal.db": "\n".join(journal.iterdump())}


def strip(folder):
    """Leaves the scripts and the journal alone: a replay that looked at anything else would not find it."""
    for path in sorted(pathlib.Path(folder, "desk").rglob("*"), reverse=True):
        if path.is_file() and path.suffix != ".lua":
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    shutil.rmtree(f"{folder}/home")
    shutil.rmtree(f"{folder}/tmp")


def record(agent, case, folder):
    """Returns what the run printed, or raises with what went wrong."""
    prepare(folder)
    with Server(Provider(case)) as server:
        variables = environment(folder, server.url)
        if case.before and (made := run([agent, *case.before], folder, variables)).returncode != 0:
            raise RuntimeError(f"{' '.join(case.before)}: exit {made.returncode}: {made.stderr.decode()}")
        words = [agent, "run", f"--journal={folder}/journal.db", *case.flags, case.path, *case.words]
        made = run(words, folder, variables, case.stdin)
    if made.returncode != case.status:
        raise RuntimeError(f"recording: exit {made.returncode}, expected {case.status}: {made.stderr.decode()}")
    if case.status == 0 and not made.stdout:
        raise RuntimeError("recording: it printed nothing")
    return made


def differs(agent, case, folder, recorded, before):
    """Why one replay is not the recorded run; None when it is."""
    again = run([*ALONE, agent, "replay", "last", f"--journal={folder}/journal.db"], folder, environment(folder))
    if again.returncode != case.status:
        return f"exit {again.returncode}, recorded {case.status}: {again.stderr.decode().strip()}"
    if again.stdout != recorded.stdout:
        at = len(os.path.commonprefix([again.stdout, recorded.stdout]))
        return f"stdout differs at byte {at}: recorded {recorded.stdout[at:at + 80]!r}, now {again.stdout[at:at + 80]!r}"
    after = contents(folder)
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path, 0) != after.get(path, 0))
    return "it changed " + ", ".join(os.path.relpath(path, folder) for path in changed) if changed else None


def trial(agent, case, count):
    """Returns how many replays were the recorded run, and what was wrong with the others."""
    with tempfile.TemporaryDirectory(prefix="agent-replays-") as folder:
        try:
            recorded = record(agent, case, folder)
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            return 0, [str(problem)]
        strip(folder)
        before = contents(folder)
        problems = [why for _ in range(count) if (why := differs(agent, case, folder, recorded, before))]
    return count - len(problems), sorted(set(problems))


def unknown():
    """Scripts that are neither run here nor known to be no tasks; and names here that no file has any more."""
    found = {path for folder in (EXAMPLES, MORE) for path in folder.rglob("*.lua") if not path.name.endswith("_test.lua")}
    known = {case.folder / case.file for case in CASES} | {EXAMPLES / name for name in NO_TASKS}
    return [f"{path.relative_to(ROOT)}: scripts/replay-test.py has no run of it" for path in sorted(found - known)] + [
        f"{path.relative_to(ROOT)}: there is no such file" for path in sorted(known - found)]


def main():
    agent, count, names = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    if count < 1:
        sys.exit("expected 1 replay or more")
    problems = unknown()
    for line in problems:
        print(line)
    cases = [case for case in CASES if not names or any(name in case.title for name in names)]
    good = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, (same, wrong) in zip(cases, pool.map(lambda case: trial(agent, case, count), cases)):
            good += same == count
            print(f"{same} of {count}  {case.title}", flush=True)
            for line in wrong[:5]:
                print(f"    {line}")
    for name, why in NO_TASKS.items():
        print(f"no task  {name}: {why}")
    if not ALONE:
        print("the network was not taken away from replays: unshare -n does not work here")
    print(f"{good} of {len(cases)} runs of {len({case.path for case in cases})} scripts: replayed {count} times, each the same")
    sys.exit(0 if good == len(cases) and cases and not problems else 1)


main()
