# Times orjson on JSON files, and jiter on one that arrives in pieces of 4 bytes.
# usage: json_peers.py FILE…     prints one line for each measurement: what, file, nanoseconds of thread CPU time.
import sys
import time

import jiter
import orjson


def measure(what, file, work, batches=20):
    """Prints the least of the batches, each of at least 4 ms."""
    least, repeats, batch = None, 1, -1
    while batch < batches:
        start = time.thread_time_ns()
        for _ in range(repeats):
            work()
        spent = time.thread_time_ns() - start
        if batch < 0 and spent < 4_000_000:
            repeats *= 2
            continue
        least = spent / repeats if batch <= 0 else min(least, spent / repeats)
        batch += 1
    print("%s\t%s\t%.1f" % (what, file, least), flush=True)


def partial(text):
    for end in range(4, len(text) + 4, 4):
        jiter.from_json(text[:end], partial_mode="trailing-strings")


for file in sys.argv[1:]:
    with open(file, "rb") as stream:
        text = stream.read()
    value = orjson.loads(text)
    measure("orjson-parse", file, lambda: orjson.loads(text))
    measure("orjson-write", file, lambda: orjson.dumps(value))
    if len(text) < 65_536:
        measure("jiter-incremental-4", file, lambda: partial(text), batches=3)
