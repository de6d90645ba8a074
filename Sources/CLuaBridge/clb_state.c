// SPDX-License-Identifier: Apache-2.0
/* Opening, loading modules into, and closing a state. */
#include "clb_internal.h"
#include <stdlib.h>
#include <string.h>

/* Where Lua goes when an error has no handler. It cannot be reached while everything runs protected; abort follows. */
static int panic(lua_State *L) {
    (void)L;
    return 0;
}

/* [-1, +0, -] Takes the error message from the top of the main stack. */
static clb_bytes take_failure(clb_state *s) {
    size_t count = 0;
    const char *text = lua_type(s->L, -1) == LUA_TSTRING ? lua_tolstring(s->L, -1, &count) : NULL;
    s->failure.count = 0;
    if (text) clb_buffer_append(&s->failure, text, count);
    else clb_buffer_print(&s->failure, "the error is a %s value", luaL_typename(s->L, -1));
    lua_pop(s->L, 1);
    return clb_buffer_bytes(&s->failure);
}

clb_state *clb_state_open(const clb_limits *limits, const clb_json *json, clb_bytes *failure) {
    *failure = (clb_bytes){0};
    clb_state *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->limits = *limits;
    s->json = *json;
    s->L = lua_newstate(clb_allocate, s);
    if (!s->L) {
        free(s);
        return NULL;
    }
    lua_atpanic(s->L, panic);
    *clb_extra(s->L) = (uintptr_t)s;
    lua_pushcfunction(s->L, clb_boot); /* a light C function: needs no memory */
    if (lua_pcall(s->L, 0, 0, 0) != LUA_OK) {
        *failure = take_failure(s);
        s->stopped = CLB_CODE_CLOSED;
    }
    return s;
}

typedef struct module_source {
    clb_bytes name, source;
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
    if (luaL_loadbufferx(L, (const char *)m->source.base, m->source.count, chunk, "t") != LUA_OK) return lua_error(L);
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
    module_source m = {name, source};
    lua_pushcfunction(s->L, load_module);
    lua_pushlightuserdata(s->L, &m);
    int status = lua_pcall(s->L, 1, 0, 0);
    if (status == LUA_OK) return CLB_CODE_NONE;
    *failure = take_failure(s);
    return status == LUA_ERRMEM ? CLB_CODE_MEMORY : status == LUA_ERRSYNTAX ? CLB_CODE_SYNTAX : CLB_CODE_RUNTIME;
}

clb_code clb_state_seal(clb_state *s, clb_bytes *failure) {
    lua_gc(s->L, LUA_GCCOLLECT);
    s->memory_limit = s->limits.memory;
    s->early = s->memory_limit / 100 * 45;
    if (s->memory_limit == 0 || s->used <= s->memory_limit) return CLB_CODE_NONE;
    s->stopped = CLB_CODE_MEMORY;
    s->failure.count = 0;
    clb_buffer_print(&s->failure, "the memory limit is %zu bytes, but the libraries and modules need %zu",
        s->memory_limit, s->used);
    *failure = clb_buffer_bytes(&s->failure);
    return CLB_CODE_MEMORY;
}

void clb_state_close(clb_state *s) {
    s->current = NULL;
    while (s->live) {
        clb_call *call = s->live;
        s->live = call->next;
        clb_call_free(call);
    }
    while (s->idle) {
        clb_call *call = s->idle;
        s->idle = call->next;
        clb_call_free(call);
    }
    lua_close(s->L);
    clb_buffer_free(&s->output);
    clb_buffer_free(&s->failure);
    clb_buffer_free(&s->spare);
    clb_buffer_free(&s->text);
    free(s->members);
    free(s->names);
    free(s);
}

void clb_state_cancel(clb_state *s) {
    atomic_store_explicit(&s->cancelled, true, memory_order_relaxed);
    clb_watch_tell(s);
}

clb_code clb_state_stopped(const clb_state *s) {
    if (s->stopped == CLB_CODE_NONE && atomic_load_explicit(&s->cancelled, memory_order_relaxed)) {
        return CLB_CODE_CANCELLED;
    }
    return s->stopped;
}

size_t clb_state_memory(const clb_state *s) { return s->used; }
size_t clb_state_memory_peak(const clb_state *s) { return s->peak; }
size_t clb_state_calls(const clb_state *s) { return s->live_count; }

void clb_state_collect(clb_state *s) {
    if (s->stopped == CLB_CODE_NONE) lua_gc(s->L, LUA_GCCOLLECT);
}

clb_bytes clb_state_output(const clb_state *s) { return clb_buffer_bytes(&s->output); }

void clb_state_clear_output(clb_state *s) { clb_buffer_trim(&s->output); }
