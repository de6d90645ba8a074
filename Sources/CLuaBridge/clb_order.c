// SPDX-License-Identifier: Apache-2.0
/* pairs and next in an order that is the same in each process (see clb_traversal.c).
**
** A list is read as Lua has it, as long as Lua has 1, 2, 3, ... in front. The keys of other tables are put in order once and
** remembered in one of a few places, by the table's address; when it is freed, the allocator says so. What is remembered only
** saves time: what next returns does not hang on it. A loop that begins looks whether the keys are still those, so that
** what was added is seen; and when the table has few keys it looks for another table's of the same keys, which saves the sorting. */
#include "clb_internal.h"

/* The place of a traversal among the upvalues of next. */
#define HOLDER(place) lua_upvalueindex((int)(place) + 1)

/* Registry key of the function next: what it holds must outlive the script's interest in it. */
static const char anchor;

/* Called by the allocator, so it only notes. */
void clb_table_freed(clb_state *s, const void *table) {
    for (int i = 0; i < CLB_TRAVERSALS; i++) {
        if (s->traversed[i] != table) continue;
        s->traversed[i] = NULL;
        s->table_died = true;
    }
    for (int i = 0; i < CLB_ADVANCES; i++) {
        if (s->advances[i].table == table) s->advances[i].table = NULL;
    }
}

/* Lets the next loops begin anew and their keys go. */
void clb_forget_traversals(clb_state *s) {
    for (int i = 0; i < CLB_TRAVERSALS; i++) s->traversed[i] = NULL;
    s->table_died = true;
}

/* [-0, +0, -] Lets go of many keys that are of no use any more. */
static void release(lua_State *L, clb_state *s) {
    s->table_died = false;
    for (unsigned i = 0; i < CLB_TRAVERSALS; i++) {
        if (!s->traversals[i] || s->traversed[i] || s->traversals[i]->few) continue;
        s->traversals[i] = NULL;
        lua_pushnil(L);
        lua_replace(L, HOLDER(i));
    }
}

/* [-1, +0, -] Remembers the traversal at the top: in the table's place, else in a free one, else in the next. */
static unsigned remember(lua_State *L, clb_state *s, clb_traversal *t) {
    const void *table = lua_topointer(L, 1);
    unsigned place = s->next_traversal % CLB_TRAVERSALS;
    for (unsigned i = 0; i < CLB_TRAVERSALS && s->traversed[place] != table; i++) {
        unsigned candidate = (s->next_traversal + i) % CLB_TRAVERSALS;
        if (s->traversed[candidate] == table || (!s->traversed[candidate] && s->traversed[place])) place = candidate;
    }
    s->next_traversal = place + 1;
    lua_replace(L, HOLDER(place));
    s->traversals[place] = t;
    s->traversed[place] = table;
    return place;
}

/* [-0, +1 or 2, v] */
static int advance(lua_State *L, clb_state *s, unsigned place) {
    s->recent = place;
    if (clb_traverse(L, HOLDER(place), 1)) return 2;
    s->traversed[place] = NULL;
    if (!s->traversals[place]->few) s->table_died = true;
    lua_pushnil(L);
    return 1;
}

/* [-0, +1 or 2, v] The first key behind `after`, or of all when that is NULL, and its value. */
static int least(lua_State *L, clb_state *s, const clb_key *after) {
    clb_key best = {.rank = CLB_RANK_OTHER};
    size_t total = 0, left = 0;
    lua_settop(L, 2);
    lua_pushnil(L); /* 3: the best key */
    for (lua_pushnil(L); lua_next(L, 1); total++) {
        clb_key key;
        lua_pop(L, 1);
        clb_spend(L, s, 1);
        clb_read_key(L, -1, &key);
        if (after && !clb_key_precedes(after, &key)) continue;
        if (left++ > 0 && !clb_key_precedes(&key, &best)) continue;
        best = key;
        lua_copy(L, -1, 3);
    }
    if (left == 0) return lua_pushnil(L), 1;
    if (after && left > 1 && total > CLB_KEYS_FEW && best.rank != CLB_RANK_OTHER) {
        lua_settop(L, 2);
        return advance(L, s, remember(L, s, clb_push_traversal(L, 1, after)));
    }
    lua_pushvalue(L, 3);
    lua_rawget(L, 1);
    return 2;
}

/* [-0, +1 or 2, v] What comes behind the object at 2: the next object, as Lua has them. */
static int next_object(lua_State *L) {
    clb_key key;
    while (lua_next(L, 1)) {
        clb_read_key(L, -2, &key);
        if (key.rank == CLB_RANK_OTHER) return 2;
        lua_pop(L, 1);
        clb_spend(L, clb_self(L), 1);
    }
    lua_pushnil(L);
    return 1;
}

/* [-0, +0, v] Raises, as Lua does, when the key at 2 neither is in the table nor was cleared lately. */
static void check_key(lua_State *L) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 1) == LUA_TNIL) {
        lua_pushvalue(L, 2);
        lua_next(L, 1);
    }
    lua_settop(L, 2);
}

/* [-0, +1 or 2, v] */
static int following(lua_State *L, clb_state *s) {
    const void *table = lua_topointer(L, 1);
    clb_traversal *t = s->traversals[s->recent];
    if (s->traversed[s->recent] == table && t->few > 0 && t->last == lua_topointer(L, 2) && t->at < t->count) {
        /* The common step, without a detour. A key of few is a string, so it has an address. */
        lua_getiuservalue(L, HOLDER(s->recent), (int)t->at + 1);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            t->at++;
            t->last = lua_topointer(L, -2);
            return 2;
        }
        lua_settop(L, 2);
    }
    if (s->traversed[s->recent] == table && clb_stands_at(L, HOLDER(s->recent), 2, false)) {
        return advance(L, s, s->recent);
    }
    for (unsigned i = 0; i < CLB_TRAVERSALS; i++) {
        if (s->traversed[i] == table && clb_stands_at(L, HOLDER(i), 2, true)) return advance(L, s, i);
    }
    clb_key key;
    clb_read_key(L, 2, &key);
    if (key.rank == CLB_RANK_OTHER) return next_object(L);
    check_key(L);
    return least(L, s, &key);
}

/* [-0, +2 or 0, -] The item at `index`, unless there is none. */
static inline bool push_item(lua_State *L, lua_Integer index) {
    lua_pushinteger(L, index);
    if (lua_rawgeti(L, 1, index) != LUA_TNIL) return true;
    lua_pop(L, 2);
    return false;
}

/* [-0, +1 or 2, v] What comes behind the item `index` of a list. */
static int next_item(lua_State *L, clb_state *s, lua_Integer index) {
    const void *table = lua_topointer(L, 1);
    int exact, place = 0;
    while (place < CLB_ADVANCES && s->advances[place].table != table) place++;
    if (place < CLB_ADVANCES && s->advances[place].last == index) {
        if (!lua_next(L, 1)) { /* nothing came before 1, and nothing comes now */
            s->advances[place].table = NULL;
            lua_pushnil(L);
            return 1;
        }
        if (lua_tointegerx(L, 2, &exact) == index + 1 && exact && lua_type(L, 2) == LUA_TNUMBER) {
            s->advances[place].last = index + 1;
            return 2;
        }
        s->advances[place].table = NULL;
        lua_settop(L, 1);
        lua_pushinteger(L, index);
    }
    return index < LUA_MAXINTEGER && push_item(L, index + 1) ? 2 : following(L, s);
}

/* Notes that Lua has the item 1 of the table in front. */
static void begin_list(clb_state *s, const void *table) {
    unsigned place = s->next_advance % CLB_ADVANCES;
    for (unsigned i = 0; i < CLB_ADVANCES; i++) {
        if (s->advances[i].table == table) place = i;
        else if (!s->advances[i].table && s->advances[place].table && s->advances[place].table != table) place = i;
    }
    s->next_advance = place + 1;
    s->advances[place] = (clb_advance){table, 1};
}

/* [-0, +0, -] Whether the table's keys are those that the traversal found. */
static bool has_found(lua_State *L, const clb_traversal *t) {
    uint8_t count = 0;
    lua_settop(L, 1);
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_settop(L, 2);
        if (count == t->few || lua_topointer(L, 2) != t->found[count++]) return false;
    }
    return count == t->few;
}

/* [-0, +0, -] The place of a traversal of the same keys, or -1. Table at 1, the first key that Lua has at 2. */
static int find_same(lua_State *L, clb_state *s) {
    const void *table = lua_topointer(L, 1), *first = lua_topointer(L, 2);
    if (!first) return -1;
    for (unsigned i = 0; i < CLB_TRAVERSALS; i++) {
        unsigned place = (s->recent + i) % CLB_TRAVERSALS;
        const clb_traversal *t = s->traversals[place];
        if (!t || t->few == 0 || t->found[0] != first || (s->traversed[place] && s->traversed[place] != table)) continue;
        return has_found(L, t) ? (int)place : -1;
    }
    return -1;
}

/* [-0, +0, -] Whether the table at 1 has more than a few keys. */
static bool has_many(lua_State *L) {
    int count = 0;
    lua_settop(L, 1);
    for (lua_pushnil(L); lua_next(L, 1); lua_settop(L, 2)) {
        if (count++ == CLB_KEYS_FEW) return true;
    }
    return false;
}

/* [-0, +1 or 2, v] The first key of the table at 1 and its value. */
static int first_pair(lua_State *L, clb_state *s) {
    const void *table = lua_topointer(L, 1);
    if (s->table_died) release(L, s);
    if (!lua_next(L, 1)) return lua_pushnil(L), 1;
    bool listed = lua_isinteger(L, 2) && lua_tointeger(L, 2) == 1;
    int same = listed ? -1 : find_same(L, s);
    for (int i = 0; i < CLB_TRAVERSALS; i++) { /* the table may have got keys since */
        if (s->traversed[i] == table && i != same) s->traversed[i] = NULL;
    }
    if (listed) return begin_list(s, table), 2;
    if (same >= 0) {
        s->traversed[same] = table;
        s->traversals[same]->at = 0;
        return advance(L, s, (unsigned)same);
    }
    lua_settop(L, 1);
    if (push_item(L, 1)) return 2;
    bool loops = s->looped == table;
    s->looped = NULL;
    if (!loops && has_many(L)) return least(L, s, NULL);
    return advance(L, s, remember(L, s, clb_push_traversal(L, 1, NULL)));
}

static int next(lua_State *L) {
    clb_state *s = clb_self(L);
    int type = lua_type(L, 2);
    if (lua_type(L, 1) != LUA_TTABLE) luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (type == LUA_TSTRING) return following(L, s);
    if (type <= LUA_TNIL) return first_pair(L, s);
    if (type == LUA_TNUMBER) {
        int exact;
        lua_Integer index = lua_tointegerx(L, 2, &exact);
        if (exact && index > 0) return next_item(L, s, index);
    }
    return following(L, s);
}

static int after_metamethod(lua_State *L, int status, lua_KContext unused) {
    (void)L;
    (void)status;
    (void)unused;
    return 3;
}

/* Upvalue: next. */
static int pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, after_metamethod);
        return 3;
    }
    clb_self(L)->looped = lua_topointer(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* [-0, +0, e] */
void clb_open_order(lua_State *L) {
    for (int i = 0; i < CLB_TRAVERSALS; i++) lua_pushnil(L);
    lua_pushcclosure(L, next, CLB_TRAVERSALS);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &anchor);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "next");
    lua_pushcclosure(L, pairs, 1);
    lua_setglobal(L, "pairs");
}
