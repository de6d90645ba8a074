#!/usr/bin/env python3
# Tests engine.py as a program: sharing, leases, idle end, killed clients, races, bad models. Needs the small test weights.
# Run: python3 Tests/Evaluation/test_engine.py   (AGENT_LOCAL_CACHE names the cache; skipped when it is empty)
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
RESOURCES = os.path.join(HERE, "..", "..", "Sources", "LocalModels", "Resources")
CACHE = os.environ.get("AGENT_LOCAL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "agent", "local")
with open(os.path.join(RESOURCES, "models.json")) as file:
    MANIFEST = json.load(file)
ENGINE = os.path.join(CACHE, "engine", MANIFEST["engine"]["version"])
MODEL = os.path.join(CACHE, "models", MANIFEST["models"]["smollm2-135m-instruct"]["file"])


@unittest.skipUnless(os.path.exists(MODEL) and os.path.exists(ENGINE), "the engine or the test weights are not in the cache")
class EngineTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="eng")
        self.runtime = os.path.join(self.folder, "r")
        self.kept = []

    def tearDown(self):
        pid = (self.ready() or {}).get("pid")
        if pid:
            os.kill(pid, signal.SIGTERM)
        for item in self.kept:
            item.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, model=MODEL, idle=2):
        return [sys.executable, os.path.join(RESOURCES, "engine.py"), "--runtime-dir", self.runtime, "--model", model,
                "--engine-path", ENGINE, "--idle", str(idle), "--context", "1024", "--threads", "2"]

    def start(self, **options):
        return subprocess.run(self.command(**options), capture_output=True, text=True, timeout=60)

    def ready(self):
        try:
            with open(os.path.join(self.runtime, "ready")) as file:
                return json.load(file)
        except OSError:
            return None

    def lease(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(10)
        connection.connect(os.path.join(self.runtime, "lease.sock"))
        greeting = connection.makefile().readline()
        self.kept.append(connection)
        return connection, json.loads(greeting)

    def wait_until_gone(self, pid, seconds):
        """Waits for the end of a process that is not our child, through a pidfd."""
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        import select
        try:
            return bool(select.select([watched], [], [], seconds)[0])
        finally:
            os.close(watched)

    def test_a_second_client_finds_the_same_engine(self):
        first = self.start()
        self.assertEqual(first.returncode, 0, first.stderr)
        second = self.start()
        self.assertEqual(json.loads(first.stdout)["pid"], json.loads(second.stdout)["pid"])
        self.assertEqual(os.stat(self.runtime).st_mode & 0o777, 0o700)

    def test_concurrent_starts_share_one_engine(self):
        starts = [subprocess.Popen(self.command(), stdout=subprocess.PIPE, text=True) for _ in range(4)]
        pids = {json.loads(start.communicate(timeout=60)[0])["pid"] for start in starts}
        self.assertEqual(len(pids), 1)

    def test_it_ends_when_idle(self):
        self.start(idle=1)
        self.assertTrue(self.wait_until_gone(self.ready()["pid"], 5))
        self.assertEqual(sorted(os.listdir(self.runtime)), ["lock", "log"])

    def test_a_lease_keeps_it_and_a_killed_client_drops_its_lease(self):
        self.start(idle=1)
        pid = self.ready()["pid"]
        script = ("import socket,sys;s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);s.recv(9);print(1,flush=True);"
                  "sys.stdin.read()")
        client = subprocess.Popen([sys.executable, "-c", script, os.path.join(self.runtime, "lease.sock")],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        client.stdout.readline()
        self.assertFalse(self.wait_until_gone(pid, 2.5))
        client.kill()
        client.communicate()
        self.assertTrue(self.wait_until_gone(pid, 5))

    def test_it_ends_when_its_directory_is_removed(self):
        self.start(idle=60)
        pid = self.ready()["pid"]
        shutil.rmtree(self.runtime)
        self.assertTrue(self.wait_until_gone(pid, 5))

    def test_it_ends_on_sigterm_and_a_new_one_can_start(self):
        self.start(idle=60)
        pid = self.ready()["pid"]
        os.kill(pid, signal.SIGTERM)
        again = self.start()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotEqual(self.ready()["pid"], pid)

    def test_a_killed_engine_is_replaced(self):
        self.start(idle=60)
        pid = self.ready()["pid"]
        lease, _ = self.lease()
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(lease.recv(1), b"")  # the client learns of it
        self.assertEqual(self.start().returncode, 0)
        self.assertNotEqual(self.ready()["pid"], pid)

    def test_a_bad_model_fails_with_a_reason(self):
        path = os.path.join(self.folder, "bad.gguf")
        with open(path, "wb") as file:
            file.write(b"GGUF" + bytes(2000))
        for model in (path, os.path.join(self.folder, "none.gguf")):
            started = self.start(model=model)
            self.assertEqual(started.returncode, 1)
            self.assertIn(model, started.stderr)
            with open(os.path.join(self.runtime, "failed")) as file:
                self.assertIn(model, json.load(file)["message"])

    def test_a_lease_is_greeted_with_the_engines_facts(self):
        self.start()
        _, facts = self.lease()
        self.assertEqual(facts, self.ready())


if __name__ == "__main__":
    unittest.main()
