// SPDX-License-Identifier: Apache-2.0
/* Puts the names of an object's members into the order of their bytes. Assumes a little-endian machine. */
#include "clb_internal.h"
#include <stdlib.h>
#include <string.h>

/* Up to here an insertion sort beats a heap sort. */
#define INSERTION_MOST 48

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

/* Adds a name; false: no memory, or a name of 4 GB. */
bool clb_add_name(clb_state *s, const char *bytes, size_t count, int index) {
    if (s->name_count == s->name_capacity) {
        size_t capacity = s->name_capacity ? s->name_capacity * 2 : 64;
        clb_name *names = realloc(s->names, capacity * sizeof *names);
        if (!names) return false;
        s->names = names;
        s->name_capacity = capacity;
    }
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

static void sift_down(clb_name *names, size_t root, size_t count) {
    clb_name moved = names[root];
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && precedes(&names[child], &names[child + 1])) child++;
        if (!precedes(&moved, &names[child])) break;
        names[root] = names[child];
    }
    names[root] = moved;
}

/* Heap sort for the long ones: no memory, no bad cases. */
void clb_sort_names(clb_name *names, size_t count) {
    if (count <= INSERTION_MOST) {
        insertion_sort(names, count);
        return;
    }
    for (size_t root = count / 2; root-- > 0;) sift_down(names, root, count);
    for (size_t end = count; end-- > 1;) {
        clb_name last = names[end];
        names[end] = names[0];
        names[0] = last;
        sift_down(names, 0, end);
    }
}
