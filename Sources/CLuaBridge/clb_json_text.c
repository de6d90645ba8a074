// SPDX-License-Identifier: Apache-2.0
/* Lua values as JSON text, in one pass and without a message in between. Tables are read raw, as in clb_encode.c, which
** holds the rules: what cannot be written makes this pass give up, and that one says why and where. */
#include "clb_internal.h"
#include "clb_json_bytes.h"
#include <math.h>

/* Bytes of text that count as one step when they are read or written. */
#define BYTES_A_STEP 16
/* Room that is made for what has no length of its own: a number, a literal, an escape, the end of a container. */
#define ROOM 64
/* Members of an object whose values wait on Lua's stack; of larger ones the values are looked up by name. */
#define MEMBERS_ON_STACK 64
#define INDENT_MOST 16

typedef struct writer {
    lua_State *L;
    clb_state *s;
    uint8_t *end; /* of the buffer */
    uint32_t values;
    int depth, indent; /* -1: no white space */
} writer;

/* [-0, +0, v] Makes room; `out` is how far the text has come. */
static uint8_t *grow(writer *w, uint8_t *out, size_t more) {
    clb_buffer *text = &w->s->text;
    text->count = (size_t)(out - text->base);
    size_t most = w->s->limits.message_bytes;
    if (text->count > most || more > most - text->count + 2 * ROOM) {
        clb_error(w->L, "%s: the text is larger than %I bytes", lua_tostring(w->L, lua_upvalueindex(1)),
            (LUAI_UACINT)most);
    }
    if (!clb_buffer_reserve(text, more)) clb_error(w->L, "no memory for JSON text");
    w->end = text->base + text->capacity;
    return text->base + text->count;
}

/* [-0, +0, v] */
static inline uint8_t *room(writer *w, uint8_t *out, size_t more) {
    return (size_t)(w->end - out) >= more ? out : grow(w, out, more);
}

/* [-0, +0, v] NULL when it is not UTF-8. */
static inline uint8_t *put_string(writer *w, uint8_t *out, const char *bytes, size_t count) {
    const uint8_t *next = (const uint8_t *)bytes, *end = next + count;
    out = room(w, out, count + ROOM);
    *out++ = '"';
    while ((next = clb_put_plain(&out, next, end)) < end) {
        if (*next < 0x80) {
            out = clb_put_escape(out, *next++);
            out = room(w, out, (size_t)(end - next) + ROOM);
        } else {
            next = clb_put_characters(&out, next, end);
            if (!next) return NULL;
        }
    }
    *out++ = '"';
    return out;
}

/* [-0, +0, v] NULL when it is not finite. */
static uint8_t *put_number(writer *w, uint8_t *out, int index) {
    if (lua_isinteger(w->L, index)) return clb_put_integer(out, lua_tointeger(w->L, index));
    double value = lua_tonumber(w->L, index);
    if (clb_put_decimal(&out, value)) return out;
    return isfinite(value) ? out + w->s->json.number(value, out) : NULL;
}

/* [-0, +0, v] */
static uint8_t *new_line(writer *w, uint8_t *out) {
    size_t spaces = (size_t)w->depth * (size_t)w->indent;
    out = room(w, out, spaces + ROOM);
    *out++ = '\n';
    memset(out, ' ', spaces);
    return out + spaces;
}

/* [-0, +0, v] Before an item, or with `mark` 0 before the end. */
static inline uint8_t *separate(writer *w, uint8_t *out, char mark) {
    if (mark) *out++ = (uint8_t)mark;
    return w->indent >= 0 ? new_line(w, out) : out;
}

static uint8_t *put_value(writer *w, uint8_t *out, int index);

/* [-n, +0, v] Table at `table`, by index from behind `done` on: for lists whose keys do not come in order. */
static uint8_t *put_items_by_index(writer *w, uint8_t *out, int table, lua_Integer done) {
    lua_State *L = w->L;
    lua_Integer count = 0;
    lua_settop(L, table);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1), count++) {
        if (!lua_isinteger(L, -2)) return NULL;
    }
    for (lua_Integer i = done + 1; i <= count; i++) {
        out = separate(w, out, i == 1 ? '[' : ',');
        if (lua_rawgeti(L, table, i) == LUA_TNIL) return NULL;
        out = put_value(w, out, table + 1);
        if (!out) return NULL;
        lua_pop(L, 1);
    }
    return out;
}

/* [-2, +0, v] Table, key, value of the first pair. */
static uint8_t *put_list(writer *w, uint8_t *out, int table) {
    lua_State *L = w->L;
    lua_Integer count = 0;
    bool pending = true;
    for (; pending && lua_isinteger(L, table + 1); pending = lua_next(L, table)) {
        if (lua_tointeger(L, table + 1) != count + 1) break;
        out = separate(w, out, count++ ? ',' : '[');
        out = put_value(w, out, table + 2);
        if (!out) return NULL;
        lua_pop(L, 1);
    }
    /* What is written stays: beginning anew at each level would double the work with each. */
    return pending ? put_items_by_index(w, out, table, count) : out;
}

/* [-0, +0, v] */
static inline uint8_t *put_member(writer *w, uint8_t *out, const clb_name *name, char mark, int index) {
    out = put_string(w, separate(w, out, mark), name->bytes, name->count);
    if (!out) return NULL;
    *out++ = ':';
    if (w->indent >= 0) *out++ = ' ';
    return put_value(w, out, index);
}

/* [-0, +0, v] Members whose values are on the stack. */
static uint8_t *put_members(writer *w, uint8_t *out, size_t first, size_t count) {
    clb_sort_names(w->L, first, count);
    char mark = '{';
    for (size_t i = 0; i < count && out; i++, mark = ',') {
        clb_name name = w->s->names[first + i]; /* a copy: the row may move */
        out = put_member(w, out, &name, mark, name.index);
    }
    return out;
}

/* [-0, +0, v] Members of a large object, whose values are looked up. */
static uint8_t *put_members_by_name(writer *w, uint8_t *out, int table, size_t first, size_t count) {
    lua_State *L = w->L;
    clb_sort_names(w->L, first, count);
    char mark = '{';
    for (size_t i = 0; i < count && out; i++, mark = ',') {
        clb_name name = w->s->names[first + i];
        lua_pushlstring(L, name.bytes, name.count);
        lua_rawget(L, table);
        out = put_member(w, out, &name, mark, table + 1);
        lua_settop(L, table);
    }
    return out;
}

/* [-2, +0, v] Table, key, value of the first pair. */
static uint8_t *put_object(writer *w, uint8_t *out, int table) {
    lua_State *L = w->L;
    clb_state *s = w->s;
    size_t first = s->name_count, count = 0;
    int top = table + 1;
    do {
        size_t length;
        if (lua_type(L, top) != LUA_TSTRING) return NULL;
        const char *name = lua_tolstring(L, top, &length);
        if (!clb_add_name(s, name, length, top + 1)) return NULL;
        if (++count >= MEMBERS_ON_STACK) {
            lua_pop(L, 1);
        } else {
            lua_pushvalue(L, top);
            top += 2;
        }
    } while (lua_next(L, table));
    if (count < MEMBERS_ON_STACK) {
        out = put_members(w, out, first, count);
    } else {
        lua_settop(L, table);
        out = put_members_by_name(w, out, table, first, count);
    }
    s->name_count = first;
    return out;
}

/* [-0, +0, v] Table at -1 and at `table`. */
static uint8_t *put_table(writer *w, uint8_t *out, int table) {
    lua_State *L = w->L;
    if (w->depth == CLB_MESSAGE_DEPTH) return NULL;
    luaL_checkstack(L, 2 * MEMBERS_ON_STACK + 8, "nested table");
    bool is_list = false;
    if (lua_getmetatable(L, table)) {
        is_list = lua_topointer(L, -1) == w->s->list_mark;
        lua_pop(L, 1);
    }
    uint32_t values = w->values;
    lua_pushnil(L);
    bool some = lua_next(L, table);
    is_list = is_list || (some && lua_isinteger(L, table + 1));
    if (some) {
        w->depth++;
        out = is_list ? put_list(w, out, table) : put_object(w, out, table);
        w->depth--;
        if (!out) return NULL;
        out = separate(w, room(w, out, ROOM), 0);
    } else {
        *out++ = is_list ? '[' : '{';
    }
    *out++ = is_list ? ']' : '}';
    lua_settop(L, table);
    clb_spend(L, w->s, w->values - values);
    return out;
}

/* [-0, +0, v] The text of the value at `index`, an absolute one; NULL when it has none. Room for ROOM bytes is there
** before and, for a comma and what follows it, after. */
static uint8_t *put_value(writer *w, uint8_t *out, int index) {
    lua_State *L = w->L;
    if (++w->values > w->s->limits.message_values) return NULL;
    out = room(w, out, 2 * ROOM);
    switch (lua_type(L, index)) {
    case LUA_TSTRING: {
        size_t count;
        const char *bytes = lua_tolstring(L, index, &count);
        return put_string(w, out, bytes, count);
    }
    case LUA_TNUMBER: return put_number(w, out, index);
    case LUA_TBOOLEAN:
        if (!lua_toboolean(L, index)) return memcpy(out, "false", 5), out + 5;
        return memcpy(out, "true", 4), out + 4;
    case LUA_TTABLE:
        if (index != lua_gettop(L)) {
            lua_pushvalue(L, index);
            out = put_table(w, out, lua_gettop(L));
            if (out) lua_pop(L, 1);
            return out;
        }
        return put_table(w, out, index);
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L, index) != &clb_null) return NULL; /* fall through */
    case LUA_TNIL: return memcpy(out, "null", 4), out + 4;
    default: return NULL;
    }
}

/* [-0, +0, e] What the second argument asks for: spaces a level, or -1. */
static int wanted_indent(lua_State *L) {
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    int exact = 0;
    if (!lua_toboolean(L, 2)) return -1;
    if (lua_type(L, 2) != LUA_TTABLE) {
        return clb_error(L, "%s: options: expected a table, found a %s", name, luaL_typename(L, 2));
    }
    lua_pushliteral(L, "indent");
    int type = lua_rawget(L, 2); /* no metamethod of the script's may run while a text is in the making */
    if (type == LUA_TNIL || lua_touserdata(L, -1) == &clb_null) return -1;
    lua_Integer indent = type == LUA_TNUMBER ? lua_tointegerx(L, -1, &exact) : 0;
    if (exact && indent >= 0 && indent <= INDENT_MOST) return (int)indent;
    return clb_error(L, "%s: indent: expected an integer from 0 to %d", name, INDENT_MOST);
}

/* [-0, +0, e] Raises why the value at 1 has no text. */
static int refuse(lua_State *L) {
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    lua_settop(L, 1);
    clb_refuse_value(L, 1, lua_pushfstring(L, "%s: argument", name));
    return clb_error(L, "%s: the value has no JSON text", name);
}

/* encode(value [, {indent = spaces}]): the text, keys in the order of their bytes. Upvalue: the function's name. */
static int encode(lua_State *L) {
    clb_state *s = clb_self(L);
    int indent = wanted_indent(L);
    writer w = {.L = L, .s = s, .end = s->text.base + s->text.capacity, .indent = indent};
    s->name_count = 0;
    lua_settop(L, 1);
    uint8_t *out = put_value(&w, s->text.base, 1);
    if (!out) return refuse(L);
    size_t count = (size_t)(out - s->text.base);
    if (count > s->limits.message_bytes) grow(&w, out, 0);
    clb_spend(L, s, count / BYTES_A_STEP + 1);
    lua_pushlstring(L, (const char *)s->text.base, count);
    return 1;
}

/* encoder(name): a function that writes JSON and calls itself `name` in errors. */
int clb_json_encoder(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushcclosure(L, encode, 1);
    return 1;
}
