// SPDX-License-Identifier: Apache-2.0
/* The order in which the keys of a table come, and lists of keys in that order. Lua's own order hangs on a seed that each
** process draws anew; this one hangs on the keys alone: positive integers, other numbers, strings by their bytes, false,
** true. Keys that are objects have nothing to be ordered by: they come last, as Lua has them. */
#include "clb_internal.h"
#include <string.h>

/* Keys that wait on Lua's stack to be put in order; of larger tables they are read twice. */
#define KEYS_ON_STACK 48
/* Keys that a userdata holds; more are in a table. */
#define USER_VALUES_MOST 60000
/* A row's index holds its number and, above, its rank. */
#define RANK_SHIFT 28
#define NUMBER_MASK ((1 << RANK_SHIFT) - 1)

/* [-0, +0, -] */
void clb_read_key(lua_State *L, int index, clb_key *key) {
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        key->rank = CLB_RANK_STRING;
        key->bytes = lua_tolstring(L, index, &key->count);
        return;
    case LUA_TNUMBER: {
        int exact;
        key->integer = lua_tointegerx(L, index, &exact);
        key->rank = exact && key->integer > 0 ? CLB_RANK_POSITIVE : CLB_RANK_NUMBER;
        key->number = lua_tonumber(L, index);
        if (!exact) key->integer = 0;
        return;
    }
    case LUA_TBOOLEAN:
        key->rank = CLB_RANK_BOOLEAN;
        key->integer = lua_toboolean(L, index);
        return;
    default: key->rank = CLB_RANK_OTHER;
    }
}

static bool bytes_precede(const clb_key *a, const clb_key *b) {
    int order = memcmp(a->bytes, b->bytes, a->count < b->count ? a->count : b->count);
    return order ? order < 0 : a->count < b->count;
}

/* Whether `a` comes before `b`; objects have no order. */
bool clb_key_precedes(const clb_key *a, const clb_key *b) {
    if (a->rank != b->rank) return a->rank < b->rank;
    if (a->rank == CLB_RANK_STRING) return bytes_precede(a, b);
    if (a->rank == CLB_RANK_NUMBER && a->number != b->number) return a->number < b->number;
    return a->rank != CLB_RANK_OTHER && a->integer < b->integer;
}

/* A number's bits so that they compare as the number does. */
static uint64_t ordered_bits(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

/* [-0, +0, v] Adds the row of the key at -1. Rows of one rank compare as their keys: by prefix, bytes and count. Large
** integers that are the same number in floating point are told apart by their distance from it, as a count of zeros. */
static void add_row(lua_State *L, clb_state *s, clb_key *key, size_t number) {
    static const char zeros[4096];
    bool added;
    if (key->rank == CLB_RANK_STRING) {
        added = clb_add_name(s, key->bytes, key->count, 0);
    } else {
        added = clb_add_name(s, zeros, 0, 0);
    }
    if (!added || number > NUMBER_MASK) clb_error(L, "no memory to put the keys of a table in order");
    clb_name *row = &s->names[s->name_count - 1];
    row->index = (int)number | (int)key->rank << RANK_SHIFT;
    if (key->rank == CLB_RANK_OTHER) {
        row->prefix = number;
    } else if (key->rank == CLB_RANK_NUMBER) {
        row->prefix = ordered_bits(key->number == 0 ? 0 : key->number);
        if (key->integer) row->count = (uint32_t)(2048 + (key->integer - (lua_Integer)key->number));
    } else if (key->rank != CLB_RANK_STRING) {
        row->prefix = (uint64_t)key->integer;
    }
}

/* [-0, +n, v] Makes rows of the keys behind `after`; leaves the first KEYS_ON_STACK of them on the stack. Returns their
** number, and in `ranks` a bit for each rank. */
static size_t collect(lua_State *L, clb_state *s, int table, const clb_key *after, unsigned *ranks) {
    size_t count = 0;
    s->name_count = 0;
    for (lua_pushnil(L); lua_next(L, table);) {
        clb_key key;
        lua_pop(L, 1);
        clb_spend(L, s, 1);
        clb_read_key(L, -1, &key);
        if (after && !clb_key_precedes(after, &key)) continue;
        add_row(L, s, &key, count);
        *ranks |= 1u << key.rank;
        if (count++ < KEYS_ON_STACK) lua_pushvalue(L, -1);
    }
    return count;
}

/* [-0, +0, v] Sorts the rows, each rank by itself. */
static void sort_rows(lua_State *L, clb_state *s, size_t count, unsigned ranks) {
    size_t first = 0;
    if ((ranks & (ranks - 1)) == 0) {
        clb_sort_names(L, 0, count);
        return;
    }
    for (int rank = 0; rank <= CLB_RANK_OTHER; rank++) {
        size_t end = first;
        for (size_t i = first; i < count; i++) {
            clb_name row = s->names[i];
            if (row.index >> RANK_SHIFT != rank) continue;
            s->names[i] = s->names[end];
            s->names[end++] = row;
        }
        clb_sort_names(L, first, end - first);
        first = end;
    }
}

/* [-0, +1, -] */
static void push_key(lua_State *L, int traversal, const clb_traversal *t, uint32_t number) {
    if (!t->wide) {
        lua_getiuservalue(L, traversal, (int)number);
        return;
    }
    lua_getiuservalue(L, traversal, 1);
    lua_rawgeti(L, -1, number);
    lua_remove(L, -2);
}

/* [-1, +0, m] */
static void set_key(lua_State *L, int traversal, const clb_traversal *t, uint32_t number) {
    if (!t->wide) {
        lua_setiuservalue(L, traversal, (int)number);
        return;
    }
    lua_getiuservalue(L, traversal, 1);
    lua_insert(L, -2);
    lua_rawseti(L, -2, number);
    lua_pop(L, 1);
}

/* [-0, +0, v] Puts the keys of a large table into the traversal: first as they come, then each in its place. */
static void fill(lua_State *L, clb_state *s, int traversal, int table, const clb_key *after) {
    const clb_traversal *t = lua_touserdata(L, traversal);
    uint32_t count = 0;
    for (lua_pushnil(L); lua_next(L, table);) {
        clb_key key;
        lua_pop(L, 1);
        clb_spend(L, s, 1);
        clb_read_key(L, -1, &key);
        if (after && !clb_key_precedes(after, &key)) continue;
        lua_pushvalue(L, -1);
        set_key(L, traversal, t, ++count);
    }
    for (uint32_t i = 0; i < count; i++) s->names[i].index &= NUMBER_MASK;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = i, source;
        clb_spend(L, s, 1);
        if ((uint32_t)s->names[i].index == i) continue;
        push_key(L, traversal, t, i + 1);
        for (; (source = (uint32_t)s->names[place].index) != i; place = source) {
            push_key(L, traversal, t, source + 1);
            set_key(L, traversal, t, place + 1);
            s->names[place].index = (int)place;
        }
        set_key(L, traversal, t, place + 1);
        s->names[place].index = (int)place;
    }
}

/* [-0, +0, -] Notes the keys as Lua has them, when they are few and all of them strings. */
static void note_found(lua_State *L, clb_traversal *t, int table) {
    uint8_t count = 0;
    for (lua_pushnil(L); lua_next(L, table);) {
        lua_pop(L, 1);
        t->found[count++] = lua_topointer(L, -1);
    }
    t->few = count;
}

/* [-0, +1, v] Pushes a traversal of the keys of the table at `table`, an absolute index, that come behind `after`; of all
** keys when that is NULL. */
clb_traversal *clb_push_traversal(lua_State *L, int table, const clb_key *after) {
    clb_state *s = clb_self(L);
    int base = lua_gettop(L);
    unsigned ranks = 0;
    luaL_checkstack(L, KEYS_ON_STACK + 8, "traversal");
    size_t count = collect(L, s, table, after, &ranks);
    sort_rows(L, s, count, ranks);
    if (count > KEYS_ON_STACK) lua_settop(L, base);
    bool wide = count > USER_VALUES_MOST;
    clb_traversal *t = lua_newuserdatauv(L, sizeof *t, wide ? 1 : (int)count);
    int traversal = lua_gettop(L);
    t->last = NULL;
    t->at = 0;
    t->count = (uint32_t)count;
    t->wide = wide;
    t->few = 0;
    if (count <= KEYS_ON_STACK) {
        for (size_t i = 0; i < count; i++) {
            lua_pushvalue(L, base + 1 + (s->names[i].index & NUMBER_MASK));
            lua_setiuservalue(L, traversal, (int)i + 1);
        }
        if (!after && count <= CLB_KEYS_FEW && ranks == 1u << CLB_RANK_STRING) note_found(L, t, table);
        if (count > 0) lua_replace(L, base + 1);
        lua_settop(L, base + 1);
    } else {
        if (wide) {
            lua_createtable(L, (int)count, 0);
            lua_setiuservalue(L, traversal, 1);
        }
        fill(L, s, traversal, table, after);
    }
    s->name_count = 0;
    return t;
}

/* [-0, +2 or 0, v] Pushes the next key and its value, unless there is none. What was cleared meanwhile is left out. */
bool clb_traverse(lua_State *L, int traversal, int table) {
    clb_traversal *t = lua_touserdata(L, traversal);
    while (t->at < t->count) {
        push_key(L, traversal, t, ++t->at);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, table) != LUA_TNIL) {
            t->last = lua_topointer(L, -2);
            return true;
        }
        lua_pop(L, 2);
        clb_spend(L, clb_self(L), 1);
    }
    return false;
}

/* [-0, +0, v] Whether the traversal stands at the key at `key`; else it is looked for when `seek` is set. */
bool clb_stands_at(lua_State *L, int traversal, int key, bool seek) {
    clb_traversal *t = lua_touserdata(L, traversal);
    if (t->last && t->last == lua_topointer(L, key)) return true;
    for (uint32_t i = t->at; i > 0; i = 0) {
        push_key(L, traversal, t, i);
        bool same = lua_rawequal(L, -1, key);
        lua_pop(L, 1);
        if (same) return true;
    }
    for (uint32_t i = 1; seek && i <= t->count; i++) {
        clb_spend(L, clb_self(L), 1);
        push_key(L, traversal, t, i);
        bool same = lua_rawequal(L, -1, key);
        lua_pop(L, 1);
        if (!same) continue;
        t->at = i;
        return true;
    }
    return false;
}
