// SPDX-License-Identifier: Apache-2.0
/* Whether bytes are UTF-8. */
#include "clb_internal.h"

/* The bytes of the character at `next`, which is not ASCII, or 0 (RFC 3629 §4). */
static inline size_t character(const uint8_t *next, const uint8_t *end) {
    ptrdiff_t room = end - next;
    uint8_t first = next[0];
    if (first < 0xC2 || room < 2) return 0;
    uint8_t second = next[1];
    if (first < 0xE0) return (second & 0xC0) == 0x80 ? 2 : 0;
    if (room < 3 || (next[2] & 0xC0) != 0x80) return 0;
    if (first < 0xF0) {
        uint8_t low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
        return second >= low && second <= high ? 3 : 0;
    }
    if (first > 0xF4 || room < 4 || (next[3] & 0xC0) != 0x80) return 0;
    uint8_t low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high ? 4 : 0;
}

/* Where the run of characters that are not ASCII ends; NULL when it is not UTF-8. */
const uint8_t *clb_skip_utf8(const uint8_t *next, const uint8_t *end) {
    while (next < end && *next >= 0x80) {
        size_t count = character(next, end);
        if (count == 0) return NULL;
        next += count;
    }
    return next;
}

bool clb_is_utf8(const uint8_t *next, const uint8_t *end) {
    while (next && next < end) {
        if (*next < 0x80) next++;
        else next = clb_skip_utf8(next, end);
    }
    return next != NULL;
}
