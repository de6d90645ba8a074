// SPDX-License-Identifier: Apache-2.0
/* table.sort: the algorithm of Lua 5.4's ltablib.c (MIT licence, Lua.org, PUC-Rio), with one difference. Where a partition
** is too uneven, that one takes the next pivots by the time and the clock, so that equal elements come out in another order in each
** process; here they are taken by a fixed sequence. Comparisons count as instructions. */
#include "clb_internal.h"
#include <limits.h>

/* Below this many elements the pivot is always the one in the middle. */
#define MIDDLE_PIVOT 100u

/* [-2, +0, e] */
static void set_both(lua_State *L, unsigned i, unsigned j) {
    lua_seti(L, 1, i);
    lua_seti(L, 1, j);
}

/* [-0, +0, e] */
static bool less(lua_State *L, int a, int b) {
    clb_spend(L, clb_self(L), 1);
    if (lua_isnil(L, 2)) return lua_compare(L, a, b, LUA_OPLT);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a - 1);
    lua_pushvalue(L, b - 2);
    lua_call(L, 2, 1);
    bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

/* [-1, +0, e] The pivot is at -1 and in the place before `last`. Returns where it goes. */
static unsigned partition(lua_State *L, unsigned first, unsigned last) {
    unsigned i = first, j = last - 1;
    for (;;) {
        while (lua_geti(L, 1, ++i), less(L, -1, -2)) {
            if (i == last - 1) luaL_error(L, "invalid order function for sorting");
            lua_pop(L, 1);
        }
        while (lua_geti(L, 1, --j), less(L, -3, -1)) {
            if (j < i) luaL_error(L, "invalid order function for sorting");
            lua_pop(L, 1);
        }
        if (j < i) {
            lua_pop(L, 1);
            set_both(L, last - 1, i);
            return i;
        }
        set_both(L, i, j);
    }
}

static unsigned choose_pivot(unsigned first, unsigned last, unsigned random) {
    if (last - first < MIDDLE_PIVOT || random == 0) return (first + last) / 2;
    unsigned quarter = (last - first) / 4;
    return random % (quarter * 2) + first + quarter;
}

/* [-0, +0, e] Puts the elements at `i` and `j` into their order. */
static void order(lua_State *L, unsigned i, unsigned j) {
    lua_geti(L, 1, i);
    lua_geti(L, 1, j);
    if (less(L, -1, -2)) set_both(L, i, j);
    else lua_pop(L, 2);
}

/* [-0, +0, e] */
static void sort_range(lua_State *L, unsigned first, unsigned last, unsigned random) {
    while (first < last) {
        order(L, first, last);
        if (last - first == 1) break;
        unsigned pivot = choose_pivot(first, last, random);
        lua_geti(L, 1, pivot);
        lua_geti(L, 1, first);
        if (less(L, -2, -1)) {
            set_both(L, pivot, first);
        } else {
            lua_pop(L, 2);
            order(L, pivot, last);
        }
        if (last - first == 2) break;
        lua_geti(L, 1, pivot);
        lua_pushvalue(L, -1);
        lua_geti(L, 1, last - 1);
        set_both(L, pivot, last - 1);
        pivot = partition(L, first, last);
        unsigned small;
        if (pivot - first < last - pivot) {
            sort_range(L, first, pivot - 1, random);
            small = pivot - first;
            first = pivot + 1;
        } else {
            sort_range(L, pivot + 1, last, random);
            small = last - pivot;
            last = pivot - 1;
        }
        if ((last - first) / 128 > small) random = random * 1664525u + 1013904223u;
    }
}

int clb_sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count = luaL_len(L, 1);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) return clb_error(L, "table.sort: the table has a '__len'");
    if (count < 2) return 0;
    luaL_argcheck(L, count < INT_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    sort_range(L, 1, (unsigned)count, 0);
    return 0;
}
