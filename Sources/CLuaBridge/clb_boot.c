// SPDX-License-Identifier: Apache-2.0
/* What a new state contains: the allowed libraries, built from a list, and the guards against this Lua's bugs. */
#include "clb_internal.h"
#include <string.h>

const char clb_key_list, clb_key_modules, clb_key_entries, clb_key_anchors;
const char clb_null;

/* [-0, +0, m] Makes Lua forget a metamethod: a short string is unique, so lua_pushstring returns the very bytes that
** Lua compares an event's name with; once they are changed, no table key can be that string. Outside of the documented
** API, therefore `probe` checks the effect. Why these events: see clb_protect.c. */
static void disarm(lua_State *L, const char *event) {
    char *name = (char *)lua_pushstring(L, event);
    name[0] = name[1] = '\1';
    lua_rawsetp(L, LUA_REGISTRYINDEX, name); /* anchored: the string must stay the one Lua knows */
}

/* [-0, +0, e] Runs before the stock setmetatable and collectgarbage are replaced. */
static void probe(lua_State *L) {
    static const char source[] =
        "local text = setmetatable({}, {__concat = function() return '' end})\n"
        "local concatenates = pcall(function() return text .. '' end)\n"
        "local weak = setmetatable({}, {__mode = 'k'})\n"
        "weak[{}] = true\n"
        "collectgarbage()\n"
        "return not concatenates and next(weak) ~= nil";
    if (luaL_loadbufferx(L, source, sizeof source - 1, "=probe", "t") != LUA_OK) lua_error(L);
    lua_call(L, 0, 1);
    if (!lua_toboolean(L, -1)) luaL_error(L, "this Lua library cannot be made safe: its metamethods stay armed");
    lua_pop(L, 1);
}

/* [-0, +0, e] */
static void open_libraries(lua_State *L) {
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},      {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
        lua_pop(L, 1);
    }
}

static int null_name(lua_State *L) {
    lua_pushstring(L, lua_touserdata(L, 1) == &clb_null ? "null" : "userdata");
    return 1;
}

/* [-0, +0, e] The mark of lists, the metatable of null, and the tables the bridge keeps. */
static void make_tables(lua_State *L) {
    clb_state *s = clb_self(L);
    lua_newtable(L);
    s->list_mark = lua_topointer(L, -1);
    lua_pushliteral(L, "list");
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clb_key_list);
    lua_pushlightuserdata(L, (void *)&clb_null); /* all light userdata share one metatable */
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, null_name);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    const char *keys[] = {&clb_key_modules, &clb_key_entries};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        lua_newtable(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, keys[i]);
    }
}

/* [-0, +0, e] A lua_CFunction: fills a new state. */
int clb_boot(lua_State *L) {
    disarm(L, "__concat");
    disarm(L, "__mode");
    /* Lua makes this string where an error could not be caught (upstream fix 25da574f); have it ready. */
    lua_pushliteral(L, "error in error handling");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clb_key_anchors);
    open_libraries(L);
    probe(L);
    make_tables(L);
    clb_open_coroutine(L);
    clb_open_protect(L);
    clb_open_base(L);
    clb_open_order(L);
    clb_open_random(L);
    clb_open_table(L);
    clb_open_string(L);
    clb_open_address(L);
    clb_note_blockers(L);
    return 0;
}
