// SPDX-License-Identifier: Apache-2.0
/* math.randomseed: without arguments, the stock function takes the time and an address. Once a seed was given, ours takes the
** new one from the numbers that the old one yields, so that all that follows is a matter of the first seed. */
#include "clb_internal.h"

/* [-0, +1, e] A random integer of all 64 bits. */
static void push_random(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_pushinteger(L, 0);
    lua_call(L, 1, 1);
}

/* Upvalues: the stock randomseed, the stock random, whether a seed was given. */
static int seed(lua_State *L) {
    bool given = lua_gettop(L) > 0;
    if (given) luaL_checknumber(L, 1); /* the stock function does not know its name here */
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    if (!given && lua_toboolean(L, lua_upvalueindex(3))) {
        push_random(L);
        push_random(L);
    }
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    if (given) {
        lua_pushboolean(L, 1);
        lua_replace(L, lua_upvalueindex(3));
    }
    return lua_gettop(L);
}

/* [-0, +0, e] */
void clb_open_random(lua_State *L) {
    lua_getglobal(L, LUA_MATHLIBNAME);
    lua_getfield(L, -1, "randomseed");
    lua_getfield(L, -2, "random");
    lua_pushboolean(L, 0);
    lua_pushcclosure(L, seed, 3);
    lua_setfield(L, -2, "randomseed");
    lua_pop(L, 1);
}
