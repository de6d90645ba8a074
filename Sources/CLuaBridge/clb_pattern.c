// SPDX-License-Identifier: Apache-2.0
/* The matcher behind string.find, match, gmatch and gsub. Lua's own backtracks without end where no hook can stop it;
** this one counts its steps as instructions and looks at the limits as it goes. */
#include "clb_pattern.h"
#include <ctype.h>
#include <string.h>

/* Alternatives being tried inside one another, as in Lua. */
#define MATCH_DEPTH 200

/* [-0, +0, v] */
static inline void spend(clb_matcher *m, ptrdiff_t steps) { clb_spend(m->L, m->s, (size_t)steps); }

static inline bool in_class(int c, int class) {
    bool found;
    switch (class | 0x20) { /* the lower case of a letter */
    case 'a': found = isalpha(c); break;
    case 'c': found = iscntrl(c); break;
    case 'd': found = isdigit(c); break;
    case 'g': found = isgraph(c); break;
    case 'l': found = islower(c); break;
    case 'p': found = ispunct(c); break;
    case 's': found = isspace(c); break;
    case 'u': found = isupper(c); break;
    case 'w': found = isalnum(c); break;
    case 'x': found = isxdigit(c); break;
    default: return class == c;
    }
    return isupper(class) ? !found : found;
}

/* [-0, +0, v] Where the single-character class at `p` ends. */
static const char *class_end(clb_matcher *m, const char *p) {
    char first = *p++;
    if (first == '%') {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (first != '[') return p;
    if (*p == '^') p++;
    do { /* the first character of a set may be `]` */
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == '%' && p < m->pattern_end) p++;
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

/* [-0, +0, v] Whether `c` is in the set whose `[` is at `p` and whose `]` is at `last`. */
static bool in_set(clb_matcher *m, int c, const char *p, const char *last) {
    bool found = true;
    spend(m, (last - p) / 8);
    if (p[1] == '^') {
        found = false;
        p++;
    }
    while (++p < last) {
        if (*p == '%') {
            if (in_class(c, (unsigned char)*++p)) return found;
        } else if (p[1] == '-' && p + 2 < last) {
            if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2]) return found;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return found;
        }
    }
    return !found;
}

/* [-0, +0, v] Whether the character at `at` matches the class at `p`, which ends at `end`. */
static inline bool matches_one(clb_matcher *m, const char *at, const char *p, const char *end) {
    if (at >= m->subject_end) return false;
    int c = (unsigned char)*at;
    switch (*p) {
    case '.': return true;
    case '%': return in_class(c, (unsigned char)p[1]);
    case '[': return in_set(m, c, p, end - 1);
    default: return (unsigned char)*p == c;
    }
}

/* [-0, +0, v] %bxy */
static const char *match_balance(clb_matcher *m, const char *at, const char *p) {
    if (p + 1 >= m->pattern_end) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (at >= m->subject_end || *at != p[0]) return NULL;
    ptrdiff_t open = 1;
    for (const char *next = at + 1; next < m->subject_end; next++) {
        spend(m, 1);
        if (*next == p[1]) {
            if (--open == 0) return next + 1;
        } else if (*next == p[0]) {
            open++;
        }
    }
    return NULL;
}

/* [-0, +0, v] %f[set] */
static bool at_frontier(clb_matcher *m, const char *at, const char *set, const char *end) {
    int before = at == m->subject ? 0 : (unsigned char)at[-1];
    return !in_set(m, before, set, end - 1) && in_set(m, (unsigned char)*at, set, end - 1);
}

/* [-0, +0, v] %1...%9 */
static const char *match_back(clb_matcher *m, const char *at, int digit) {
    int index = digit - '1';
    if (index < 0 || index >= m->captures || m->capture[index].count == CLB_CAPTURE_OPEN) {
        luaL_error(m->L, "invalid capture index %%%d", index + 1);
    }
    ptrdiff_t count = m->capture[index].count;
    if (count == CLB_CAPTURE_POSITION) return NULL;
    spend(m, count / 16);
    if (m->subject_end - at < count || memcmp(m->capture[index].start, at, (size_t)count) != 0) return NULL;
    return at + count;
}

/* [-0, +0, v] `p` is after the parenthesis. */
static const char *open_capture(clb_matcher *m, const char *at, const char *p, ptrdiff_t kind) {
    if (m->captures >= CLB_CAPTURES) luaL_error(m->L, "too many captures");
    m->capture[m->captures].start = at;
    m->capture[m->captures].count = kind;
    m->captures++;
    const char *end = clb_match(m, at, p);
    if (!end) m->captures--;
    return end;
}

/* [-0, +0, v] */
static const char *close_capture(clb_matcher *m, const char *at, const char *p) {
    int index = m->captures - 1;
    while (index >= 0 && m->capture[index].count != CLB_CAPTURE_OPEN) index--;
    if (index < 0) luaL_error(m->L, "invalid pattern capture");
    m->capture[index].count = at - m->capture[index].start;
    const char *end = clb_match(m, at, p);
    if (!end) m->capture[index].count = CLB_CAPTURE_OPEN;
    return end;
}

/* [-0, +0, v] `*` and `+`: as many as there are, then fewer. */
static const char *match_most(clb_matcher *m, const char *at, const char *p, const char *end, ptrdiff_t least) {
    ptrdiff_t count = 0;
    while (matches_one(m, at + count, p, end)) count++;
    spend(m, count);
    for (; count >= least; count--) {
        const char *found = clb_match(m, at + count, end + 1);
        if (found) return found;
    }
    return NULL;
}

/* [-0, +0, v] `-`: as few as possible. */
static const char *match_least(clb_matcher *m, const char *at, const char *p, const char *end) {
    for (;; at++) {
        const char *found = clb_match(m, at, end + 1);
        if (found) return found;
        if (!matches_one(m, at, p, end)) return NULL;
    }
}

/* What is left to do after one item of the pattern. */
typedef enum outcome { GO_ON, ENDED } outcome;

/* [-0, +0, v] A single-character class and its suffix. Moves on, or ends with `result`. */
static inline outcome match_single(clb_matcher *m, const char **at, const char **p, const char **result) {
    const char *end = class_end(m, *p);
    char suffix = end < m->pattern_end ? *end : '\0';
    switch (suffix) {
    case '?':
        if (matches_one(m, *at, *p, end) && (*result = clb_match(m, *at + 1, end + 1))) return ENDED;
        *p = end + 1;
        return GO_ON;
    case '*':
    case '+': *result = match_most(m, *at, *p, end, suffix == '+'); return ENDED;
    case '-': *result = match_least(m, *at, *p, end); return ENDED;
    default:
        *result = NULL;
        if (!matches_one(m, *at, *p, end)) return ENDED;
        ++*at;
        *p = end;
        return GO_ON;
    }
}

/* [-0, +0, v] Items that start with `%` and are not classes; `handled` tells whether it was one. */
static inline outcome match_escape(
    clb_matcher *m, const char **at, const char **p, const char **result, bool *handled) {
    char kind = *p + 1 < m->pattern_end ? (*p)[1] : '\0';
    *handled = true;
    *result = NULL;
    if (kind == 'b') {
        *at = match_balance(m, *at, *p + 2);
        *p += 4;
        return *at ? GO_ON : ENDED;
    }
    if (kind == 'f') {
        const char *set = *p + 2;
        if (set >= m->pattern_end || *set != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
        const char *end = class_end(m, set);
        *p = end;
        return at_frontier(m, *at, set, end) ? GO_ON : ENDED;
    }
    if (isdigit((unsigned char)kind)) {
        *at = match_back(m, *at, (unsigned char)kind);
        *p += 2;
        return *at ? GO_ON : ENDED;
    }
    *handled = false;
    return GO_ON;
}

/* [-0, +0, v] */
static const char *match_items(clb_matcher *m, const char *at, const char *p) {
    const char *result = NULL;
    while (p < m->pattern_end) {
        bool handled = false;
        spend(m, 1);
        if (*p == '(') {
            if (p + 1 < m->pattern_end && p[1] == ')') return open_capture(m, at, p + 2, CLB_CAPTURE_POSITION);
            return open_capture(m, at, p + 1, CLB_CAPTURE_OPEN);
        }
        if (*p == ')') return close_capture(m, at, p + 1);
        if (*p == '$' && p + 1 == m->pattern_end) return at == m->subject_end ? at : NULL;
        if (*p == '%' && match_escape(m, &at, &p, &result, &handled) == ENDED) return NULL;
        if (!handled && match_single(m, &at, &p, &result) == ENDED) return result;
    }
    return at;
}

const char *clb_match(clb_matcher *m, const char *at, const char *pattern) {
    if (m->depth >= MATCH_DEPTH) luaL_error(m->L, "pattern too complex");
    m->depth++;
    const char *end = match_items(m, at, pattern);
    m->depth--;
    return end;
}

clb_start clb_find_start(clb_matcher *m, const char *pattern) {
    const clb_start unknown = {NULL, NULL};
    const char *p = pattern;
    if (p < m->pattern_end && *p == '(') p++;
    if (p == m->pattern_end || *p == '(' || *p == ')' || (*p == '$' && p + 1 == m->pattern_end)) return unknown;
    if (*p == '%' && p + 1 < m->pattern_end && (p[1] == 'b' || p[1] == 'f' || isdigit((unsigned char)p[1]))) {
        return unknown;
    }
    const char *end = class_end(m, p);
    bool may_be_left_out = end < m->pattern_end && (*end == '*' || *end == '?' || *end == '-');
    return may_be_left_out ? unknown : (clb_start){p, end};
}

const char *clb_skip_to_start(clb_matcher *m, clb_start start, const char *at) {
    if (!start.class) return at;
    const char *from = at;
    while (at < m->subject_end && !matches_one(m, at, start.class, start.end)) at++;
    spend(m, at - from);
    return at;
}

void clb_push_capture(clb_matcher *m, int index, const char *start, const char *end) {
    if (index >= m->captures) {
        if (index != 0) luaL_error(m->L, "invalid capture index %%%d", index + 1);
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    ptrdiff_t count = m->capture[index].count;
    if (count == CLB_CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
    if (count == CLB_CAPTURE_POSITION) {
        lua_pushinteger(m->L, m->capture[index].start - m->subject + 1);
    } else {
        lua_pushlstring(m->L, m->capture[index].start, (size_t)count);
    }
}
