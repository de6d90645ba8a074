// SPDX-License-Identifier: Apache-2.0
/* pcall and xpcall that a stopped script cannot hide behind, and setmetatable without the unsafe events. */
#include "clb_internal.h"
#include <string.h>

/* [-0, +n, e] After a protected call, done at once or continued after a yield. */
static int finish_pcall(lua_State *L, int status, lua_KContext skipped) {
    if (clb_stopped(clb_self(L))) return clb_raise_stop(L);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_pushboolean(L, 0);
        lua_pushvalue(L, -2);
        return 2;
    }
    return lua_gettop(L) - (int)skipped;
}

static int protected_call(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return finish_pcall(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall), 0);
}

/* [-0, +2, e] After the script's handler: false and what it returned, or false and its own error. */
static int finish_handler(lua_State *L, int status, lua_KContext unused) {
    (void)status;
    (void)unused;
    if (clb_stopped(clb_self(L))) return clb_raise_stop(L);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

/* [-0, +n, e] */
static int finish_xpcall(lua_State *L, int status, lua_KContext skipped) {
    if (clb_stopped(clb_self(L))) return clb_raise_stop(L);
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)skipped;
    lua_pushvalue(L, 2);
    lua_insert(L, -2);
    return finish_handler(L, lua_pcallk(L, 1, 1, 0, 0, finish_handler), 0);
}

/* The handler is called after the stack was unwound, never as Lua's message handler: that would run with hooks off, and
** a coroutine that yields inside xpcall keeps a stale handler in Lua 5.4.4 (upstream fix 3fe7be95). */
static int protected_call_with_handler(lua_State *L) {
    int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    return finish_xpcall(L, lua_pcallk(L, count - 2, LUA_MULTRET, 0, 2, finish_xpcall), 2);
}

/* [-0, +0, e] __gc: Lua turns hooks off inside finalizers. __concat: Debian's 5.4.4-3 reads a freed stack after such a
** handler (603b2c64 is missing). It is found by name at any time, so clb_boot disarms the name as well; __gc counts only
** when the metatable is set, so the check here is complete. __mode may be set and does nothing, as clb_boot disarms it:
** an emergency collection can free a weakly held __newindex table that is in use (upstream fix 983bc433). */
static void refuse_events(lua_State *L, int metatable) {
    static const char *const events[] = {"__gc", "__concat"};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        lua_pushstring(L, events[i]);
        if (lua_rawget(L, metatable) != LUA_TNIL) {
            clb_error(L, "setmetatable: '%s' is not available to scripts", events[i]);
        }
        lua_pop(L, 1);
    }
}

static int set_metatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    if (lua_getmetatable(L, 1)) {
        bool list = lua_topointer(L, 3) == clb_self(L)->list_mark; /* the mark of a list gives way */
        lua_pushliteral(L, "__metatable");
        if (lua_rawget(L, 3) != LUA_TNIL && !list) return clb_error(L, "cannot change a protected metatable");
        lua_settop(L, 2);
    }
    if (type == LUA_TTABLE) refuse_events(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

/* [-0, +0, e] */
void clb_open_protect(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"pcall", protected_call},
        {"xpcall", protected_call_with_handler},
        {"setmetatable", set_metatable},
        {NULL, NULL},
    };
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
