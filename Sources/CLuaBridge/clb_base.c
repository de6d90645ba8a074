// SPDX-License-Identifier: Apache-2.0
/* The basic functions that scripts get in place of the stock ones. */
#include "clb_internal.h"
#include <string.h>

static int continue_print(lua_State *L, int status, lua_KContext unused) {
    (void)status;
    (void)unused;
    clb_self(L)->current->refused_by = NULL; /* it could not pause, but what it printed is in the buffer */
    return 0;
}

/* [-0, +0, v] */
static void spend_output(lua_State *L, clb_call *call, size_t count) {
    if (count <= call->output_left) {
        call->output_left -= count;
        return;
    }
    call->stopped = CLB_CODE_OUTPUT;
    if (call->position.count == 0) clb_where(L, &call->position);
    clb_raise_stop(L);
}

/* print: into the state's buffer, which the host takes away; beyond 64 KB the call pauses for that. */
static int print(lua_State *L) {
    clb_state *s = clb_self(L);
    int count = lua_gettop(L);
    size_t total = (size_t)count + 1;
    for (int i = 1; i <= count; i++) { /* first, because a __tostring may print as well */
        size_t length;
        clb_tolstring(L, i, &length);
        lua_replace(L, i);
        total += length;
    }
    if (s->current) spend_output(L, s->current, total - 1);
    if (total > CLB_OUTPUT_MOST - s->output.count || !clb_buffer_reserve(&s->output, total)) {
        return clb_error(L, "print: more than %d MB of output at once", (int)(CLB_OUTPUT_MOST >> 20));
    }
    for (int i = 1; i <= count; i++) {
        size_t length;
        const char *text = lua_tolstring(L, i, &length);
        if (i > 1) clb_buffer_append(&s->output, "\t", 1);
        clb_buffer_append(&s->output, text, length);
    }
    clb_buffer_append(&s->output, "\n", 1);
    if (s->output.count <= CLB_OUTPUT_PAUSE || !s->current || !lua_isyieldable(L)) return 0;
    s->current->asking = CLB_ASKS_OUTPUT;
    return lua_yieldk(L, 0, 0, continue_print);
}

/* load: text in strings only. Chunk names of trusted modules are reserved: positions
** leave them out. */
static int load(lua_State *L) {
    size_t count;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *source = lua_tolstring(L, 1, &count);
    const char *name = luaL_optstring(L, 2, source);
    const char *mode = luaL_optstring(L, 3, "t");
    bool has_env = !lua_isnone(L, 4);
    if (name != source && name[0] == '=' && (name[1] == '[' || name[1] == '?')) {
        return clb_error(L, "load: chunk names that start with '=%c' are reserved", name[1]);
    }
    if (!strchr(mode, 't')) {
        lua_pushnil(L);
        lua_pushfstring(L, "attempt to load a text chunk (mode is '%s')", mode);
        return 2;
    }
    if (clb_load(L, (clb_bytes){(const uint8_t *)source, count}, name) != LUA_OK) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_env) {
        lua_pushvalue(L, 4);
        if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
    }
    return 1;
}

/* Bytes of a heap that count as one instruction when all of it is collected. */
#define COLLECT_BYTES 64

/* collectgarbage: a collection is one instruction to a hook, but walks the whole heap. */
static int collect_garbage(lua_State *L) {
    clb_state *s = clb_self(L);
    const char *option = luaL_optstring(L, 1, "collect");
    bool counts = strcmp(option, "count") == 0;
    if (!counts && strcmp(option, "collect") != 0 && strcmp(option, "step") != 0) {
        return clb_error(L, "collectgarbage: '%s' is not available to scripts; 'collect' and 'count' are", option);
    }
    if (counts) {
        lua_pushnumber(L, (lua_Number)s->used / 1024);
        return 1;
    }
    clb_spend(L, s, s->used / COLLECT_BYTES);
    clb_forget_traversals(s);
    lua_gc(L, LUA_GCCOLLECT);
    lua_pushinteger(L, 0);
    return 1;
}

/* [-0, +0, e] */
static void open_os(lua_State *L) {
    static const char *const names[] = {"time", "clock", "date", "difftime", NULL};
    lua_pushcfunction(L, luaopen_os); /* not luaL_requiref: the whole library must not stay in package.loaded */
    lua_call(L, 0, 1);
    lua_newtable(L);
    for (int i = 0; names[i]; i++) {
        lua_getfield(L, -2, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    lua_setglobal(L, LUA_OSLIBNAME);
    lua_pop(L, 1);
}

/* [-0, +0, e] */
void clb_open_base(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"print", print},
        {"load", load},
        {"collectgarbage", collect_garbage},
        {"require", clb_require},
        {NULL, NULL},
    };
    static const char *const removed[] = {"dofile", "loadfile", "warn"};
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) {
        lua_pushnil(L);
        lua_setfield(L, -2, removed[i]);
    }
    lua_pop(L, 1);
    open_os(L);
}
