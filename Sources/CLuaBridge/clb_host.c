// SPDX-License-Identifier: Apache-2.0
/* The door: the function by which trusted modules ask the host, and what else they get from the bridge. */
#include "clb_internal.h"

/* [-0, +n, e] The answer, in the coroutine that asked. */
static int continue_host(lua_State *L, int status, lua_KContext unused) {
    (void)status;
    (void)unused;
    clb_call *call = clb_self(L)->current;
    const char *blocker = call->refused_by;
    call->refused_by = NULL;
    if (blocker) return clb_error(L, "the host cannot be asked inside %s, because Lua cannot wait there", blocker);
    if (!call->raises) return clb_decode(L, call->answer);
    clb_push_where(L);
    lua_pushlstring(L, (const char *)call->answer.base, call->answer.count);
    lua_concat(L, 2);
    return lua_error(L);
}

/* host(operation, ...): yields the request; returns what the host answers or raises what it says. */
int clb_host(lua_State *L) {
    clb_state *s = clb_self(L);
    clb_call *call = s->current;
    size_t count;
    const char *operation = luaL_checklstring(L, 1, &count);
    if (!call) return clb_error(L, "the host cannot be asked while a module is loaded");
    if (!lua_isyieldable(L)) {
        const char *blocker = clb_blocker(L);
        return clb_error(L, "the host cannot be asked inside %s, because Lua cannot wait there", blocker);
    }
    call->operation.count = 0;
    if (!clb_buffer_append(&call->operation, operation, count)) return clb_error(L, "no memory for a request");
    clb_where(L, &call->position);
    call->values = clb_encode(L, 2, lua_gettop(L), &call->message, "argument", s->limits.message_bytes);
    lua_settop(L, 0);
    call->asking = CLB_ASKS_HOST;
    return lua_yieldk(L, 0, 0, continue_host);
}

/* [-0, +1, e] Whether the value at `index` has the mark of a list. */
static bool has_mark(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) return false;
    bool marked = lua_topointer(L, -1) == clb_self(L)->list_mark;
    lua_pop(L, 1);
    return marked;
}

/* array([table]): marks the table, or a new one, as a list, so that it is `[]` when it is empty. */
static int array(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (has_mark(L, 1)) return 1;
    if (lua_getmetatable(L, 1)) return clb_error(L, "array: the table has a metatable already");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_list);
    lua_setmetatable(L, 1);
    return 1;
}

static int is_array(lua_State *L) {
    lua_pushboolean(L, lua_istable(L, 1) && has_mark(L, 1));
    return 1;
}

/* raise(message): an error at the script's line that called into the module. */
static int raise_error(lua_State *L) {
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING) {
        clb_push_where(L);
        lua_insert(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* where(): "file:line" of the script's code that called into the module, or "". */
static int where(lua_State *L) {
    clb_call *call = clb_self(L)->current;
    if (call && clb_where(L, &call->position)) {
        lua_pushlstring(L, (const char *)call->position.base, call->position.count);
        call->position.count = 0;
    } else {
        lua_pushliteral(L, "");
    }
    return 1;
}

/* [-0, +1, e] */
void clb_push_bridge(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"array", array}, {"isarray", is_array}, {"raise", raise_error}, {"where", where},
        {"decoder", clb_json_decoder}, {"encoder", clb_json_encoder}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
    lua_pushlightuserdata(L, (void *)&clb_null);
    lua_setfield(L, -2, "null");
}

/* [-0, +1, e] The names of the modules, for an error message. */
static const char *module_names(lua_State *L, int modules) {
    luaL_Buffer names;
    luaL_buffinit(L, &names);
    const char *separator = "";
    lua_pushnil(L);
    int key = lua_gettop(L);
    while (lua_next(L, modules)) {
        lua_pop(L, 1);
        luaL_addstring(&names, separator);
        lua_pushvalue(L, key);
        luaL_addvalue(&names);
        separator = ", ";
    }
    luaL_pushresult(&names);
    return lua_tostring(L, -1);
}

/* require(name): the table of a module that the host gave to the state. */
int clb_require(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_modules);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) != LUA_TNIL) return 1;
    const char *names = module_names(L, 2);
    return clb_error(L, "module '%s' not found; there is %s", name, *names ? names : "none");
}
