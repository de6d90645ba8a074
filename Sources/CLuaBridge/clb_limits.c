// SPDX-License-Identifier: Apache-2.0
/* Memory cap, deadline, cancellation and instruction count: how a script is stopped so that it cannot go on.
** A stop is a flag (sticky) plus an error; the hook and every wrapper that could catch the error raise it again. */
#include "clb_internal.h"
#include <stdlib.h>
#include <time.h>

/* Lua retries a refused object allocation once, with the same size, after an emergency collection; luaL_Buffer does
** not. So a refusal is final when the next growth has another size or is refused too, and then the state stops. */
static bool may_grow(clb_state *s, size_t old_size, size_t new_size) {
    if (s->stopped != CLB_CODE_NONE) return false;
    bool fits = s->memory_limit == 0 || s->used - old_size + new_size <= s->memory_limit;
    if (s->refused == 0) {
        if (!fits) s->refused = new_size;
        return fits;
    }
    if (fits && s->refused == new_size) {
        s->refused = 0;
        return true;
    }
    s->stopped = CLB_CODE_MEMORY;
    return false;
}

void *clb_allocate(void *state, void *block, size_t old_size, size_t new_size) {
    clb_state *s = state;
    if (!block) old_size = 0; /* it is a type tag then */
    if (new_size == 0) {
        free(block);
        s->used -= old_size;
        return NULL;
    }
    if (new_size > old_size && !may_grow(s, old_size, new_size)) return NULL;
    void *moved = block ? realloc(block, new_size) : malloc(new_size);
    if (!moved) {
        if (new_size <= old_size) return block; /* Lua relies on shrinking */
        s->stopped = CLB_CODE_MEMORY;
        return NULL;
    }
    s->used = s->used - old_size + new_size;
    if (s->used > s->peak) s->peak = s->used;
    return moved;
}

uint64_t clb_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Notes why the call has to stop, if it has to. */
bool clb_poll(clb_state *s, clb_call *call, int64_t instructions) {
    if (clb_stopped(s)) return true;
    if (atomic_load_explicit(&s->cancelled, memory_order_relaxed)) {
        s->stopped = CLB_CODE_CANCELLED;
    } else if (atomic_load_explicit(&call->cancelled, memory_order_relaxed)) {
        call->stopped = CLB_CODE_CANCELLED;
    } else if (s->limits.instructions && (call->instructions_left -= instructions) < 0) {
        call->stopped = CLB_CODE_INSTRUCTIONS;
    } else if (call->stop_at != UINT64_MAX && clb_now() >= call->stop_at) {
        call->stopped = CLB_CODE_TIMEOUT;
    }
    return clb_stopped(s);
}

/* With a live heap above half of the cap, the default pause of 200 % would make every cycle an emergency one. */
static void tune_collector(lua_State *L, clb_state *s) {
    bool early = s->memory_limit && s->used > s->memory_limit / 100 * 45;
    if (early == s->collects_early) return;
    s->collects_early = early;
    lua_gc(L, LUA_GCSETPAUSE, early ? 110 : 200);
}

/* [-0, +0, e] The count hook. It raises and never yields: a yield inside a hook is unsafe in Lua 5.4.4. After a stop
** it runs at each instruction, so that nothing a handler does gets far. */
static void hook(lua_State *L, lua_Debug *activation) {
    (void)activation;
    clb_state *s = clb_self(L);
    clb_call *call = s->current;
    if (!call) return;
    if (!clb_poll(s, call, CLB_HOOK_STEP)) {
        tune_collector(L, s);
        return;
    }
    if (call->position.count == 0) clb_where(L, &call->position);
    lua_sethook(L, hook, LUA_MASKCOUNT, 1);
    clb_raise_stop(L);
}

/* [-0, +0, -] Puts a coroutine under the limits. The one place to change when the hook is installed only on demand. */
void clb_arm(lua_State *L) { lua_sethook(L, hook, LUA_MASKCOUNT, CLB_HOOK_STEP); }

/* [-0, +1, v] The error value is never seen by a script, and making it needs no memory. */
int clb_raise_stop(lua_State *L) {
    lua_pushlightuserdata(L, (void *)&clb_key_anchors);
    return lua_error(L);
}

/* Steps of C loops between two looks at the limits; about 0.1 ms. */
#define STEPS 10000

/* [-0, +0, v] */
void clb_look_at_limits(lua_State *L) {
    clb_state *s = clb_self(L);
    ptrdiff_t spent = STEPS - s->steps;
    s->steps = STEPS;
    if (!s->current || !clb_poll(s, s->current, spent)) return;
    if (s->current->position.count == 0) clb_where(L, &s->current->position);
    clb_raise_stop(L);
}

void clb_begin_step(clb_call *call) {
    clb_state *s = call->state;
    call->position.count = 0;
    call->stop_at = call->deadline;
    if (s->limits.compute_ns) {
        call->step_start = clb_now();
        uint64_t end = call->step_start + call->compute_left;
        if (end < call->stop_at) call->stop_at = end;
    }
    s->stack_base = (uintptr_t)__builtin_frame_address(0);
    s->current = call;
}

void clb_end_step(clb_call *call) {
    clb_state *s = call->state;
    s->current = NULL;
    if (!s->limits.compute_ns) return;
    uint64_t spent = clb_now() - call->step_start;
    call->compute_left = spent < call->compute_left ? call->compute_left - spent : 0;
}
