// SPDX-License-Identifier: Apache-2.0
/* Puts names, of an object's members or a table's keys, into the order of their bytes. Assumes a little-endian machine. */
#include "clb_internal.h"
#include <stdlib.h>
#include <string.h>

/* Up to here an insertion sort is the fastest. */
#define INSERTION_MOST 24

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint64_t short_prefix(const uint8_t *bytes, size_t count) {
    uint64_t prefix = 0;
    for (size_t i = 0; i < count; i++) prefix |= (uint64_t)bytes[i] << (56 - 8 * i);
    return prefix;
}

static bool reserve(clb_state *s, size_t more) {
    if (more <= s->name_capacity - s->name_count) return true;
    size_t capacity = s->name_capacity ? s->name_capacity * 2 : 64;
    while (capacity - s->name_count < more) capacity *= 2;
    clb_name *names = realloc(s->names, capacity * sizeof *names);
    if (!names) return false;
    s->names = names;
    s->name_capacity = capacity;
    return true;
}

/* Adds a name; false: no memory, or a name of 4 GB. */
bool clb_add_name(clb_state *s, const char *bytes, size_t count, int index) {
    if (s->name_count == s->name_capacity && !reserve(s, 1)) return false;
    if (count > UINT32_MAX) return false;
    const uint8_t *start = (const uint8_t *)bytes;
    uint64_t prefix = count >= 8 ? __builtin_bswap64(load(start)) : short_prefix(start, count);
    s->names[s->name_count++] = (clb_name){prefix, bytes, (uint32_t)count, index};
    return true;
}

static inline bool precedes(const clb_name *a, const clb_name *b) {
    if (a->prefix != b->prefix) return a->prefix < b->prefix;
    uint32_t common = a->count < b->count ? a->count : b->count;
    int order = common > 8 ? memcmp(a->bytes + 8, b->bytes + 8, common - 8) : 0;
    return order ? order < 0 : a->count < b->count;
}

static void insertion_sort(clb_name *names, size_t count) {
    for (size_t i = 1; i < count; i++) {
        clb_name moved = names[i];
        size_t place = i;
        for (; place > 0 && precedes(&moved, &names[place - 1]); place--) names[place] = names[place - 1];
        names[place] = moved;
    }
}

static void merge(const clb_name *left, const clb_name *right, const clb_name *end, clb_name *to) {
    const clb_name *middle = right;
    while (left < middle && right < end) *to++ = precedes(right, left) ? *right++ : *left++;
    while (left < middle) *to++ = *left++;
    while (right < end) *to++ = *right++;
}

/* [-0, +0, v] Merges sorted runs of `length` into runs of twice that. Its steps count. */
static void merge_runs(lua_State *L, const clb_name *from, clb_name *to, size_t count, size_t length) {
    clb_state *s = clb_self(L);
    for (size_t start = 0; start < count; start += 2 * length) {
        size_t middle = start + length < count ? start + length : count;
        size_t end = middle + length < count ? middle + length : count;
        clb_spend(L, s, end - start);
        merge(from + start, from + middle, from + end, to + start);
    }
}

/* [-0, +0, v] Sorts the `count` names from `first` on: short ones where they are, long ones by merging, with the room behind
** the last name to help. */
void clb_sort_names(lua_State *L, size_t first, size_t count) {
    clb_state *s = clb_self(L);
    if (count > INSERTION_MOST && !reserve(s, count)) clb_error(L, "no memory to put names in order");
    clb_name *names = s->names + first, *from = names, *to = s->names + s->name_count;
    if (count <= INSERTION_MOST) {
        insertion_sort(names, count);
        return;
    }
    for (size_t start = 0; start < count; start += INSERTION_MOST) {
        insertion_sort(names + start, count - start < INSERTION_MOST ? count - start : INSERTION_MOST);
    }
    for (size_t length = INSERTION_MOST; length < count; length *= 2) {
        merge_runs(L, from, to, count, length);
        clb_name *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != names) memcpy(names, from, count * sizeof *names);
}
