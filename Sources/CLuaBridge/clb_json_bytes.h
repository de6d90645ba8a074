// SPDX-License-Identifier: Apache-2.0
/* The bytes of strings and integers in JSON text. Assumes a little-endian machine. */
#ifndef CLB_JSON_BYTES_H
#define CLB_JSON_BYTES_H
#include "clb_internal.h"
#include <math.h>
#include <string.h>

/* Writes 20 bytes at most. */
static inline uint8_t *clb_put_integer(uint8_t *out, lua_Integer value) {
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    uint8_t digits[20], *first = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0) *out++ = '-';
    for (; rest >= 100; rest /= 100) {
        first -= 2;
        memcpy(first, pairs + 2 * (rest % 100), 2);
    }
    if (rest >= 10) {
        first -= 2;
        memcpy(first, pairs + 2 * rest, 2);
    } else {
        *--first = (uint8_t)('0' + rest);
    }
    size_t count = (size_t)(digits + sizeof digits - first);
    memcpy(out, first, count);
    return out + count;
}

/* A finite double of up to six decimals and 15 digits, which are then the shortest that read back as it: a decimal of
** 15 digits is the only one for its double. False for any other; writes 24 bytes at most. */
static inline bool clb_put_decimal(uint8_t **place, double value) {
    const double least = 0.001, most = 999999999, scale = 1e6;
    double size = fabs(value);
    if (!(size >= least && size < most) && size != 0) return false;
    double scaled = rint(size * scale);
    if (scaled / scale != size) return false; /* both are exact, so the quotient is what a reader makes of the digits */
    uint64_t digits = (uint64_t)scaled, whole = digits / 1000000, part = digits % 1000000;
    uint8_t *out = *place;
    if (signbit(value)) *out++ = '-';
    out = clb_put_integer(out, (lua_Integer)whole);
    *out++ = '.';
    for (uint64_t unit = 100000; unit && (part || unit == 100000); unit /= 10) {
        *out++ = (uint8_t)('0' + part / unit);
        part %= unit;
    }
    *place = out;
    return true;
}

/* The bytes of a string that stand in JSON text as they are: copies those up to the next one that does not, or that is
** not ASCII, and returns where that is. There must be room for all. */
static inline const uint8_t *clb_put_plain(uint8_t **place, const uint8_t *next, const uint8_t *end) {
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    uint8_t *out = *place;
    for (; end - next >= 8; next += 8, out += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
        uint64_t stops = ((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & high;
        memcpy(out, &word, 8);
        if (stops) { /* the lowest is a true one, those above may stem from its borrow */
            size_t count = (size_t)__builtin_ctzll(stops) >> 3;
            *place = out + count;
            return next + count;
        }
    }
    for (; next < end; next++, out++) {
        uint8_t byte = *next;
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
        *out = byte;
    }
    *place = out;
    return next;
}

/* Copies a run of characters that are not ASCII and returns where it ends; NULL when it is not UTF-8 (RFC 3629 §4).
** There must be room for all and three bytes more. */
static inline const uint8_t *clb_put_characters(uint8_t **place, const uint8_t *next, const uint8_t *end) {
    uint8_t *out = *place;
    while (end - next >= 4 && *next >= 0x80) {
        uint32_t word;
        memcpy(&word, next, 4);
        memcpy(out, &word, 4);
        size_t count = 0;
        if ((word & 0xC0C0F0) == 0x8080E0) {
            uint32_t bits = word & 0x200F; /* 0: overlong; 0x200D: a surrogate */
            if (bits != 0 && bits != 0x200D) count = 3;
        } else if ((word & 0xC0E0) == 0x80C0) {
            if (word & 0x1E) count = 2;
        } else if ((word & 0xC0C0C0F8) == 0x808080F0) {
            bool is_beyond = (word & 4) && (word & 0x3003); /* U+10FFFF */
            if ((word & 0x3007) && !is_beyond) count = 4;
        }
        if (count == 0) return NULL;
        next += count;
        out += count;
    }
    const uint8_t *stop = clb_skip_utf8(next, end);
    if (stop && stop > next) {
        memcpy(out, next, (size_t)(stop - next));
        out += stop - next;
    }
    *place = out;
    return stop;
}

/* RFC 8259 §7. Writes 6 bytes at most. */
static inline uint8_t *clb_put_escape(uint8_t *out, uint8_t byte) {
    static const char hex[] = "0123456789abcdef";
    *out++ = '\\';
    switch (byte) {
    case '"':
    case '\\': *out++ = byte; break;
    case '\b': *out++ = 'b'; break;
    case '\t': *out++ = 't'; break;
    case '\n': *out++ = 'n'; break;
    case '\f': *out++ = 'f'; break;
    case '\r': *out++ = 'r'; break;
    default:
        memcpy(out, "u00", 3);
        out[3] = (uint8_t)hex[byte >> 4];
        out[4] = (uint8_t)hex[byte & 15];
        out += 5;
    }
    return out;
}
#endif
