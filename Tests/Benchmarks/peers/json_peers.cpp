// SPDX-License-Identifier: Apache-2.0
// Times simdjson (DOM) and yyjson on JSON files: reading the text, and writing it back without white space.
// usage: json_peers FILE…     prints one line for each measurement: what, file, nanoseconds of thread CPU time.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "simdjson.h"
#include "yyjson.h"

static double now() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

// The least of 20 batches, each of at least 4 ms.
template <typename Work> static void measure(const char *what, const char *file, Work work) {
    double least = 0;
    size_t repeats = 1;
    for (int batch = -1; batch < 20;) {
        double start = now();
        for (size_t index = 0; index < repeats; index++) work();
        double spent = now() - start;
        if (batch < 0 && spent < 4e6) {
            repeats *= 2;
            continue;
        }
        if (batch <= 0 || spent / repeats < least) least = spent / repeats;
        batch++;
    }
    std::printf("%s\t%s\t%.1f\n", what, file, least);
}

static void fail(const char *what, const char *file) {
    std::fprintf(stderr, "json_peers: %s: %s\n", file, what);
    std::exit(1);
}

static void measure_simdjson(const char *file, const std::string &text) {
    simdjson::padded_string padded(text);
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    if (parser.parse(padded).get(document)) fail("simdjson does not read it", file);
    measure("simdjson-parse", file, [&] {
        if (parser.parse(padded).get(document)) fail("simdjson does not read it", file);
    });
    measure("simdjson-write", file, [&] {
        if (simdjson::minify(document).empty()) fail("simdjson does not write it", file);
    });
}

static void measure_yyjson(const char *file, const std::string &text) {
    yyjson_doc *document = yyjson_read(text.data(), text.size(), 0);
    if (!document) fail("yyjson does not read it", file);
    measure("yyjson-parse", file, [&] {
        yyjson_doc *again = yyjson_read(text.data(), text.size(), 0);
        if (!again) fail("yyjson does not read it", file);
        yyjson_doc_free(again);
    });
    measure("yyjson-write", file, [&] {
        char *written = yyjson_write(document, 0, nullptr);
        if (!written) fail("yyjson does not write it", file);
        std::free(written);
    });
    yyjson_doc_free(document);
}

int main(int count, char **files) {
    for (int index = 1; index < count; index++) {
        std::ifstream stream(files[index], std::ios::binary);
        std::string text((std::istreambuf_iterator<char>(stream)), {});
        if (text.empty()) fail("cannot be read", files[index]);
        measure_simdjson(files[index], text);
        measure_yyjson(files[index], text);
    }
}
