#!/usr/bin/env python3
# Hosts llama.cpp's HTTP server for one model on a Unix socket, shared by all runs of this user, and ends when nobody needs it.
# Started on demand and detached; see "Files" below for the whole protocol. Standard library only, beside xllamacpp itself.
"""usage: engine.py --runtime-dir DIR --model FILE (--engine-path DIR | --llama-server PATH)
                    [--embeddings] [--idle SECONDS] [--context N] [--threads N] [--log-limit BYTES]

With --embeddings the server answers /v1/embeddings, a text a time, and no chat; vectors are the mean over a text's tokens, of length 1.

Returns as soon as an engine serves DIR (its own detached child, or one that was there already), or after it failed.
Exit codes: 0 ready, 1 failed (the reason is in DIR/failed and on stderr), 2 wrong usage.

Files in DIR (mode 0700, owned by this user; keep its path under 90 bytes):
  lock         flock, held by the engine for its whole life; free means no engine runs here
  http.sock    llama.cpp's HTTP API (a Unix socket)
  lease.sock   a client connects and keeps the connection open as long as it needs the engine; nothing is sent.
               The engine writes one line to each new lease: the content of `ready`
  ready        JSON {"pid", "http", "lease", "model", "context", "engine", "started"}; written when /health answered 200
  failed       JSON {"message"}; written when the start failed, removed at the next start
  log          stdout and stderr of the engine; begins anew at each start
The engine ends when no lease was open for --idle seconds (3 or more before the first lease), on SIGTERM, or when DIR or its lease.sock is gone.
"""
import argparse
import ctypes
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
TICK_SECONDS = 0.25
START_TIMEOUT_SECONDS = 300
# Who started an engine must have the time to come and take a lease.
FIRST_LEASE_SECONDS = 3
# Prompt tokens between two looks at whether the client is still there.
BATCH_TOKENS = 512
# Spinning OpenMP threads starve each other when other processes use the cores; read once, when libgomp loads.
SPIN = {"GOMP_SPINCOUNT": "1000"}


class Failed(Exception):
    """The engine cannot start; the message is for a user."""


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def write_file(path, value):
    """Writes JSON so that a reader sees the whole of it or nothing."""
    temporary = "%s.%d" % (path, os.getpid())
    with open(temporary, "w") as file:
        json.dump(value, file)
        file.write("\n")
    os.replace(temporary, path)


def read_file(path):
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def remove(path):
    try:
        os.unlink(path)
    except OSError:
        pass


class UnixHTTPConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def healthy(path):
    connection = UnixHTTPConnection(path, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Place:
    """The runtime directory and the names in it."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.lock, self.http, self.lease, self.ready, self.failed, self.log = (
            os.path.join(self.folder, name) for name in ("lock", "http.sock", "lease.sock", "ready", "failed", "log"))

    def prepare(self):
        if len(os.fsencode(self.lease)) > 100:
            raise Failed("the runtime directory's path is too long for a Unix socket: " + self.folder)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        status = os.lstat(self.folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise Failed("the runtime directory belongs to somebody else: " + self.folder)
        os.chmod(self.folder, 0o700)

    def try_lock(self):
        """The open lock file, or None when a living engine (or one that starts) holds it."""
        file = open(self.lock, "a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            file.close()
            return None


# -- the starter: what a client runs ----------------------------------------------------------------------------------

def start(place, options):
    """Waits until an engine serves the place; starts a detached one when there is none."""
    place.prepare()
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    host = None
    while time.monotonic() < deadline:
        lock = place.try_lock()
        if lock is not None:
            if host is not None:  # it ran and let go of the lock again
                host.wait()
                raise Failed((read_file(place.failed) or {}).get("message", "the engine ended while it started; see " + place.log))
            remove(place.ready)
            remove(place.failed)
            host = spawn_host(place, lock)
            lock.close()  # the host inherited the open file, and with it the lock
        elif os.path.exists(place.ready):
            # The lock is held, so this is of a living engine. Not /health: requests may wait in line before it. Nor a look at
            # lease.sock: that would be a first lease, behind which an engine with --idle 0 ends before the client has its own.
            return
        elif host is not None and host.poll() is not None:
            raise Failed((read_file(place.failed) or {}).get("message", "the engine ended while it started; see " + place.log))
        time.sleep(0.05)
    raise Failed("the engine was not ready after %d seconds; see %s" % (START_TIMEOUT_SECONDS, place.log))


def spawn_host(place, lock):
    open(place.log, "w").close()
    with open(place.log, "a") as log:  # appending, so that it can be cut while the engine runs
        return subprocess.Popen([sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--host", str(lock.fileno())],
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/",
                                pass_fds=[lock.fileno()], env=dict(os.environ, **SPIN))


# -- the host: what stays ---------------------------------------------------------------------------------------------

class InProcess:
    """xllamacpp: the server's threads live in this process."""

    def __init__(self, options, place):
        sys.path.insert(0, options.engine_path)
        try:
            import xllamacpp
        except ImportError as error:
            raise Failed("the engine cannot be loaded: %s%s" % (
                error, "; install libgomp1" if "libgomp" in str(error) else ""))
        params = xllamacpp.CommonParams()
        params.model.path = options.model
        params.model_alias = {"local"} if isinstance(params.model_alias, (set, frozenset)) else params.model_alias
        params.hostnames = [place.http]  # a name that ends in .sock is a Unix socket
        params.n_ctx = options.context
        params.n_batch = BATCH_TOKENS
        if options.embeddings:
            params.embedding = True
            params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
            params.n_batch = params.n_ubatch = options.context  # a text is read as a whole
        params.n_parallel = 1
        params.cache_prompt = True
        params.cache_ram_mib = 256
        params.cpuparams.n_threads = options.threads
        params.cpuparams_batch.n_threads = options.threads
        params.use_jinja = True
        try:
            self.server = xllamacpp.Server(params)
        except Exception as error:  # xllamacpp raises RuntimeError; the reason is in the log
            raise Failed("the engine cannot load %s (%s); see %s" % (options.model, error, place.log))
        self.name = "xllamacpp " + getattr(xllamacpp, "__version__", "")

    def alive(self):
        return True

    def stop(self):
        pass


class Child:
    """A llama-server of the machine, which dies with this process."""

    # Not in every version; left out where --help does not know them.
    YOUNG_OPTIONS = (("--jinja",), ("--cache-ram", "256"))

    def __init__(self, options, place):
        self.name = os.path.basename(options.llama_server)
        command = [options.llama_server, "--model", options.model, "--host", place.http, "--alias", "local",
                   "--ctx-size", str(options.context), "--batch-size", str(BATCH_TOKENS), "--parallel", "1",
                   "--threads", str(options.threads), "--threads-batch", str(options.threads)]
        if options.embeddings:
            command += ["--embedding", "--pooling", "mean", "--ubatch-size", str(options.context)]
        environment = {name: value for name, value in os.environ.items() if name != "LLAMA_API_KEY"}
        try:
            known = self.help(options.llama_server)
            for option in self.YOUNG_OPTIONS:
                if option[0] in known.split():
                    command += option
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment, preexec_fn=die_with_parent)
        except OSError as error:
            raise Failed("%s cannot be run: %s" % (options.llama_server, error.strerror))

    @staticmethod
    def help(program):
        """What --help prints. Raises Failed for a version that serves on TCP ports only, which other users could reach."""
        try:
            shown = subprocess.run([program, "--help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, timeout=30, preexec_fn=die_with_parent)
        except subprocess.TimeoutExpired:
            raise Failed("%s --help does not end" % program)
        text = shown.stdout.decode(errors="replace")
        if "unix socket" not in " ".join(text.lower().split()):
            raise Failed("%s cannot serve on a Unix socket; take one of April 2025 or later (b5000), or take it off PATH: then "
                         "an engine is fetched" % program)
        return text

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Leases:
    """Counts the open connections to lease.sock."""

    def __init__(self, path):
        remove(path)
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.inode = os.stat(path).st_ino
        self.open = []
        self.first = True  # nobody had a lease yet
        self.unused_since = time.monotonic()

    def wait(self, seconds, greeting):
        ready, _, _ = select.select([self.listener, *self.open], [], [], seconds)
        for connection in ready:
            if connection is self.listener:
                self.accept(greeting)
            else:
                self.read(connection)
        if self.open:
            self.unused_since = time.monotonic()

    def accept(self, greeting):
        try:
            connection, _ = self.listener.accept()
            connection.setblocking(False)
            connection.send(greeting)
        except OSError:
            return
        self.open.append(connection)
        self.first = False

    def read(self, connection):
        try:
            if connection.recv(4096):
                return  # nothing is expected; not an end
        except BlockingIOError:
            return
        except OSError:
            pass
        connection.close()
        self.open.remove(connection)

    def are_wanted(self, idle):
        """Whether one is open, or was open less than `idle` seconds ago."""
        if self.open:
            return True
        return time.monotonic() - self.unused_since < (max(idle, FIRST_LEASE_SECONDS) if self.first else idle)

    def still_ours(self):
        try:
            return os.stat(self.path).st_ino == self.inode
        except OSError:
            return False


class Terminated(Exception):
    pass


def host(place, options):
    """Serves until nobody needs it. Holds the lock through the inherited descriptor."""
    def terminate(*_):
        raise Terminated
    signal.signal(signal.SIGTERM, terminate)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the client
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    engine = None
    try:
        remove(place.http)
        if not os.path.isfile(options.model):
            raise Failed("there is no model file at " + options.model)
        with open(options.model, "rb") as file:
            if file.read(4) != b"GGUF":
                raise Failed("this is not a GGUF model file: " + options.model)
        engine = Child(options, place) if options.llama_server else InProcess(options, place)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not healthy(place.http):
            if not engine.alive() or time.monotonic() > deadline:
                raise Failed("the engine cannot load %s; see %s" % (options.model, place.log))
            time.sleep(0.05)
        leases = Leases(place.lease)
        facts = {"pid": os.getpid(), "http": place.http, "lease": place.lease, "model": options.model,
                 "context": options.context, "engine": engine.name, "started": int(time.time())}
        write_file(place.ready, facts)
        greeting = (json.dumps(facts) + "\n").encode()
        while engine.alive() and leases.still_ours() and leases.are_wanted(options.idle):
            leases.wait(TICK_SECONDS, greeting)
            keep_log_small(place.log, options.log_limit)
        return 0
    except Failed as error:
        try:
            write_file(place.failed, {"message": str(error)})
        except OSError:
            pass  # the directory is gone
        return 1
    except Terminated:
        return 0
    finally:
        # From here a newcomer that sees no `ready` waits for the lock, which the kernel frees when this process ends.
        for path in (place.ready, place.lease, place.http):
            remove(path)
        if engine is not None:
            engine.stop()


def keep_log_small(path, limit):
    try:
        if os.path.getsize(path) > limit:
            os.truncate(path, 0)
    except OSError:
        pass


def main():
    parser = argparse.ArgumentParser(description="Hosts llama.cpp's HTTP server on a Unix socket, shared by runs.")
    parser.add_argument("--runtime-dir", required=True)
    parser.add_argument("--model", required=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--engine-path", help="the unpacked xllamacpp wheel")
    which.add_argument("--llama-server", help="the llama-server program to use instead")
    parser.add_argument("--embeddings", action="store_true", help="serve embeddings, not chat")
    parser.add_argument("--idle", type=float, default=300)
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--log-limit", type=int, default=4 << 20)
    parser.add_argument("--host", type=int, help=argparse.SUPPRESS)  # the lock's descriptor: this is the detached child
    options = parser.parse_args()
    options.model = os.path.abspath(options.model)
    place = Place(options.runtime_dir)
    if options.host is not None:
        code = host(place, options)
        sys.stdout.flush()
        os._exit(code)  # without the library's destructors, which wait for its threads
    try:
        start(place, options)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print("%s: %s" % (error.filename or place.folder, error.strerror), file=sys.stderr)
        return 1
    print(json.dumps(read_file(place.ready)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
