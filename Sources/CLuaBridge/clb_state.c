// SPDX-License-Identifier: Apache-2.0
/* Opening, sealing and closing a state. */
#include "clb_internal.h"
#include <stdlib.h>
#include <string.h>

/* Where Lua goes when an error has no handler. It cannot be reached while everything runs protected; abort follows. */
static int panic(lua_State *L) {
    (void)L;
    return 0;
}

/* [-1, +0, -] Takes the error message from the top of the main stack. */
clb_bytes clb_take_failure(clb_state *s) {
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
        *failure = clb_take_failure(s);
        s->stopped = CLB_CODE_CLOSED;
    }
    return s;
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
    s->identities.count = 0; /* their rows are freed with the rest */
    lua_close(s->L);
    clb_buffer_free(&s->output);
    clb_buffer_free(&s->failure);
    clb_buffer_free(&s->spare);
    clb_buffer_free(&s->text);
    free(s->members);
    free(s->names);
    free(s->offered);
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
