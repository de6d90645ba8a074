// SPDX-License-Identifier: Apache-2.0
/* JSON text into Lua values: the host lays the document out flat, this file fills tables of the exact size from it. */
#include "clb_internal.h"

/* Bytes of text that count as one step when they are read or written. */
#define BYTES_A_STEP 16
/* The least a value costs in a table: an item of the array part. */
#define BYTES_A_VALUE 16
/* Stack slots that are made sure of for a container at once. */
#define LEVEL_SLOTS 4

typedef struct filler {
    lua_State *L;
    clb_state *s;
    const uint8_t *text;
    int mark; /* stack index of the metatable that marks lists */
} filler;

/* [-0, +1, m] */
static inline void push_string(const filler *f, const clb_slot *at) {
    lua_pushlstring(f->L, (const char *)f->text + at->payload, (size_t)(at->tag >> 8));
}

static const clb_slot *push_container(const filler *f, const clb_slot *at);

/* [-0, +1, v] Pushes the value at `at` and returns what stands behind it. */
static inline const clb_slot *push_value(const filler *f, const clb_slot *at) {
    switch ((clb_kind)(at->tag & 0xFF)) {
    case CLB_KIND_NULL: lua_pushlightuserdata(f->L, (void *)&clb_null); break;
    case CLB_KIND_FALSE: lua_pushboolean(f->L, 0); break;
    case CLB_KIND_TRUE: lua_pushboolean(f->L, 1); break;
    case CLB_KIND_INTEGER: lua_pushinteger(f->L, (lua_Integer)at->payload); break;
    case CLB_KIND_NUMBER: {
        union {
            uint64_t bits;
            double value;
        } number = {at->payload};
        lua_pushnumber(f->L, number.value);
        break;
    }
    case CLB_KIND_STRING: push_string(f, at); break;
    default: return push_container(f, at);
    }
    return at + 1;
}

/* [-0, +1, v] */
static const clb_slot *push_container(const filler *f, const clb_slot *at) {
    lua_State *L = f->L;
    size_t count = (size_t)(at->tag >> 8);
    if (count > INT32_MAX) luaL_error(L, "not enough memory");
    luaL_checkstack(L, LEVEL_SLOTS, "nested value");
    clb_spend(L, f->s, count + 1);
    bool is_array = (at->tag & 0xFF) == CLB_KIND_ARRAY;
    at++;
    if (is_array) {
        lua_createtable(L, (int)count, 0);
        lua_pushvalue(L, f->mark);
        lua_setmetatable(L, -2);
        for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
            at = push_value(f, at);
            lua_rawseti(L, -2, i);
        }
        return at;
    }
    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        push_string(f, at);
        at = push_value(f, at + 1);
        lua_rawset(L, -3);
    }
    return at;
}

/* decode(text): the value, or nil and why the text is no JSON. Upvalues: the function's name, the mark of lists. */
static int decode(lua_State *L) {
    clb_state *s = clb_self(L);
    clb_bytes text, failure = {NULL, 0};
    clb_document document = {NULL, NULL};
    if (lua_type(L, 1) != LUA_TSTRING) {
        return clb_error(L, "%s: text: expected a string", lua_tostring(L, lua_upvalueindex(1)));
    }
    text.base = (const uint8_t *)lua_tolstring(L, 1, &text.count);
    clb_spend(L, s, text.count / BYTES_A_STEP + 1);
    size_t most = s->memory_limit ? s->memory_limit / BYTES_A_VALUE : PTRDIFF_MAX;
    if (!s->json.read(s->json.host, text, most, &document, &failure)) {
        lua_pushnil(L);
        lua_pushlstring(L, (const char *)failure.base, failure.count);
        return 2;
    }
    lua_settop(L, 1); /* the text stays: a document may borrow from it */
    lua_pushvalue(L, lua_upvalueindex(2));
    filler f = {L, s, document.text, 2};
    push_value(&f, document.slots);
    return 1;
}

/* decoder(name): a function that reads JSON and calls itself `name` in errors. */
int clb_json_decoder(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_list);
    lua_pushcclosure(L, decode, 2);
    return 1;
}
