// SPDX-License-Identifier: Apache-2.0
/* Trusted modules: run when the state opens, or offered, as code that all states share, and run when first asked for. */
#include "clb_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct module_source {
    clb_bytes name, source;
    const char *mode;
} module_source;

/* [-1, +0, e] Anchors the functions of the entries table at the top. */
static void add_entries(lua_State *L, const char *module) {
    int entries = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_entries);
    for (lua_pushnil(L); lua_next(L, entries);) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isfunction(L, -1)) {
            luaL_error(L, "module '%s': an entry must be a function with a name", module);
        }
        lua_pushvalue(L, -2);
        if (lua_rawget(L, entries + 1) != LUA_TNIL) {
            luaL_error(L, "module '%s': there is an entry '%s' already", module, lua_tostring(L, -3));
        }
        lua_pop(L, 1);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, entries + 1);
    }
    lua_settop(L, entries - 1);
}

/* [-1, +0, e] A lua_CFunction: runs a module's source. */
static int load_module(lua_State *L) {
    const module_source *m = lua_touserdata(L, 1);
    lua_settop(L, 0);
    const char *name = lua_pushlstring(L, (const char *)m->name.base, m->name.count);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_modules);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "module '%s' is loaded already", name);
    lua_pop(L, 1);
    const char *chunk = lua_pushfstring(L, "=[%s]", name);
    if (luaL_loadbufferx(L, (const char *)m->source.base, m->source.count, chunk, m->mode) != LUA_OK) {
        return lua_error(L);
    }
    lua_pushcfunction(L, clb_host);
    clb_push_bridge(L);
    lua_call(L, 2, 2);
    if (!lua_istable(L, -2)) {
        return luaL_error(L, "module '%s' must return a table, not a %s", name, luaL_typename(L, -2));
    }
    if (lua_istable(L, -1)) add_entries(L, name);
    else if (lua_isnil(L, -1)) lua_pop(L, 1);
    else return luaL_error(L, "module '%s': the entries must be a table, not a %s", name, luaL_typename(L, -1));
    lua_pushvalue(L, 1);
    lua_insert(L, -2);
    lua_rawset(L, 2);
    return 0;
}

clb_code clb_state_load_module(clb_state *s, clb_bytes name, clb_bytes source, clb_bytes *failure) {
    module_source m = {name, source, "t"};
    lua_pushcfunction(s->L, load_module);
    lua_pushlightuserdata(s->L, &m);
    int status = lua_pcall(s->L, 1, 0, 0);
    if (status == LUA_OK) return CLB_CODE_NONE;
    *failure = clb_take_failure(s);
    return status == LUA_ERRMEM ? CLB_CODE_MEMORY : status == LUA_ERRSYNTAX ? CLB_CODE_SYNTAX : CLB_CODE_RUNTIME;
}

bool clb_state_offer_module(clb_state *s, clb_bytes name, clb_bytes code) {
    clb_module *offered = realloc(s->offered, (s->offered_count + 1) * sizeof *offered);
    if (!offered) return false;
    s->offered = offered;
    clb_module *module = &offered[s->offered_count];
    if (name.count >= sizeof module->name) return false;
    memcpy(module->name, name.base, name.count);
    module->name[name.count] = '\0';
    module->code = code;
    s->offered_count++;
    return true;
}

/* [-0, +0, e] Loads the module `name`, or all when it is NULL. Returns whether one was loaded. */
bool clb_load_offered(lua_State *L, const char *name) {
    clb_state *s = clb_self(L);
    bool found = false;
    for (size_t i = 0; i < s->offered_count; i++) {
        clb_module *module = &s->offered[i];
        if (!module->code.base || (name && strcmp(name, module->name) != 0)) continue;
        module_source source = {{(const uint8_t *)module->name, strlen(module->name)}, module->code, "b"};
        module->code = (clb_bytes){0};
        lua_pushcfunction(L, load_module);
        lua_pushlightuserdata(L, &source);
        lua_call(L, 1, 0);
        found = true;
    }
    return found;
}

static int append(lua_State *L, const void *bytes, size_t count, void *buffer) {
    (void)L;
    return !clb_buffer_append(buffer, bytes, count);
}

clb_code clb_compile(clb_bytes name, clb_bytes source, clb_bytes *code, clb_bytes *failure) {
    clb_buffer out = {0}, why = {0};
    lua_State *L = luaL_newstate();
    clb_code result = CLB_CODE_MEMORY;
    if (L) {
        char chunk[LUA_IDSIZE];
        snprintf(chunk, sizeof chunk, "=[%.*s]", (int)name.count, (const char *)name.base);
        int status = luaL_loadbufferx(L, (const char *)source.base, source.count, chunk, "t");
        if (status == LUA_OK && lua_dump(L, append, &out, 1) == 0) result = CLB_CODE_NONE;
        else if (status == LUA_ERRSYNTAX) result = CLB_CODE_SYNTAX;
        if (result != CLB_CODE_NONE) {
            clb_buffer_print(&why, "%s", status == LUA_OK ? "not enough memory" : lua_tostring(L, -1));
        }
        lua_close(L);
    }
    *code = clb_buffer_bytes(&out);
    *failure = clb_buffer_bytes(&why);
    return result;
}

void clb_free_code(clb_bytes code) { free((void *)code.base); }
