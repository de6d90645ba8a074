// SPDX-License-Identifier: Apache-2.0
/* From message bytes to Lua values. */
#include "clb_internal.h"
#include <string.h>

typedef struct reader {
    lua_State *L;
    const uint8_t *next, *end;
} reader;

static int malformed(reader *r) { return luaL_error(r->L, "malformed message"); }

/* [-0, +0, v] */
static const uint8_t *take(reader *r, size_t count) {
    if ((size_t)(r->end - r->next) < count) malformed(r);
    const uint8_t *bytes = r->next;
    r->next += count;
    return bytes;
}

/* [-0, +0, v] A count of items of at least `item` bytes each, so that a lie cannot make Lua reserve much. */
static uint32_t take_count(reader *r, size_t item) {
    uint32_t count;
    memcpy(&count, take(r, sizeof count), sizeof count);
    if (count > (size_t)(r->end - r->next) / item || count > INT32_MAX) malformed(r);
    return count;
}

/* [-0, +1, v] */
static void push_string(reader *r) {
    uint32_t count = take_count(r, 1);
    lua_pushlstring(r->L, (const char *)take(r, count), count);
}

static void push_value(reader *r, int depth);

/* [-0, +1, v] */
static void push_list(reader *r, int depth) {
    uint32_t count = take_count(r, 1);
    lua_createtable(r->L, (int)count, 0);
    lua_rawgetp(r->L, LUA_REGISTRYINDEX, &clb_key_list);
    lua_setmetatable(r->L, -2);
    for (uint32_t i = 1; i <= count; i++) {
        push_value(r, depth);
        lua_rawseti(r->L, -2, i);
    }
}

/* [-0, +1, v] */
static void push_object(reader *r, int depth) {
    uint32_t count = take_count(r, sizeof(uint32_t) + 1);
    lua_createtable(r->L, 0, (int)count);
    for (uint32_t i = 0; i < count; i++) {
        push_string(r);
        push_value(r, depth);
        lua_rawset(r->L, -3);
    }
}

/* [-0, +1, v] */
static void push_number(reader *r, uint8_t tag) {
    const uint8_t *bytes = take(r, 8);
    if (tag == CLB_TAG_INTEGER) {
        int64_t value;
        memcpy(&value, bytes, sizeof value);
        lua_pushinteger(r->L, value);
    } else {
        double value;
        memcpy(&value, bytes, sizeof value);
        lua_pushnumber(r->L, value);
    }
}

/* [-0, +1, v] */
static void push_value(reader *r, int depth) {
    uint8_t tag = *take(r, 1);
    switch (tag) {
    case CLB_TAG_NIL: lua_pushnil(r->L); break;
    case CLB_TAG_FALSE:
    case CLB_TAG_TRUE: lua_pushboolean(r->L, tag == CLB_TAG_TRUE); break;
    case CLB_TAG_NULL: lua_pushlightuserdata(r->L, (void *)&clb_null); break;
    case CLB_TAG_INTEGER:
    case CLB_TAG_NUMBER: push_number(r, tag); break;
    case CLB_TAG_STRING: push_string(r); break;
    case CLB_TAG_LIST:
    case CLB_TAG_OBJECT:
        if (depth == CLB_MESSAGE_DEPTH) {
            luaL_error(r->L, "a value for Lua is nested more than %d deep", CLB_MESSAGE_DEPTH);
        }
        luaL_checkstack(r->L, 4, "nested value");
        if (tag == CLB_TAG_LIST) push_list(r, depth + 1);
        else push_object(r, depth + 1);
        break;
    default: malformed(r);
    }
}

/* [-0, +n, v] Pushes the values of `message` and returns how many. */
int clb_decode(lua_State *L, clb_bytes message) {
    reader r = {L, message.base, message.base + message.count};
    int count = 0;
    for (; message.count && r.next < r.end; count++) {
        luaL_checkstack(L, 4, "too many values");
        push_value(&r, 0);
    }
    return count;
}
