# SPDX-License-Identifier: Apache-2.0
"""Measures an index of documents: building it, adding again, searching it, beside numpy and sqlite-vec in the same run.

usage: bench_index.py INDEX_BENCH FOLDER [ROWSxDIMENSION…]

What is found is compared with a brute force computed here with numpy, in double precision, from the vectors in the file.
"""
import os, random, shutil, signal, sqlite3, statistics, struct, subprocess, sys, time

import apsw
import numpy
import sqlite_vec

QUERIES, LIMIT, DIMENSION = 21, 10, 384
bench, place = sys.argv[1], sys.argv[2]
shapes = [tuple(map(int, text.split("x"))) for text in sys.argv[3:]]


def corpus(folder, files):
    """Markdown of about nine passages a file, always the same."""
    rng = random.Random(7)
    words = ["".join(rng.choice("abcdefghilmnoprstuvw") for _ in range(rng.randint(2, 10))) for _ in range(5000)]
    sentence = lambda: " ".join(rng.choice(words) for _ in range(rng.randint(6, 16))).capitalize() + "."
    for number in range(files):
        path = f"{folder}/{number % 40}/{number}.md"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            for section in range(4):
                file.write(f"\n## Part {section} of {number}\n")
                for _ in range(5):
                    file.write("\n" + " ".join(sentence() for _ in range(5)) + "\n")


def run(*arguments):
    return subprocess.run([bench, *map(str, arguments)], check=True, capture_output=True, text=True).stdout.splitlines()


def add(name, database, folder):
    seconds, added, unchanged, embedded, reused, peak = run("add", database, folder, DIMENSION)[0].split()
    print(
        f"  {name:34} {float(seconds):7.2f} s   {added} added, {unchanged} unchanged, {embedded} embedded, "
        f"{reused} known already, {int(peak) / 1e6:.0f} MB of memory")
    return float(seconds)


def building():
    folder, database = f"{place}/corpus", f"{place}/corpus.db"
    corpus(folder, 1200)
    print("Building (vectors cost nothing: all else does)")
    seconds = add("an index of 1,200 files", database, folder)
    passages = sqlite3.connect(database).execute("SELECT count(*) FROM chunks").fetchone()[0]
    size = os.path.getsize(database)
    print(f"  {passages} passages, {passages / seconds:.0f} passages/s, {size / 1e6:.1f} MB of file")
    add("the same again", database, folder)
    with open(f"{folder}/0/0.md", "a") as file:
        file.write("\n## New\n\nOne more.\n")
    add("after a change of one file", database, folder)
    killed(folder)
    return database


def killed(folder):
    """Ends an addition in its middle, ten times, and lets the last one run to its end."""
    database = f"{place}/killed.db"
    before = 0
    for round in range(10):
        process = subprocess.Popen(
            [bench, "add", database, folder, str(DIMENSION)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05 + 0.02 * round)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if not os.path.exists(database):
            continue
        connection = sqlite3.connect(database)
        try:
            now = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
        except sqlite3.OperationalError:
            now = 0  # Killed before there was a table.
        assert now >= before, (now, before)
        if now:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert connection.execute(
                "SELECT count(*) FROM chunks LEFT JOIN vectors ON chunk = chunks.id WHERE vector IS NULL").fetchone()[0] == 0
        connection.close()
        before = now
    add(f"killed 10 times, {before} files stayed", database, folder)


def filled(rows, dimension):
    """A database with random vectors, made by the program and filled from here: embedding them is not measured."""
    database = f"{place}/{rows}x{dimension}.db"
    seed = f"{place}/seed-{dimension}"
    os.makedirs(seed, exist_ok=True)
    open(f"{seed}/a.txt", "w").write("seed\n")
    run("add", database, seed, dimension)
    rng = numpy.random.default_rng(rows + dimension)
    connection = sqlite3.connect(database)
    connection.execute("DELETE FROM documents")
    connection.execute("DELETE FROM chunks")
    connection.execute("DELETE FROM vectors")
    for start in range(0, rows, 10_000):
        count = min(10_000, rows - start)
        vectors = rng.standard_normal((count, dimension), dtype=numpy.float32)
        document = start // 10_000 + 1
        connection.execute("INSERT INTO documents VALUES (?, ?, 0, x'00', '')", (document, f"/synthetic/{document}"))
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, 0, 1, 1, 1, ?, 'text', x'00')",
            ((start + i + 1, document, i, str(start + i + 1)) for i in range(count)))
        connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            ((start + i + 1, document, vectors[i].tobytes()) for i in range(count)))
    connection.execute("UPDATE facts SET value = value + 1 WHERE name = 'generation'")
    connection.commit()
    connection.close()
    return database


def timed(body):
    start = time.perf_counter()
    value = body()
    return (time.perf_counter() - start) * 1e3, value


def searching(rows, dimension):
    database = filled(rows, dimension)
    connection = sqlite3.connect(database)
    cursor = connection.execute("SELECT chunk, vector FROM vectors ORDER BY chunk")
    matrix = numpy.empty((rows, dimension), numpy.float32)
    ids = numpy.empty(rows, numpy.int64)
    for row, (chunk, vector) in enumerate(cursor):
        ids[row], matrix[row] = chunk, numpy.frombuffer(vector, numpy.float32)
    queries = numpy.random.default_rng(1).standard_normal((QUERIES, dimension), dtype=numpy.float32)
    with open(f"{place}/queries", "wb") as file:
        file.write(struct.pack("<i", dimension) + queries.tobytes())
    lines = run("search", database, f"{place}/queries", LIMIT)
    ours = [float(line.split()[0]) for line in lines[:QUERIES]]
    recall, worst = compared(lines, ids, matrix, queries)
    lengths = numpy.linalg.norm(matrix, axis=1)

    def numpy_search(query):
        scores = matrix @ query / lengths
        best = numpy.argpartition(scores, -LIMIT)[-LIMIT:]
        return ids[best[numpy.argsort(-scores[best])]]

    numpy_times = [timed(lambda: numpy_search(query))[0] for query in queries]
    peer = sqlite_vec_times(matrix, queries) if rows * dimension <= 110_000_000 else None
    mine, its = statistics.median(ours[1:]), statistics.median(numpy_times[1:])
    peak = int(lines[-1].split()[1])
    print(
        f"  {rows:>9,} x {dimension:<5} {mine:8.2f} ms   first {ours[0]:8.1f} ms   memory {peak / 1e6:6.0f} MB   "
        f"recall {recall:.3f}   off by {worst:.1e}   numpy {its:8.2f} ms ({its / mine:.2f} x)   "
        + (f"sqlite-vec {peer:8.2f} ms ({peer / mine:.1f} x)" if peer else "sqlite-vec not run"))
    connection.close()
    os.remove(database)
    assert recall == 1.0


def compared(lines, ids, matrix, queries):
    """The share of the true nearest that was found, and the largest error of a score."""
    found_all, worst = 0, 0.0
    lengths = numpy.sqrt(numpy.einsum("ij,ij->i", matrix, matrix, dtype=numpy.float64))
    row_of = {int(chunk): row for row, chunk in enumerate(ids)}
    for line, query in zip(lines, queries):
        wide = query.astype(numpy.float64)
        scores = numpy.concatenate([
            matrix[start:start + 50_000].astype(numpy.float64) @ wide for start in range(0, len(matrix), 50_000)
        ]) / lengths / numpy.linalg.norm(wide)
        best = set(numpy.argsort(-scores)[:LIMIT].tolist())
        found = [pair.split("=") for pair in line.split()[1:]]
        rows = [row_of[int(chunk)] for chunk, _ in found]
        found_all += len(best & set(rows))
        worst = max([worst] + [abs(float(score) - scores[row]) for (_, score), row in zip(found, rows)])
    return found_all / (LIMIT * len(queries)), worst


def sqlite_vec_times(matrix, queries):
    # Python's own sqlite3 is often built without extensions.
    connection = apsw.Connection(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    connection.execute(f"CREATE VIRTUAL TABLE v USING vec0(e float[{matrix.shape[1]}] distance_metric=cosine)")
    connection.executemany(
        "INSERT INTO v (rowid, e) VALUES (?, ?)", ((i + 1, row.tobytes()) for i, row in enumerate(matrix)))
    sql = "SELECT rowid, distance FROM v WHERE e MATCH ? AND k = ? ORDER BY distance"
    times = [timed(lambda: list(connection.execute(sql, (query.tobytes(), LIMIT))))[0] for query in queries]
    return statistics.median(times[1:])


shutil.rmtree(place, ignore_errors=True)
os.makedirs(place)
building()
print(f"Searching: median of {QUERIES - 1} queries for the best {LIMIT}; the first one opens the file and reads all vectors")
for rows, dimension in shapes:
    searching(rows, dimension)
shutil.rmtree(place)
