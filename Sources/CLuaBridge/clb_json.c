// SPDX-License-Identifier: Apache-2.0
/* JSON text into Lua values: the host lays the document out flat, this file fills tables of the exact size from it. */
#include "clb_internal.h"
#include <string.h>

/* Bytes of text that count as one step when they are read or written. */
#define BYTES_A_STEP 16
/* The least a value costs in a table: an item of the array part. */
#define BYTES_A_VALUE 16
/* Stack slots that are made sure of for a container at once. */
#define LEVEL_SLOTS 4

/* Member names that a decoder remembers from one document to the next, since Lua's hash goes byte by byte. */
#define NAMES 256
#define NAMES_SHIFT 56
/* Longer ones are not remembered; Lua does not intern them either. */
#define NAME_MOST 40

/* Stack indices of a decoder: the text, the mark of lists, the table of the names it remembers. */
enum { TEXT = 1, MARK, TABLE };
/* Its upvalues; the last two are nil before the first use. */
enum { FUNCTION = 1, LIST_MARK, NAME_TABLE, NAME_ROW };

/* A name that stands in the table: its ends, which are all of a name of up to 16 bytes, and where Lua keeps it. */
typedef struct known_name {
    uint64_t first, last;
    const char *bytes;
    size_t count;
} known_name;

typedef struct filler {
    lua_State *L;
    clb_state *s;
    const uint8_t *text;
    known_name *names;
} filler;

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* [-0, +1, m] */
static inline void push_string(const filler *f, const clb_slot *at) {
    lua_pushlstring(f->L, (const char *)f->text + at->payload, (size_t)(at->tag >> 8));
}

/* [-0, +1, m] The text ends with padding, so eight bytes can be loaded at the start of any string. */
static inline void push_name(const filler *f, const clb_slot *at) {
    lua_State *L = f->L;
    const uint8_t *bytes = f->text + at->payload;
    size_t count = (size_t)(at->tag >> 8);
    uint64_t first = load(bytes), last = 0;
    if (count >= 8) last = load(bytes + count - 8);
    else first &= ((uint64_t)1 << 8 * count) - 1;
    size_t place = (size_t)((first ^ (last << 1) ^ count) * 0x9E3779B97F4A7C15u >> NAMES_SHIFT);
    known_name *known = &f->names[place];
    if (known->first == first && known->last == last && known->count == count
        && (count <= 16 || memcmp(known->bytes + 8, bytes + 8, count - 16) == 0)) {
        lua_rawgeti(L, TABLE, (lua_Integer)place + 1);
        return;
    }
    const char *kept = lua_pushlstring(L, (const char *)bytes, count);
    if (count > NAME_MOST) return;
    lua_pushvalue(L, -1);
    lua_rawseti(L, TABLE, (lua_Integer)place + 1); /* the place is there: this needs no memory */
    *known = (known_name){first, last, kept, count};
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
        lua_pushvalue(L, MARK);
        lua_setmetatable(L, -2);
        for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
            at = push_value(f, at);
            lua_rawseti(L, -2, i);
        }
        return at;
    }
    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        push_name(f, at);
        at = push_value(f, at + 1);
        lua_rawset(L, -3);
    }
    return at;
}

/* [-0, +2, m] The mark of lists and the table of names; returns the row that says what is in that. */
static known_name *push_tables(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(LIST_MARK));
    known_name *names = lua_touserdata(L, lua_upvalueindex(NAME_ROW));
    if (names) {
        lua_pushvalue(L, lua_upvalueindex(NAME_TABLE));
        return names;
    }
    lua_createtable(L, NAMES, 0);
    names = lua_newuserdatauv(L, NAMES * sizeof *names, 0);
    memset(names, 0xFF, NAMES * sizeof *names); /* no name is that long */
    lua_replace(L, lua_upvalueindex(NAME_ROW));
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(NAME_TABLE));
    return names;
}

/* decode(text): the value, or nil and why the text is no JSON. */
static int decode(lua_State *L) {
    clb_state *s = clb_self(L);
    clb_bytes text, failure = {NULL, 0};
    clb_document document = {NULL, NULL};
    if (lua_type(L, TEXT) != LUA_TSTRING) {
        return clb_error(L, "%s: text: expected a string", lua_tostring(L, lua_upvalueindex(FUNCTION)));
    }
    text.base = (const uint8_t *)lua_tolstring(L, TEXT, &text.count);
    clb_spend(L, s, text.count / BYTES_A_STEP + 1);
    size_t most = s->memory_limit ? s->memory_limit / BYTES_A_VALUE : PTRDIFF_MAX;
    if (!s->json.read(s->json.host, text, most, &document, &failure)) {
        lua_pushnil(L);
        lua_pushlstring(L, (const char *)failure.base, failure.count);
        return 2;
    }
    lua_settop(L, TEXT);
    filler f = {L, s, document.text, push_tables(L)};
    push_value(&f, document.slots);
    return 1;
}

/* decoder(name): a function that reads JSON and calls itself `name` in errors. */
int clb_json_decoder(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_list);
    lua_settop(L, 4);
    lua_pushcclosure(L, decode, 4);
    return 1;
}
