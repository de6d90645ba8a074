# SPDX-License-Identifier: Apache-2.0
"""Uploads a large file with each command that sends files, to a sink on loopback. See scripts/bench-upload."""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROUNDS = 5
ALLOWED_MEGABYTES = 8
ANSWERS = {
    b"/v1/files": b'{"id":"f","object":"file"}',
    b"/v1/audio/transcriptions": b'{"model":"m","text":"hello","language":null}',
    b"/v1/ocr": b'{"model":"m","pages":[{"index":0,"markdown":"# One"}]}',
}


class Sink:
    """Takes requests, throws their bodies away, and remembers how long the last one took from its first byte on."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.bytes, self.seconds = 0, 0.0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            try:
                self.take(connection)
            except OSError:
                pass
            connection.close()

    def take(self, connection):
        buffer = bytearray(1 << 20)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(1 << 16)
            if not piece:
                return
            head += piece
        started = time.perf_counter()
        head, _, rest = head.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if b"content-length" in fields:
            left = int(fields[b"content-length"]) - len(rest)
            total = left + len(rest)
            while left > 0 and (count := connection.recv_into(buffer)):
                left -= count
        else:
            total, tail = len(rest), rest[-5:]
            while tail[-5:] != b"0\r\n\r\n" and (count := connection.recv_into(buffer)):
                total += count
                tail = (tail + bytes(buffer[max(0, count - 5):count]))[-5:]
        self.bytes, self.seconds = total, time.perf_counter() - started
        answer = ANSWERS.get(head.split(b" ")[1], b"{}")
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(answer), answer))


def run(command, url):
    """Peak memory of the command in bytes, and its seconds."""
    variables = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "MISTRAL_SERVER_URL": url, "MISTRAL_API_KEY": "k"}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command}: exit {process.returncode}: {said.decode(errors='replace')}")
    return usage.ru_maxrss * 1024, time.perf_counter() - started


def limit(sink, path):
    """MB/s of a socket that reads the file and writes it to the sink, a megabyte at a time; and of sendfile."""
    rates = []
    for send in ("write", "sendfile"):
        best = 0.0
        for _ in range(ROUNDS):
            size = path.stat().st_size
            with socket.create_connection(sink.listener.getsockname()) as connection, open(path, "rb", buffering=0) as file:
                started = time.perf_counter()
                connection.sendall(b"POST /v1/files HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % size)
                if send == "sendfile":
                    connection.sendfile(file)
                else:
                    while piece := file.read(1 << 20):
                        connection.sendall(piece)
                while connection.recv(4096):
                    pass
                best = max(best, size / 1e6 / (time.perf_counter() - started))
        rates.append(best)
    return rates


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    agent, megabytes = sys.argv[1], int(sys.argv[2])
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        small, large = pathlib.Path(folder) / "small.pdf", pathlib.Path(folder) / "large.pdf"
        small.write_bytes(os.urandom(1000))
        with open(large, "wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1_000_000))
        sink = Sink()
        written, sent = limit(sink, large)
        print(f"limit: {written:.0f} MB/s by a socket that writes, {sent:.0f} MB/s by sendfile, best of {ROUNDS}")
        commands = {
            "agent files upload": ["files", "upload", "--purpose", "ocr"],
            "agent transcribe": ["transcribe", "--model", "voxtral-mini-latest"],
            "agent ocr (base64 in JSON)": ["ocr", "--model", "mistral-ocr-latest"],
        }
        print(f"{'command':28}{'RSS 1 kB':>10}{f'RSS {megabytes} MB':>12}{'more':>9}{'seconds':>9}{'body MB/s':>11}{'of the limit':>13}")
        for name, words in commands.items():
            base = median([run([agent] + words + [small], sink.url)[0] for _ in range(ROUNDS)])
            peaks, times, rates = [], [], []
            for _ in range(ROUNDS):
                peak, seconds = run([agent] + words + [large], sink.url)
                peaks.append(peak)
                times.append(seconds)
                rates.append(sink.bytes / 1e6 / sink.seconds)
                if sink.bytes < megabytes * 1_000_000:
                    raise SystemExit(f"{name}: only {sink.bytes} bytes came")
            more = (max(peaks) - base) / 1e6
            failed = failed or more > ALLOWED_MEGABYTES
            print(f"{name:28}{base / 1e6:7.1f} MB{max(peaks) / 1e6:9.1f} MB{more:6.1f} MB{median(times):9.2f}{median(rates):11.0f}{median(rates) / written:12.2f}×")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
