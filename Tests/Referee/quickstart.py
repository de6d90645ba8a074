# SPDX-License-Identifier: Apache-2.0
"""The nine calls of the documentation's quickstart: docs/examples/quickstart/*.lua against what the official SDK sends.

The SDK's bodies are captures; each is also sent anew by the SDK that is installed, so that a stale capture is noticed.

    python3 quickstart.py FOLDER_OF_THE_PROGRAMS
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import judge
from compare import as_numbers, difference
from driver import KEY, environment
from server import Reply, Server

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parent.parent / "docs" / "examples" / "quickstart"
PROMPT = "What is the best French cheese?"
MEAL = "What is the best French meal? Return the name and the ingredients in short JSON object."
WORLD = "Now, I'm pretty confident we should start planning how we are going to take over the world."
# The example, the capture, and the command of the shell that asks the same, where there is one.
CALLS = [
    ("chat", "seed_chat_cheese", ["ask", "--no-stream", "--model", "mistral-medium-latest", PROMPT]),
    ("embeddings", "seed_embeddings", ["embed", "--model", "mistral-embed", "--json", "Embed this sentence.", "As well as this one."]),
    ("json_mode", "seed_json_mode_meal", None),
    ("structured_output", "seed_parse_book", None),
    ("safe_prompt", "seed_safe_prompt", ["ask", "--no-stream", "--safe-prompt", "--model", "mistral-large-latest", PROMPT]),
    ("moderation", "seed_moderation_raw", ["moderate", "--model", "mistral-moderation-latest", "Such a lovely day today, isn't it?", WORLD]),
    ("moderation_chat", "seed_moderation_chat", None),
    ("ocr", "seed_ocr_arxiv", None),
    ("transcription", "seed_transcription_obama", ["transcribe", "--model", "voxtral-mini-latest", "https://docs.mistral.ai/audio/obama.mp3"]),
]


def load(name):
    capture = json.loads((HERE / "captures" / f"{name}.json").read_text())
    rng = random.Random(name)
    for item in (capture["response"]["body"].get("data") or []):
        # The capture shows eight numbers of 1024.
        item["embedding"] = item["embedding"][:8] + [rng.uniform(-0.05, 0.05) for _ in range(1016)]
    return capture


def body(request):
    """A body as JSON, or a form as pairs in order; files of a form as name and content."""
    kind = request.headers.get("content-type", "")
    return as_numbers(request.json()) if kind.startswith("application/json") else [list(pair) for pair in judge.form_pairs(request, kind)]


def expected(capture):
    return as_numbers(capture["request"]["body"]) if capture["request"]["body"] is not None else capture["request"]["form"]


def run(command, url):
    return subprocess.run([str(word) for word in command], env=environment(url), capture_output=True, timeout=60)


def by_sdk(capture, url):
    call = capture["call"].replace("Mistral(api_key=", f"Mistral(server_url={url!r}, api_key=")
    return [sys.executable, "-W", "ignore", "-c", "import os\n" + call]


def asked(server, command, capture, label):
    """What is wrong with the one request that `command` sends, and with its end."""
    server.requests.clear()
    done = run(command, server.url)
    # A flagged text ends `agent moderate` with 7.
    if done.returncode not in ((0, 7) if label == "agent moderate" else (0,)):
        return [f"{label}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"], done
    if len(server.requests) != 1:
        return [f"{label}: {len(server.requests)} requests"], done
    request = server.requests[0]
    faults = [] if request.path == capture["request"]["path"] else [f"{label}: path {request.path}"]
    if said := difference(expected(capture), body(request)):
        faults.append(f"{label}: {said}")
    return faults, done


def quickstart(programs):
    equal, faults = 0, []
    for example, name, command in CALLS:
        capture = load(name)
        with Server(lambda request: Reply.json(capture["response"]["body"])) as server:
            script = [programs / "agent", "run", EXAMPLES / f"{example}.lua"]
            found, done = asked(server, script, capture, f"{example}.lua")
            if not done.stdout.strip():
                found.append(f"{example}.lua prints nothing")
            equal += not found
            state = "equal" if not found else "DIFFERENT"
            beside, _ = asked(server, by_sdk(capture, server.url), capture, f"the SDK's {name}")
            shell = "–"
            if command:
                said, _ = asked(server, [programs / "agent"] + command, capture, f"agent {command[0]}")
                shell, found = "equal" if not said else "DIFFERENT", found + said
        print(f"{example + '.lua':26}{name:28}{state:12}{'equal' if not beside else 'DIFFERENT':14}{shell:12}{done.stdout.decode().strip()[:50]!r}")
        faults += found + beside
    return equal, faults


def multipart(programs):
    """A recording from disk: the parts of our form are those of the SDK's, in its order."""
    answer = load("seed_transcription_obama")["response"]["body"]
    with tempfile.TemporaryDirectory() as folder, Server(lambda request: Reply.json(answer)) as server:
        path = pathlib.Path(folder) / "obama.mp3"
        path.write_bytes(bytes(range(256)) * 300)
        sdk = (f"from mistralai.client import Mistral\nMistral(server_url={server.url!r}, api_key={KEY!r}).audio.transcriptions.complete("
               f"model='voxtral-mini-latest', file={{'file_name': 'obama.mp3', 'content': open({str(path)!r}, 'rb')}})")
        forms = []
        for command in ([sys.executable, "-W", "ignore", "-c", sdk],
                        [programs / "agent", "run", f"--allow-read={folder}", EXAMPLES / "transcription.lua", path],
                        [programs / "agent", "transcribe", "--model", "voxtral-mini-latest", path]):
            server.requests.clear()
            done = run(command, server.url)
            if done.returncode != 0 or len(server.requests) != 1:
                return [f"{command[0]}: exit {done.returncode}: {done.stderr.decode()[-300:]}"]
            forms.append(body(server.requests[0]))
            print(f"{pathlib.Path(command[0]).name:12}multipart: {', '.join(name for name, _ in forms[-1])}")
        return [f"multipart: {said}" for form in forms[1:] if (said := difference(forms[0], form))]


def main():
    programs = pathlib.Path(sys.argv[1])
    os.environ["MISTRAL_API_KEY"] = KEY
    print(f"{'example':26}{'capture':28}{'body':12}{'the SDK anew':14}{'shell':12}printed")
    equal, faults = quickstart(programs)
    print(f"equal bodies: {equal} of {len(CALLS)}")
    faults += multipart(programs)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
