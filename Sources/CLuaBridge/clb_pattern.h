// SPDX-License-Identifier: Apache-2.0
/* Lua patterns (manual §6.4.1) with a budget of steps. */
#ifndef CLB_PATTERN_H
#define CLB_PATTERN_H
#include "clb_internal.h"

#define CLB_CAPTURES 32
/* The lengths of captures that are not strings. */
#define CLB_CAPTURE_OPEN (-1)
#define CLB_CAPTURE_POSITION (-2)

typedef struct clb_matcher {
    lua_State *L;
    clb_state *s;
    const char *subject, *subject_end, *pattern_end;
    int depth;
    int captures;
    struct {
        const char *start;
        ptrdiff_t count;
    } capture[CLB_CAPTURES];
} clb_matcher;

/* [-0, +0, v] The end of the match of `pattern` at `at`, or NULL. Both strings must end with a zero byte. */
const char *clb_match(clb_matcher *m, const char *at, const char *pattern);
/* Where a match of `pattern` must begin, if that can be told from a single character. */
typedef struct clb_start {
    const char *class, *end; /* the class that the first character must be of; NULL: it cannot be told */
} clb_start;

/* [-0, +0, v] */
clb_start clb_find_start(clb_matcher *m, const char *pattern);
/* [-0, +0, v] The first place from `at` on where a match can begin, or the end of the subject. */
const char *clb_skip_to_start(clb_matcher *m, clb_start start, const char *at);
/* [-0, +1, v] Pushes a capture, or the whole match when the pattern has none and `index` is 0. */
void clb_push_capture(clb_matcher *m, int index, const char *start, const char *end);
#endif
