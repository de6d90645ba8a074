// SPDX-License-Identifier: Apache-2.0
/* From Lua values to message bytes. Tables are read raw, so no code of the script runs here, and one pass suffices:
** members are written as they come and put into the order of their keys afterwards. Only when something cannot be written
** is a second pass made, in that order from the start, so that of several faults the same one is reported each time. */
#include "clb_internal.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A step on the way to the value being written: a key, or an index when `key` is NULL. */
typedef struct path_step {
    const char *key;
    size_t count;
    lua_Integer index;
} path_step;

typedef struct writer {
    lua_State *L;
    clb_state *s;
    clb_buffer *out;
    const char *what; /* "argument" or "return value" */
    int position;     /* which of them, from 1 */
    bool text_only;   /* strings must be UTF-8 */
    bool ordered;     /* below each table on the stack is a traversal of it */
    int first, last;  /* where the values are */
    size_t most;      /* bytes of the message */
    uint32_t values;
    int depth;
    path_step path[CLB_MESSAGE_DEPTH];
} writer;

static bool is_identifier(const char *key, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)key[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return count > 0;
}

/* [-0, +1, m] Pushes the path, e.g. `.items[3]["a b"]`; the middle of a long one is left out. */
static void push_path(writer *w) {
    luaL_Buffer text;
    luaL_buffinit(w->L, &text);
    for (int i = 0; i < w->depth; i++) {
        path_step *step = &w->path[i];
        if (w->depth > 12 && i == 8) luaL_addstring(&text, "...");
        if (w->depth > 12 && i >= 8 && i < w->depth - 2) continue;
        if (!step->key) {
            char index[32];
            snprintf(index, sizeof index, "[%lld]", (long long)step->index);
            luaL_addstring(&text, index);
        } else if (is_identifier(step->key, step->count)) {
            luaL_addchar(&text, '.');
            luaL_addlstring(&text, step->key, step->count < 64 ? step->count : 64);
        } else {
            luaL_addstring(&text, "[\"");
            luaL_addlstring(&text, step->key, step->count < 64 ? step->count : 64);
            luaL_addstring(&text, "\"]");
        }
    }
    luaL_pushresult(&text);
}

static void put_values(writer *w);

/* [-0, +0, v] Raises "<what> <n> at <path>: <reason>", of the first fault in the order of keys. */
static int fail(writer *w, const char *reason) {
    if (!w->ordered) {
        writer again = *w;
        again.ordered = true;
        put_values(&again);
    }
    luaL_checkstack(w->L, LUA_MINSTACK, "error message");
    push_path(w);
    const char *path = lua_tostring(w->L, -1);
    return clb_error(w->L, "%s %d%s%s: %s", w->what, w->position, *path ? " at " : "", path, reason);
}

/* [-0, +0, v] */
static uint8_t *put(writer *w, size_t count) {
    if (count > w->most - w->out->count || !clb_buffer_reserve(w->out, count)) {
        char reason[80];
        snprintf(reason, sizeof reason, "the message is larger than %zu bytes", w->most);
        fail(w, reason);
    }
    uint8_t *place = w->out->base + w->out->count;
    w->out->count += count;
    return place;
}

/* [-0, +0, v] */
static void put_word(writer *w, uint8_t tag, const void *word) {
    uint8_t *place = put(w, 9);
    place[0] = tag;
    memcpy(place + 1, word, 8);
}

static void store_count(writer *w, size_t at, size_t count) {
    uint32_t small = (uint32_t)count;
    memcpy(w->out->base + at, &small, sizeof small);
}

/* [-0, +0, v] Count and bytes, without a tag. */
static void put_bytes(writer *w, const char *bytes, size_t count) {
    if (count > UINT32_MAX) fail(w, "a string of more than 4294967295 bytes");
    put(w, sizeof(uint32_t));
    store_count(w, w->out->count - sizeof(uint32_t), count);
    if (count) memcpy(put(w, count), bytes, count);
}

static bool is_text(const char *bytes, size_t count) {
    return clb_is_utf8((const uint8_t *)bytes, (const uint8_t *)bytes + count);
}

/* [-0, +0, v] */
static void put_number(writer *w) {
    if (lua_isinteger(w->L, -1)) {
        int64_t value = lua_tointeger(w->L, -1);
        put_word(w, CLB_TAG_INTEGER, &value);
        return;
    }
    double value = lua_tonumber(w->L, -1);
    if (isnan(value)) fail(w, "not a number (NaN) cannot leave the script");
    if (isinf(value)) fail(w, "an infinite number cannot leave the script");
    put_word(w, CLB_TAG_NUMBER, &value);
}

static void put_value(writer *w);

/* [-1, +2 or 0, v] As lua_next: the key at -1 is replaced by the next pair of the table below it. */
static bool next_pair(writer *w) {
    if (!w->ordered) return lua_next(w->L, -2);
    lua_pop(w->L, 1);
    int table = lua_gettop(w->L);
    return clb_traverse(w->L, table - 1, table);
}

/* [-0, +0, v] Key at -2, value at -1; says what kind of key does not belong there. */
static int bad_key(writer *w, bool in_list) {
    lua_State *L = w->L;
    char reason[160];
    const char *kind = luaL_typename(L, -2);
    if (in_list && lua_type(L, -2) == LUA_TSTRING) {
        snprintf(reason, sizeof reason, "a list has the key \"%.40s\"; it must have the keys 1, 2, 3, ... only",
            lua_tostring(L, -2));
    } else if (lua_isinteger(L, -2)) {
        snprintf(reason, sizeof reason, "a table has both integer and string keys; it must be a list or an object");
    } else if (lua_type(L, -2) == LUA_TNUMBER) {
        snprintf(reason, sizeof reason, "a table has the key %.14g; keys must be strings", lua_tonumber(L, -2));
    } else {
        snprintf(reason, sizeof reason, "a table has a key that is a %s; keys must be strings%s", kind,
            in_list ? " or 1, 2, 3, ..." : "");
    }
    return fail(w, reason);
}

/* [-0, +0, v] Table at -1. Counts its keys, all of which must be integers. */
static lua_Integer count_items(writer *w) {
    lua_State *L = w->L;
    lua_Integer count = 0;
    w->depth--; /* errors are about the table, not about an item */
    if (w->ordered) ((clb_traversal *)lua_touserdata(L, -2))->at = 0;
    for (lua_pushnil(L); next_pair(w); lua_pop(L, 1), count++) {
        if (!lua_isinteger(L, -2)) bad_key(w, true);
    }
    w->depth++;
    return count;
}

/* [-0, +0, v] Table at -1; for lists whose keys do not come in order, because they are in the hash part. */
static lua_Integer put_items_by_index(writer *w) {
    lua_Integer count = count_items(w);
    for (lua_Integer i = 1; i <= count; i++) {
        w->path[w->depth - 1].index = i;
        if (lua_rawgeti(w->L, -1, i) == LUA_TNIL) {
            char reason[160];
            snprintf(reason, sizeof reason,
                "the list has %lld items but none at %lld; the keys of a list must be 1, 2, 3, ...", (long long)count,
                (long long)i);
            w->depth--;
            fail(w, reason);
        }
        put_value(w);
        lua_pop(w->L, 1);
    }
    return count;
}

/* [-n, +0, v] Table at -1 when `pending` is false, else table, key, value of the first pair. */
static void put_list(writer *w, bool pending) {
    lua_State *L = w->L;
    uint32_t values_before = w->values;
    put(w, 5)[0] = CLB_TAG_LIST;
    size_t start = w->out->count;
    lua_Integer count = 0;
    w->path[w->depth++].key = NULL;
    for (; pending; pending = next_pair(w)) {
        if (!lua_isinteger(L, -2)) {
            w->depth--;
            bad_key(w, true);
        }
        if (lua_tointeger(L, -2) != count + 1) break;
        w->path[w->depth - 1].index = ++count;
        put_value(w);
        lua_pop(L, 1);
    }
    if (pending) {
        lua_pop(L, 2);
        w->out->count = start;
        w->values = values_before;
        count = put_items_by_index(w);
    }
    w->depth--;
    store_count(w, start - sizeof(uint32_t), (size_t)count);
}

/* [-0, +0, v] */
static clb_member *new_member(writer *w) {
    clb_state *s = w->s;
    if (s->member_count == s->member_capacity) {
        size_t capacity = s->member_capacity ? s->member_capacity * 2 : 32;
        clb_member *members = realloc(s->members, capacity * sizeof *members);
        if (!members) fail(w, "no memory for the members of an object");
        s->members = members;
        s->member_capacity = capacity;
    }
    return &s->members[s->member_count++];
}

/* [-0, +0, v] Key at -2, value at -1. */
static void put_member(writer *w) {
    lua_State *L = w->L;
    size_t start = w->out->count, count;
    if (lua_type(L, -2) != LUA_TSTRING) {
        w->depth--;
        bad_key(w, false);
    }
    const char *key = lua_tolstring(L, -2, &count);
    if (w->text_only && !is_text(key, count)) {
        w->depth--;
        fail(w, "a key is not UTF-8");
    }
    w->path[w->depth - 1] = (path_step){key, count, 0};
    size_t member = w->s->member_count;
    *new_member(w) = (clb_member){start, start, start + sizeof(uint32_t), count};
    put_bytes(w, key, count);
    put_value(w);
    w->s->members[member].end = w->out->count;
}

/* [-2, +0, v] Table, key, value of the first pair. */
static void put_object(writer *w) {
    lua_State *L = w->L;
    size_t first = w->s->member_count, count = 0;
    bool sorted = true;
    put(w, 5)[0] = CLB_TAG_OBJECT;
    size_t start = w->out->count;
    w->depth++;
    do {
        put_member(w);
        lua_pop(L, 1);
        clb_member *last = w->s->members + first + count++;
        if (count > 1 && sorted) sorted = clb_compare_keys(w->out->base, last - 1, last) < 0;
    } while (next_pair(w));
    w->depth--;
    if (!sorted && !clb_sort_members(w->s, w->out, first, start)) {
        fail(w, "no memory to sort the members of an object");
    }
    w->s->member_count = first;
    store_count(w, start - sizeof(uint32_t), count);
}

/* [-0, +0, v] Table at -1. */
static void put_table(writer *w) {
    lua_State *L = w->L;
    if (w->depth == CLB_MESSAGE_DEPTH) {
        fail(w, "tables are nested more than 100 deep; does one contain itself?");
    }
    luaL_checkstack(L, 8, "nested table");
    bool marked = false;
    if (lua_getmetatable(L, -1)) {
        marked = lua_topointer(L, -1) == w->s->list_mark;
        lua_pop(L, 1);
    }
    if (w->ordered) {
        clb_push_traversal(L, lua_gettop(L), NULL);
        lua_pushvalue(L, -2);
    }
    lua_pushnil(L);
    bool some = next_pair(w);
    if (marked || (some && lua_isinteger(L, -2))) {
        put_list(w, some);
    } else if (some) {
        put_object(w);
    } else {
        uint8_t *place = put(w, 5);
        memset(place, 0, 5);
        place[0] = CLB_TAG_OBJECT;
    }
    if (w->ordered) lua_pop(L, 2);
}

/* [-0, +0, v] Value at -1. */
static void put_value(writer *w) {
    lua_State *L = w->L;
    int type = lua_type(L, -1);
    if (++w->values > w->s->limits.message_values) fail(w, "the message has too many values");
    switch (type) {
    case LUA_TNIL: *put(w, 1) = CLB_TAG_NIL; break;
    case LUA_TBOOLEAN: *put(w, 1) = lua_toboolean(L, -1) ? CLB_TAG_TRUE : CLB_TAG_FALSE; break;
    case LUA_TNUMBER: put_number(w); break;
    case LUA_TSTRING: {
        size_t count;
        const char *bytes = lua_tolstring(L, -1, &count);
        if (w->text_only && !is_text(bytes, count)) fail(w, "a string is not UTF-8");
        *put(w, 1) = CLB_TAG_STRING;
        put_bytes(w, bytes, count);
        break;
    }
    case LUA_TTABLE: put_table(w); break;
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L, -1) == &clb_null) {
            *put(w, 1) = CLB_TAG_NULL;
            break;
        } /* fall through */
    default: {
        char reason[64];
        snprintf(reason, sizeof reason, "a %s cannot leave the script", lua_typename(L, type));
        fail(w, reason);
    }
    }
}

/* [-0, +0, v] Replaces what is in `out` by the values. */
static void put_values(writer *w) {
    w->values = 0;
    w->depth = 0;
    w->out->count = 0;
    w->s->member_count = 0;
    luaL_checkstack(w->L, LUA_MINSTACK, "message");
    for (int i = w->first; i <= w->last; i++) {
        w->position = i - w->first + 1;
        lua_pushvalue(w->L, i);
        put_value(w);
        lua_pop(w->L, 1);
    }
}

static void begin(
    writer *w, lua_State *L, int first, int last, clb_buffer *out, const char *what, size_t most, bool text_only) {
    w->L = L;
    w->s = clb_self(L);
    w->out = out;
    w->what = what;
    w->most = most;
    w->text_only = text_only;
    w->ordered = false;
    w->first = first;
    w->last = last;
}

/* [-0, +0, v] Replaces what is in `out` by the values at `first`...`last` and returns how many they are. */
size_t clb_encode(lua_State *L, int first, int last, clb_buffer *out, const char *what, size_t most) {
    writer w; /* the path is not filled with zeros for nothing */
    begin(&w, L, first, last, out, what, most, false);
    put_values(&w);
    return last >= first ? (size_t)(last - first + 1) : 0;
}

/* [-0, +0, v] Raises why the value at `index` has no JSON text; returns when it has one. */
void clb_refuse_value(lua_State *L, int index, const char *what) {
    clb_state *s = clb_self(L);
    writer w;
    begin(&w, L, index, index, &s->text, what, s->limits.message_bytes, true);
    put_values(&w);
}
