# SPDX-License-Identifier: Apache-2.0
"""Makes calls of the client: from Lua by `agent run`, and of Swift's types by `mistral-probe`."""
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
KEY = "Test-Key-7F3a"


def environment(url):
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    home = tempfile.gettempdir()
    return kept | {"HOME": home, "XDG_CONFIG_HOME": home, "MISTRAL_SERVER_URL": url, "MISTRAL_API_KEY": KEY, "NO_COLOR": "1"}


def lua(programs, url, calls, seconds=300):
    """What each call gave: {"value": …} or {"error": …}."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for call in calls:
            file.write(json.dumps(call, ensure_ascii=False) + "\n")
        file.flush()
        command = [programs / "agent", "run", "-A", "-q", HERE / "driver.lua", file.name]
        return answers(command, environment(url), None, calls, seconds)


def probe(programs, url, calls, seconds=300):
    text = "".join(json.dumps(call, ensure_ascii=False) + "\n" for call in calls)
    return answers([programs / "mistral-probe"], environment(url), text.encode(), calls, seconds)


def answers(command, variables, text, calls, seconds):
    done = subprocess.run(command, input=text, env=variables, capture_output=True, timeout=seconds)
    lines = done.stdout.decode().split("\n")[:-1]
    if len(lines) != len(calls):
        said = done.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"{pathlib.Path(command[0]).name}: {len(lines)} answers to {len(calls)} calls, exit {done.returncode}: {said}")
    return [json.loads(line) for line in lines]
