// SPDX-License-Identifier: Apache-2.0
/* The table functions whose C loops a lying `__len` could keep busy for ever, where no hook runs. */
#include "clb_internal.h"

/* Elements one call may shift; about 0.3 s of work. */
#define SHIFT_MOST 10000000

/* [-0, +0, e] */
static lua_Integer checked_length(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    return luaL_len(L, 1);
}

/* [-0, +0, e] */
static void check_shift(lua_State *L, lua_Integer from, lua_Integer to, const char *name) {
    if (to > from && (lua_Unsigned)to - (lua_Unsigned)from > SHIFT_MOST) {
        clb_error(L, "table.%s: more than %d elements to move", name, SHIFT_MOST);
    }
}

static int insert(lua_State *L) {
    lua_Integer end = (lua_Integer)((lua_Unsigned)checked_length(L) + 1);
    switch (lua_gettop(L)) {
    case 2: break;
    case 3: {
        lua_Integer position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
        check_shift(L, position, end, "insert");
        for (lua_Integer i = end; i > position; i--) {
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
    check_shift(L, position, length, "remove");
    lua_geti(L, 1, position);
    for (; position < length; position++) {
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

/* [-n, +m, e] Calls the stock function, which is the first upvalue, with all arguments. */
static int call_stock(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int move(lua_State *L) {
    check_shift(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3), "move");
    return call_stock(L);
}

static int sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) return clb_error(L, "table.sort: the table has a '__len'");
    return call_stock(L);
}

/* [-0, +0, e] */
void clb_open_table(lua_State *L) {
    static const luaL_Reg own[] = {{"insert", insert}, {"remove", remove_element}, {NULL, NULL}};
    static const luaL_Reg guards[] = {{"move", move}, {"sort", sort}, {NULL, NULL}};
    lua_getglobal(L, LUA_TABLIBNAME);
    luaL_setfuncs(L, own, 0);
    for (const luaL_Reg *guard = guards; guard->name; guard++) {
        lua_getfield(L, -1, guard->name);
        lua_pushcclosure(L, guard->func, 1);
        lua_setfield(L, -2, guard->name);
    }
    lua_pop(L, 1);
}
