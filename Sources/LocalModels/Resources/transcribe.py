#!/usr/bin/env python3
# Writes down what is said in a recording: Whisper by CTranslate2, sound files by libsndfile, both from unpacked wheels.
# Speaks JSON lines on stdout. Nothing beside the standard library, numpy, ctranslate2 and libsndfile.
"""usage: transcribe.py --engine DIR --model DIR --audio FILE [--temperature T] [--words] [--threads N] [--ffmpeg PATH]

Lines, in order:
  {"event": "start", "seconds": length of the recording}
  {"event": "segment", "text", "start", "end", "words": [{"text", "start", "end"}]}    as soon as 30 seconds are understood
  {"event": "done", "language": "en", "seconds", "tokens"}
  {"event": "error", "message"}                                                        in place of `done`; exit code 1

What libsndfile cannot read is read by ffmpeg where PATH is given. Sound is read piece by piece: an hour takes no more memory
than a minute.
"""
import argparse
import ctypes
import glob
import json
import math
import os
import subprocess
import sys
import types
import zlib

RATE = 16000
WINDOW_SECONDS = 30
HOP = 160
FRAMES_PER_SECOND = RATE // HOP
FFT = 400
MELS = 80
# Ids of the English-only vocabulary; the special ones follow each other.
END, START, TIME_ZERO = 50256, 50257, 50363
TIME_STEP = 0.02
MAX_TOKENS = 448
# Fallback as the Whisper authors describe it (arXiv 2212.04356, §4.5): what repeats itself or is unlikely is tried again, hotter.
TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MAX_COMPRESSION = 2.4
MIN_LOG_PROBABILITY = -1.0
MAX_SILENCE = 0.6
# Whisper hears "You" in digital silence: below this peak (-66 dB) it is not asked.
SILENT_PEAK = 0.0005
BEAMS = 5
PARENT = os.getppid()


class Failed(Exception):
    """The recording cannot be written down; the message is for a user."""


def emit(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def check_parent():
    if os.getppid() != PARENT:
        raise Failed("the program that asked is gone")


# -- sound files ------------------------------------------------------------------------------------------------------

class SoundInfo(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("rate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


class SoundFile:
    """A file that libsndfile reads: WAV, AIFF, FLAC, Ogg Vorbis, Ogg Opus, MP3 and older ones."""

    def __init__(self, library, path):
        self.library = library
        library.sf_open.restype = ctypes.c_void_p
        library.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(SoundInfo)]
        library.sf_readf_float.restype = ctypes.c_int64
        library.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
        library.sf_strerror.restype = ctypes.c_char_p
        library.sf_strerror.argtypes = [ctypes.c_void_p]
        library.sf_close.argtypes = [ctypes.c_void_p]
        info = SoundInfo()
        self.handle = library.sf_open(os.fsencode(path), 0x10, ctypes.byref(info))  # SFM_READ
        if not self.handle:
            raise Failed(library.sf_strerror(None).decode(errors="replace").rstrip("."))
        self.rate, self.channels, self.frames = info.rate, info.channels, info.frames
        if self.rate <= 0 or self.channels <= 0:
            raise Failed("the file says that it has %d channels at %d Hz" % (self.channels, self.rate))

    def read(self, frames):
        """Up to `frames` frames, all channels in one. Empty at the end."""
        block = numpy.empty((frames, self.channels), numpy.float32)
        count = self.library.sf_readf_float(self.handle, block.ctypes.data, frames)
        return block[:max(count, 0)].mean(axis=1, dtype=numpy.float32)

    def close(self):
        self.library.sf_close(self.handle)


class DecodedFile:
    """A file that ffmpeg reads; its sound comes through a pipe at the right rate."""

    def __init__(self, ffmpeg, path):
        self.rate, self.frames = RATE, 0
        # `file:` keeps ffmpeg from taking a name for an address, and the list of protocols from following what is in the file.
        self.process = subprocess.Popen(
            [ffmpeg, "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-i", "file:" + path, "-vn",
             "-ac", "1", "-ar", str(RATE), "-f", "f32le", "pipe:1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def read(self, frames):
        data = b""
        while len(data) < frames * 4 and (piece := self.process.stdout.read(frames * 4 - len(data))):
            data += piece
        if len(data) < frames * 4:
            said = self.process.stderr.read(4096).decode(errors="replace").strip().splitlines()
            if self.process.wait() != 0:
                raise Failed("ffmpeg cannot read it: " + (said[-1] if said else "exit code %d" % self.process.returncode))
        return numpy.frombuffer(data[:len(data) // 4 * 4], numpy.float32)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def open_sound(options):
    if not os.path.isfile(options.audio):
        raise Failed("there is no file at " + options.audio)
    libraries = glob.glob(os.path.join(options.engine, "_soundfile_data", "libsndfile*.so"))
    reason = "libsndfile is not there"
    if libraries:
        try:
            return SoundFile(ctypes.CDLL(libraries[0]), options.audio)
        except Failed as error:
            reason = str(error)
    if options.ffmpeg:
        return DecodedFile(options.ffmpeg, options.audio)
    raise Failed("the recording cannot be read (%s); WAV, FLAC, Ogg, Opus and MP3 can be, and all that ffmpeg reads where it "
                 "is installed (apt install ffmpeg)" % reason)


class Resampler:
    """Turns any rate into 16 kHz by a polyphase filter: a sinc in a Hann window, 16 zero crossings to each side."""

    def __init__(self, rate):
        common = math.gcd(rate, RATE)
        self.up, self.down = RATE // common, rate // common
        scale = max(1.0, self.down / self.up)
        self.half = math.ceil(16 * scale)
        taps = numpy.arange(-self.half, self.half + 1)
        self.filters = []
        for phase in range(self.up):
            offset = phase * self.down % self.up / self.up
            at = (taps - offset) / scale
            window = numpy.where(numpy.abs(at) < 16, 0.5 + 0.5 * numpy.cos(numpy.pi * at / 16), 0)
            kernel = numpy.sinc(at) * window
            self.filters.append((kernel / kernel.sum()).astype(numpy.float32))

    def block(self, padded, periods):
        """`periods` × `up` samples out of `periods` × `down` ones, which have `half` more on either side."""
        if self.up == self.down:
            return padded[self.half:self.half + periods]
        windows = numpy.lib.stride_tricks.sliding_window_view(padded, 2 * self.half + 1)
        out = numpy.empty(periods * self.up, numpy.float32)
        for phase, kernel in enumerate(self.filters):
            out[phase::self.up] = windows[phase * self.down // self.up::self.down][:periods] @ kernel
        return out


def samples(source):
    """Blocks of sound at 16 kHz, one after the other."""
    resampler = Resampler(source.rate)
    periods = max(1, RATE * 5 // resampler.up)
    wanted = periods * resampler.down
    nothing = numpy.zeros(resampler.half, numpy.float32)
    held, ended, left = nothing, False, None
    while not ended or len(held) > 2 * resampler.half:
        while not ended and len(held) < wanted + 2 * resampler.half:
            piece = source.read(wanted)
            if not len(piece):
                ended, left = True, len(held) - resampler.half
                held = numpy.concatenate([held, numpy.zeros(2 * (wanted + resampler.half), numpy.float32)])
            else:
                held = numpy.concatenate([held, piece])
        if ended and left <= 0:
            return
        block = resampler.block(held[:wanted + 2 * resampler.half], periods)
        if ended:
            block = block[:math.ceil(left * resampler.up / resampler.down)]
            left -= wanted
        if len(block):
            yield block
        held = held[wanted:]


# -- what the model hears ---------------------------------------------------------------------------------------------

def mel_filters():
    """80 triangles on Slaney's mel scale, as Whisper was trained with."""
    frequencies = numpy.fft.rfftfreq(FFT, 1 / RATE)
    top = 15 + math.log(RATE / 2 / 1000) / (math.log(6.4) / 27)
    mels = numpy.linspace(0, top, MELS + 2)
    edges = numpy.where(mels >= 15, 1000 * numpy.exp(math.log(6.4) / 27 * (mels - 15)), 200 / 3 * mels)
    slopes = edges[:, None] - frequencies[None, :]
    widths = numpy.diff(edges)
    lower, upper = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    filters = numpy.maximum(0, numpy.minimum(lower, upper))
    return (filters * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(numpy.float32)


def log_mel(sound, filters):
    """80 × 3000 numbers of a window of up to 30 seconds; what is missing is silence."""
    length = WINDOW_SECONDS * RATE
    padded = numpy.zeros(length + FFT, numpy.float32)
    padded[FFT // 2:FFT // 2 + len(sound)] = sound
    if len(sound) > FFT // 2:
        padded[:FFT // 2] = sound[FFT // 2:0:-1]
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, FFT)[:-1:HOP]
    window = numpy.hanning(FFT + 1)[:-1].astype(numpy.float32)
    power = numpy.abs(numpy.fft.rfft(frames * window)).astype(numpy.float32) ** 2
    mel = numpy.log10(numpy.maximum(filters @ power.T, 1e-10))
    return numpy.ascontiguousarray((numpy.maximum(mel, mel.max() - 8) + 4) / 4, dtype=numpy.float32)


class Vocabulary:
    """Ids to text. Tokens are written in GPT-2's alphabet of printable stand-ins for bytes."""

    def __init__(self, folder):
        with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
            known = json.load(file)["model"]["vocab"]
        printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
        others = [byte for byte in range(256) if byte not in printable]
        byte_of = {chr(byte): byte for byte in printable}
        byte_of.update({chr(256 + place): byte for place, byte in enumerate(others)})
        self.bytes = {number: bytes(byte_of[letter] for letter in token) for token, number in known.items()}

    def text(self, tokens):
        return b"".join(self.bytes.get(token, b"") for token in tokens).decode("utf-8", "replace")

    def words(self, tokens):
        """The tokens of each word; a word begins with a space."""
        words = []
        for token in tokens:
            if not words or self.bytes.get(token, b"").startswith(b" "):
                words.append([])
            words[-1].append(token)
        return words


class Whisper:
    def __init__(self, options):
        self.module = load_ctranslate2(options.engine)
        self.model = self.module.Whisper(options.model, device="cpu", compute_type="int8",
                                         intra_threads=options.threads, inter_threads=1)
        self.vocabulary = Vocabulary(options.model)
        self.filters = mel_filters()
        self.temperatures = TEMPERATURES if options.temperature is None else (options.temperature,)
        self.wants_words = options.words
        self.tokens = 0

    def hear(self, sound, is_last):
        """Segments of one window, and how many of its seconds are done with."""
        seconds = len(sound) / RATE
        if numpy.abs(sound).max() < SILENT_PEAK:
            return [], seconds
        features = self.module.StorageView.from_array(log_mel(sound, self.filters)[None])
        encoded = self.model.encode(features)
        tokens, is_silence = self.decode(encoded)
        if is_silence:
            return [], seconds
        segments, done = self.split(tokens, seconds)
        if is_last and done < seconds and not segments:
            done = seconds
        if self.wants_words:
            self.find_words(encoded, segments, len(sound) // HOP)
        return [self.shown(segment) for segment in segments], done

    def decode(self, encoded):
        """The most likely tokens, and whether nobody speaks."""
        best = None
        for temperature in self.temperatures:
            hot = {"beam_size": 1, "num_hypotheses": 5, "sampling_topk": 0, "sampling_temperature": temperature}
            result = self.model.generate(
                encoded, [[START]], max_length=MAX_TOKENS, return_scores=True, return_no_speech_prob=True,
                suppress_blank=True, suppress_tokens=[-1], max_initial_timestamp_index=50,
                **(hot if temperature > 0 else {"beam_size": BEAMS}))[0]
            tokens = result.sequences_ids[0]
            self.tokens += len(tokens)
            likely = result.scores[0] * len(tokens) / (len(tokens) + 1)
            text = self.vocabulary.text(tokens).encode()
            repeats = len(text) / len(zlib.compress(text)) > MAX_COMPRESSION if text else False
            silent = result.no_speech_prob > MAX_SILENCE and likely < MIN_LOG_PROBABILITY
            if best is None or (best[2], best[1]) < (not repeats, likely):
                best = (tokens, likely, not repeats, silent)
            if silent or (not repeats and likely >= MIN_LOG_PROBABILITY):
                return tokens, silent
        return best[0], best[3]

    @staticmethod
    def split(tokens, seconds):
        """Cuts tokens at their marks of time; the last piece is heard again with what follows unless it is whole."""
        def time(token):
            return (token - TIME_ZERO) * TIME_STEP
        segments, start, words, done, last = [], 0.0, [], seconds, None
        for place, token in enumerate(tokens):
            if token < TIME_ZERO:
                if token < END:
                    words.append(token)
                continue
            last = time(token)
            if words:
                segments.append({"start": start, "end": min(last, seconds), "tokens": words})
                words = []
            start = last
            # Two marks in a row: what follows the second one is of the next window, if it has no end here.
            done = last if place and tokens[place - 1] >= TIME_ZERO else done
        if words:  # no mark behind them: all there is, or the beginning of what the next window holds
            if not segments or done >= seconds or done <= 0:
                segments.append({"start": start, "end": seconds, "tokens": words})
                done = seconds
        elif len(tokens) < 2 or tokens[-2] < TIME_ZERO:  # a single mark at the end: nothing more is said
            done = seconds
        return segments, done if done > 0 else seconds

    def find_words(self, encoded, segments, frames):
        """Adds to each segment when each of its words is said, by the attention of the model (dynamic time warping)."""
        tokens = [token for segment in segments for token in segment["tokens"]]
        if not tokens:
            return
        pairs = numpy.array(self.model.align(encoded, [START], [tokens], frames, median_filter_width=7)[0].alignments)
        jumps = numpy.concatenate([[True], numpy.diff(pairs[:, 0]) > 0])
        times = pairs[jumps, 1] * TIME_STEP
        place = 0
        for segment in segments:
            segment["words"] = []
            for word in self.vocabulary.words(segment["tokens"]):
                first, place = place, place + len(word)
                segment["words"].append({
                    "text": self.vocabulary.text(word).strip(), "start": float(times[min(first, len(times) - 1)]),
                    "end": float(times[min(place, len(times) - 1)])})

    def shown(self, segment):
        return dict(segment, text=self.vocabulary.text(segment.pop("tokens")).strip())


def load_ctranslate2(folder):
    """The compiled half of ctranslate2; the other half converts models and would want more packages."""
    package = types.ModuleType("ctranslate2")
    package.__path__ = [os.path.join(folder, "ctranslate2")]
    sys.modules["ctranslate2"] = package
    import ctranslate2._ext
    return ctranslate2._ext


def transcribe(options):
    source = open_sound(options)
    whisper = Whisper(options)
    emit("start", seconds=round(source.frames / source.rate, 3) if source.frames else None)
    blocks, held, ended, start = samples(source), numpy.zeros(0, numpy.float32), False, 0.0
    length = WINDOW_SECONDS * RATE
    while True:
        while not ended and len(held) < length:
            block = next(blocks, None)
            ended = block is None
            if not ended:
                held = numpy.concatenate([held, block])
        if len(held) < RATE // 10:  # a rest of less than a tenth of a second holds no word
            break
        check_parent()
        segments, done = whisper.hear(held[:length], ended and len(held) <= length)
        for segment in segments:
            for part in [segment, *segment.get("words", [])]:
                part.update(start=round(start + part["start"], 2), end=round(start + part["end"], 2))
            emit("segment", **segment)
        start += done
        held = held[max(1, int(done * RATE)):]
    source.close()
    emit("done", language="en", seconds=round(start + len(held) / RATE, 3), tokens=whisper.tokens)


def main():
    parser = argparse.ArgumentParser(description="Writes down what is said in a recording.")
    parser.add_argument("--engine", required=True, help="the folder of the unpacked wheels")
    parser.add_argument("--model", required=True, help="the folder of the model")
    parser.add_argument("--audio", required=True)
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--ffmpeg")
    options = parser.parse_args()
    sys.path.insert(0, options.engine)
    try:
        global numpy
        import numpy
        transcribe(options)
    except ImportError as error:
        emit("error", message="the engine of transcription cannot be loaded: %s" % error)
        return 1
    except Failed as error:
        emit("error", message=str(error))
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    sys.stdout.flush()
    os._exit(0)  # without the library's destructors, which wait for its threads


if __name__ == "__main__":
    sys.exit(main())
