// SPDX-License-Identifier: Apache-2.0
/* Puts the members of an object into the order of their keys' bytes. */
#include "clb_internal.h"
#include <string.h>

int clb_compare_keys(const uint8_t *base, const clb_member *a, const clb_member *b) {
    size_t common = a->key_count < b->key_count ? a->key_count : b->key_count;
    int order = memcmp(base + a->key_start, base + b->key_start, common);
    return order ? order : (a->key_count > b->key_count) - (a->key_count < b->key_count);
}

static void sift_down(const uint8_t *base, clb_member *members, size_t root, size_t count) {
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && clb_compare_keys(base, &members[child], &members[child + 1]) < 0) child++;
        if (clb_compare_keys(base, &members[root], &members[child]) >= 0) return;
        clb_member moved = members[root];
        members[root] = members[child];
        members[child] = moved;
    }
}

/* Heap sort: no memory, no bad cases. */
static void sort_keys(const uint8_t *base, clb_member *members, size_t count) {
    for (size_t root = count / 2; root-- > 0;) sift_down(base, members, root, count);
    for (size_t end = count; end-- > 1;) {
        clb_member last = members[end];
        members[end] = members[0];
        members[0] = last;
        sift_down(base, members, 0, end);
    }
}

/* Reorders the members that end `message`, from `first` on, whose bytes begin at `start`; false: no memory. */
bool clb_sort_members(clb_state *s, clb_buffer *message, size_t first, size_t start) {
    clb_member *members = s->members + first;
    size_t member_count = s->member_count - first, count = message->count - start;
    s->spare.count = 0;
    if (!clb_buffer_reserve(&s->spare, count)) return false;
    sort_keys(message->base, members, member_count);
    for (size_t i = 0; i < member_count; i++) {
        clb_buffer_append(&s->spare, message->base + members[i].start, members[i].end - members[i].start);
    }
    memcpy(message->base + start, s->spare.base, count);
    return true;
}
