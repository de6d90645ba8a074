// SPDX-License-Identifier: Apache-2.0
/* The string functions that could run for ever, or fill the memory, where no hook runs: find, match, gmatch, gsub and
** rep. */
#define _GNU_SOURCE /* memmem */
#include "clb_pattern.h"
#include <string.h>

/* [-0, +0, e] A matcher for the strings at `subject` and `pattern` on the stack. */
static const char *start_match(clb_matcher *m, lua_State *L, int subject, int pattern) {
    size_t subject_count, pattern_count;
    const char *text = luaL_checklstring(L, subject, &subject_count);
    const char *first = luaL_checklstring(L, pattern, &pattern_count);
    m->L = L;
    m->s = clb_self(L);
    m->subject = text;
    m->subject_end = text + subject_count;
    m->pattern_end = first + pattern_count;
    m->depth = 0;
    m->captures = 0;
    return first;
}

/* [-0, +0, v] One attempt at `at`. */
static const char *attempt(clb_matcher *m, const char *at, const char *pattern) {
    m->captures = 0;
    return clb_match(m, at, pattern);
}

/* [-0, +n, v] All captures; the whole match when there is none and `start` is given. */
static int push_captures(clb_matcher *m, const char *start, const char *end) {
    int count = m->captures == 0 && start ? 1 : m->captures;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) clb_push_capture(m, i, start, end);
    return count;
}

/* [-0, +0, e] The offset that the argument `index` means, counted from 0; may be beyond the end. */
static size_t start_offset(lua_State *L, int index, size_t count) {
    lua_Integer position = luaL_optinteger(L, index, 1);
    if (position > 0) return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)count) return 0;
    return count + (size_t)position;
}

static bool is_plain(const char *pattern, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (pattern[i] != '\0' && strchr("^$*+?.([%-", pattern[i])) return false;
    }
    return true;
}

/* Up to this length the first byte is looked for, which is fastest and compares little in vain; beyond it memmem, which is
** linear in both lengths whatever they hold. */
#define SHORT_NEEDLE 32

/* [-0, +0, v] The first place of `wanted`, or NULL. */
static const char *search(clb_matcher *m, const char *at, const char *wanted, size_t count) {
    if (count == 0) return at;
    if (count > SHORT_NEEDLE) return memmem(at, (size_t)(m->subject_end - at), wanted, count);
    while ((size_t)(m->subject_end - at) >= count) {
        at = memchr(at, *wanted, (size_t)(m->subject_end - at) - count + 1);
        if (!at || memcmp(at + 1, wanted + 1, count - 1) == 0) return at;
        clb_spend(m->L, m->s, 1);
        at++;
    }
    return NULL;
}

/* [-0, +2, v] */
static int find_plain(clb_matcher *m, const char *at, const char *wanted) {
    size_t count = (size_t)(m->pattern_end - wanted);
    const char *found = search(m, at, wanted, count);
    if (!found) {
        lua_pushnil(m->L);
        return 1;
    }
    lua_pushinteger(m->L, found - m->subject + 1);
    lua_pushinteger(m->L, found - m->subject + (lua_Integer)count);
    return 2;
}

/* [-0, +n, v] */
static int find_or_match(lua_State *L, bool find) {
    clb_matcher m;
    const char *pattern = start_match(&m, L, 1, 2);
    size_t count = (size_t)(m.subject_end - m.subject), offset = start_offset(L, 3, count);
    if (offset > count) {
        lua_pushnil(L);
        return 1;
    }
    const char *at = m.subject + offset;
    if (find && (lua_toboolean(L, 4) || is_plain(pattern, (size_t)(m.pattern_end - pattern)))) {
        return find_plain(&m, at, pattern);
    }
    bool anchored = *pattern == '^';
    if (anchored) pattern++;
    clb_start start = anchored ? (clb_start){0} : clb_find_start(&m, pattern);
    do {
        at = clb_skip_to_start(&m, start, at);
        const char *end = attempt(&m, at, pattern);
        if (!end) continue;
        if (!find) return push_captures(&m, at, end);
        lua_pushinteger(L, at - m.subject + 1);
        lua_pushinteger(L, end - m.subject);
        return push_captures(&m, NULL, NULL) + 2;
    } while (at++ < m.subject_end && !anchored);
    lua_pushnil(L);
    return 1;
}

static int find(lua_State *L) { return find_or_match(L, true); }
static int match(lua_State *L) { return find_or_match(L, false); }

/* Upvalues: subject, pattern, offset to go on from, offset of the last match's end or -1. */
static int next_match(lua_State *L) {
    clb_matcher m;
    const char *pattern = start_match(&m, L, lua_upvalueindex(1), lua_upvalueindex(2));
    const char *at = m.subject + lua_tointeger(L, lua_upvalueindex(3));
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    clb_start start = at <= m.subject_end ? clb_find_start(&m, pattern) : (clb_start){0};
    for (; at <= m.subject_end; at++) {
        at = clb_skip_to_start(&m, start, at);
        const char *end = attempt(&m, at, pattern);
        if (!end || end - m.subject == last) continue;
        lua_pushinteger(L, end - m.subject);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, at, end);
    }
    lua_pushinteger(L, m.subject_end - m.subject + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int match_all(lua_State *L) {
    size_t count;
    luaL_checklstring(L, 1, &count);
    luaL_checkstring(L, 2);
    size_t offset = start_offset(L, 3, count);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(offset > count ? count + 1 : offset));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/* [-0, +0, v] Adds a replacement string in which %0...%9 are captures. */
static void add_text(clb_matcher *m, luaL_Buffer *out, const char *start, const char *end) {
    size_t count;
    const char *text = lua_tolstring(m->L, 3, &count), *stop = text + count;
    while (text < stop) {
        const char *escape = memchr(text, '%', (size_t)(stop - text));
        luaL_addlstring(out, text, (size_t)((escape ? escape : stop) - text));
        if (!escape) return;
        int kind = escape + 1 < stop ? (unsigned char)escape[1] : 0;
        text = escape + 2;
        if (kind == '%') {
            luaL_addchar(out, '%');
        } else if (kind == '0') {
            luaL_addlstring(out, start, (size_t)(end - start));
        } else if (kind >= '1' && kind <= '9') {
            clb_push_capture(m, kind - '1', start, end);
            luaL_addvalue(out);
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
    }
}

/* [-0, +0, v] Adds what replaces the match; false when it stays as it is. */
static bool add_replacement(clb_matcher *m, luaL_Buffer *out, const char *start, const char *end, int type) {
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, start, end), 1);
    } else if (type == LUA_TTABLE) {
        clb_push_capture(m, 0, start, end);
        lua_gettable(L, 3);
    } else {
        add_text(m, out, start, end);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, start, (size_t)(end - start));
        return false;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(out);
    return true;
}

static int substitute(lua_State *L) {
    clb_matcher m;
    luaL_Buffer out;
    const char *pattern = start_match(&m, L, 1, 2), *at = m.subject, *last = NULL;
    int type = lua_type(L, 3);
    lua_Integer most = luaL_optinteger(L, 4, m.subject_end - m.subject + 1), count = 0;
    luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    bool anchored = *pattern == '^', changed = false;
    if (anchored) pattern++;
    lua_settop(L, 3);
    luaL_buffinit(L, &out);
    clb_start start = anchored || most <= 0 ? (clb_start){0} : clb_find_start(&m, pattern);
    while (count < most) {
        const char *next = clb_skip_to_start(&m, start, at);
        luaL_addlstring(&out, at, (size_t)(next - at));
        at = next;
        const char *end = attempt(&m, at, pattern);
        if (end && end != last) {
            count++;
            changed |= add_replacement(&m, &out, at, end, type);
            at = last = end;
        } else if (at < m.subject_end) {
            luaL_addchar(&out, *at++);
        } else {
            break;
        }
        if (anchored) break;
    }
    if (changed) {
        luaL_addlstring(&out, at, (size_t)(m.subject_end - at));
        luaL_pushresult(&out);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    return 2;
}

/* string.rep: refuses what the memory limit could never hold before it starts, and does not loop over nothing. */
static int repeat(lua_State *L) {
    clb_state *s = clb_self(L);
    size_t length, gap;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &gap);
    size_t most = s->memory_limit ? s->memory_limit : (size_t)INT32_MAX;
    if (count <= 0 || length + gap == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if (length + gap > most / (size_t)count) return clb_error(L, "string.rep: the result would be too large");
    luaL_Buffer buffer;
    size_t total = (size_t)count * length + (size_t)(count - 1) * gap;
    char *place = luaL_buffinitsize(L, &buffer, total);
    for (lua_Integer i = 0; i < count; i++) {
        memcpy(place, text, length);
        place += length;
        if (gap && i + 1 < count) {
            memcpy(place, separator, gap);
            place += gap;
        }
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

/* [-0, +0, e] */
void clb_open_string(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match}, {"gmatch", match_all}, {"gsub", substitute}, {"rep", repeat}, {NULL, NULL},
    };
    lua_getglobal(L, LUA_STRLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pushnil(L);
    lua_setfield(L, -2, "dump");
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 3);
}
