// SPDX-License-Identifier: Apache-2.0
/* The table functions whose C loops a large table or a lying `__len` could keep busy where no hook runs: each element
** counts as an instruction, and the limits are looked at meanwhile. */
#include "clb_internal.h"

/* [-0, +0, e] */
static lua_Integer checked_length(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    return luaL_len(L, 1);
}

static int insert(lua_State *L) {
    lua_Integer end = (lua_Integer)((lua_Unsigned)checked_length(L) + 1);
    switch (lua_gettop(L)) {
    case 2: break;
    case 3: {
        lua_Integer position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
        for (lua_Integer i = end; i > position; i--) {
            clb_spend(L, clb_self(L), 1);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
        end = position;
        break;
    }
    default: return clb_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, end);
    return 0;
}

static int remove_element(lua_State *L) {
    lua_Integer length = checked_length(L);
    lua_Integer position = luaL_optinteger(L, 2, length);
    if (position != length) {
        luaL_argcheck(L, (lua_Unsigned)position - 1u <= (lua_Unsigned)length, 2, "position out of bounds");
    }
    lua_geti(L, 1, position);
    for (; position < length; position++) {
        clb_spend(L, clb_self(L), 1);
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

/* [-0, +0, e] */
static void copy_element(lua_State *L, lua_Integer from, int target, lua_Integer to) {
    clb_spend(L, clb_self(L), 1);
    lua_geti(L, 1, from);
    lua_seti(L, target, to);
}

static int move(lua_State *L) {
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, target, LUA_TTABLE);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        luaL_argcheck(L, to <= LUA_MAXINTEGER - (last - first + 1) + 1, 4, "destination wrap around");
        bool apart = to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        lua_Integer count = last - first + 1;
        for (lua_Integer i = 0; i < count; i++) {
            lua_Integer step = apart ? i : count - 1 - i;
            copy_element(L, first + step, target, to + step);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

/* [-0, +0, v] Adds the element at `index` to the text. */
static void add_element(lua_State *L, clb_state *s, luaL_Buffer *text, lua_Integer index) {
    clb_spend(L, s, 1);
    lua_geti(L, 1, index);
    if (!lua_isstring(L, -1)) {
        luaL_error(
            L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)index);
    }
    luaL_addvalue(text);
}

static int concat(lua_State *L) {
    clb_state *s = clb_self(L);
    luaL_Buffer text;
    size_t count;
    lua_Integer length = checked_length(L);
    const char *separator = luaL_optlstring(L, 2, "", &count);
    lua_Integer first = luaL_optinteger(L, 3, 1), last = luaL_optinteger(L, 4, length);
    luaL_buffinit(L, &text);
    for (; first < last; first++) {
        add_element(L, s, &text, first);
        luaL_addlstring(&text, separator, count);
    }
    if (first == last) add_element(L, s, &text, first);
    luaL_pushresult(&text);
    return 1;
}

/* [-0, +0, e] */
void clb_open_table(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"insert", insert}, {"remove", remove_element}, {"move", move}, {"concat", concat}, {"sort", clb_sort},
        {NULL, NULL},
    };
    lua_getglobal(L, LUA_TABLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
