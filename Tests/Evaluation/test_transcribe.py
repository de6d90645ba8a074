#!/usr/bin/env python3
# Tests the parts of transcribe.py that need no model: rates, spectra, tokens, cuts; and the whole of it on files that are silent,
# noisy or no recordings. Needs the fetched engine of transcription, which it makes present first.
# Run: python3 Tests/Evaluation/test_transcribe.py
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
RESOURCES = os.path.join(HERE, "..", "..", "Sources", "LocalModels", "Resources")
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], ".cache"), "agent", "local")
fetched = subprocess.run(
    [sys.executable, os.path.join(RESOURCES, "fetch.py"), CACHE, os.path.join(RESOURCES, "models.json"), "--model", "whisper-tiny.en"],
    capture_output=True, text=True, check=True)
PLACES = json.loads(fetched.stdout.splitlines()[-1])
ENGINE, MODEL = PLACES["speech_engine"], PLACES["models"]["whisper-tiny.en"]
sys.path[:0] = [RESOURCES, ENGINE]
import numpy  # noqa: E402
import transcribe  # noqa: E402

transcribe.numpy = numpy


class Source:
    """Sound of some rate, in pieces of some size."""

    def __init__(self, sound, rate, piece):
        self.sound, self.rate, self.frames, self.piece = sound, rate, len(sound), piece

    def read(self, frames):
        count = min(frames, self.piece)
        piece, self.sound = self.sound[:count], self.sound[count:]
        return piece


class TranscribeTests(unittest.TestCase):
    def run_on(self, path, *more):
        done = subprocess.run(
            [sys.executable, os.path.join(RESOURCES, "transcribe.py"), "--engine", ENGINE, "--model", MODEL, "--audio", path, *more],
            capture_output=True, text=True, timeout=300)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def write(self, samples, rate=16000, channels=1):
        path = os.path.join(self.folder.name, "a.wav")
        with wave.open(path, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(b"".join(struct.pack("<h", int(sample)) * channels for sample in samples))
        return path

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def test_a_tone_keeps_its_pitch_at_every_rate_and_in_pieces_of_any_size(self):
        for rate in (8000, 11025, 16000, 22050, 44100, 48000, 96000):
            for piece in (777, 1 << 20):
                seconds = 6.3
                at = numpy.arange(int(rate * seconds)) / rate
                source = Source(numpy.sin(2 * math.pi * 440 * at).astype(numpy.float32), rate, piece)
                heard = numpy.concatenate(list(transcribe.samples(source)))
                self.assertLessEqual(abs(len(heard) - 16000 * seconds), 2, (rate, piece))
                wanted = numpy.sin(2 * math.pi * 440 * numpy.arange(len(heard)) / 16000)
                inside = slice(400, -400)
                self.assertLess(numpy.abs(heard[inside] - wanted[inside]).max(), 0.01, (rate, piece))

    def test_what_is_too_high_for_16_kHz_is_taken_out(self):
        at = numpy.arange(48000 * 2) / 48000
        source = Source(numpy.sin(2 * math.pi * 12000 * at).astype(numpy.float32), 48000, 5000)
        heard = numpy.concatenate(list(transcribe.samples(source)))
        self.assertLess(numpy.abs(heard[400:-400]).max(), 0.01)

    def test_the_spectrum_has_the_form_and_the_place_of_a_tone(self):
        filters = transcribe.mel_filters()
        self.assertEqual(filters.shape, (80, 201))
        at = numpy.arange(16000) / 16000
        mel = transcribe.log_mel(numpy.sin(2 * math.pi * 1000 * at).astype(numpy.float32), filters)
        self.assertEqual((mel.shape, mel.dtype), ((80, 3000), numpy.float32))
        self.assertEqual(int(mel[:, 50].argmax()), int(filters[:, 25].argmax()))  # 1000 Hz is bin 25
        self.assertAlmostEqual(float(mel.max() - mel.min()), 2, places=5)  # 8 decades, a quarter each

    def test_tokens_are_text_and_words(self):
        vocabulary = transcribe.Vocabulary(MODEL)
        with open(os.path.join(MODEL, "tokenizer.json"), encoding="utf-8") as file:
            ids = json.load(file)["model"]["vocab"]
        tokens = [ids[token] for token in ("\u0120Hello", "\u0120na", "\u00c3\u00af", "ve", ",", "\u0120you")]
        self.assertEqual(vocabulary.text(tokens), " Hello na\u00efve, you")
        self.assertEqual([vocabulary.text(word) for word in vocabulary.words(tokens)], [" Hello", " na\u00efve,", " you"])

    def test_tokens_are_cut_at_marks_of_time(self):
        def mark(seconds):
            return transcribe.TIME_ZERO + round(seconds / transcribe.TIME_STEP)
        cut = transcribe.Whisper.split
        # Two whole segments; the third begins and has no end: it is heard again from 4 seconds on.
        segments, done = cut([mark(0), 11, 12, mark(2), mark(2), 13, mark(4), mark(4), 14], 30.0)
        self.assertEqual([(one["start"], one["end"], one["tokens"]) for one in segments], [(0, 2, [11, 12]), (2, 4, [13])])
        self.assertEqual(done, 4)
        # A mark at the end, alone: nothing more is said in this window.
        segments, done = cut([mark(0), 11, mark(2)], 30.0)
        self.assertEqual((len(segments), done), (1, 30.0))
        # No end at all: it lasts as long as the window.
        segments, done = cut([mark(1), 11], 30.0)
        self.assertEqual((segments[0]["start"], segments[0]["end"], done), (1, 30.0, 30.0))
        self.assertEqual(cut([], 30.0), ([], 30.0))

    def test_silence_says_nothing(self):
        code, events = self.run_on(self.write([0] * 16000 * 31))
        self.assertEqual((code, [event["event"] for event in events]), (0, ["start", "done"]))
        self.assertEqual(events[-1]["seconds"], 31)
        code, events = self.run_on(self.write([0] * 100))
        self.assertEqual((code, events[-1]["event"]), (0, "done"))

    def test_what_is_no_recording_is_named(self):
        path = os.path.join(self.folder.name, "a.mp4")
        with open(path, "wb") as file:
            file.write(b"no sound in here")
        code, events = self.run_on(path)
        self.assertEqual((code, events[-1]["event"]), (1, "error"))
        self.assertIn("the recording cannot be read (", events[-1]["message"])
        code, events = self.run_on(path + ".none")
        self.assertEqual((code, events[-1]["message"]), (1, "there is no file at " + path + ".none"))

    def test_an_ffmpeg_that_fails_is_named(self):
        path = os.path.join(self.folder.name, "a.mp4")
        program = os.path.join(self.folder.name, "ffmpeg")
        for name, text in ((path, "no sound"), (program, "#!/bin/sh\necho 'moov atom not found' >&2\nexit 1\n")):
            with open(name, "w") as file:
                file.write(text)
        os.chmod(program, 0o700)
        code, events = self.run_on(path, "--ffmpeg", program)
        self.assertEqual((code, events[-1]["message"]), (1, "ffmpeg cannot read it: moov atom not found"))

    def test_what_ffmpeg_reads_is_heard(self):
        path = os.path.join(self.folder.name, "a.mp4")
        program = os.path.join(self.folder.name, "ffmpeg")
        for name, text in ((path, "no sound"), (program, "#!/bin/sh\nhead -c 256000 /dev/zero\n")):
            with open(name, "w") as file:
                file.write(text)
        os.chmod(program, 0o700)
        code, events = self.run_on(path, "--ffmpeg", program)
        self.assertEqual((code, events[-1]["event"], events[-1]["seconds"]), (0, "done", 4))


if __name__ == "__main__":
    unittest.main()
