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

/* With a live heap above half of the cap, the default pause of 200 % would make every cycle an emergency one. Setting a
** parameter is all that an allocator may ask of Lua. */
static void tune_collector(clb_state *s) {
    if (!s->L || s->memory_limit == 0) return;
    bool early = s->early != SIZE_MAX && s->used > s->early;
    bool late = s->early == SIZE_MAX && s->used < s->memory_limit / 5 * 2;
    if (!early && !late) return;
    lua_gc(s->L, LUA_GCSETPAUSE, early ? 110 : 200);
    s->early = early ? SIZE_MAX : s->memory_limit / 100 * 45;
}

void *clb_allocate(void *state, void *block, size_t old_size, size_t new_size) {
    clb_state *s = state;
    if (!block) {
        if (old_size == LUA_TTABLE) s->table_size = new_size; /* it is a type tag then */
        old_size = 0;
    }
    if (new_size == 0) {
        if (old_size == s->table_size) clb_table_freed(s, block);
        if (s->identities.count && block) clb_forget_identity(&s->identities, block);
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
    if (new_size > old_size) tune_collector(s);
    return moved;
}

uint64_t clb_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* CPU time of this thread. */
uint64_t clb_cpu_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What a step computes in less than this is counted by the clock: reading the CPU time costs as much as a short call. */
#define BY_CLOCK_NS 10000000u

/* What the step has computed so far. From the first look at it on, by the thread's CPU time. */
static uint64_t computed(clb_call *call, uint64_t now) {
    if (call->cpu_counts) return clb_cpu_now() - call->cpu_start;
    call->cpu_counts = true;
    call->cpu_start = clb_cpu_now() - (now - call->step_start);
    return now - call->step_start;
}

/* Whether the time is up: the deadline's, by the clock, or the time for computing, by the thread's CPU time. A thread
** that other programs kept from computing gets the rest. */
static bool time_is_up(clb_state *s, clb_call *call) {
    uint64_t now = clb_now();
    if (now < call->stop_at) return false;
    if (now >= call->deadline) return true;
    uint64_t spent = computed(call, now);
    if (spent >= call->compute_left) return true;
    uint64_t end = now + call->compute_left - spent;
    call->stop_at = end < call->deadline ? end : call->deadline;
    clb_watch_change(s, call->stop_at);
    return false;
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
    } else if (call->stop_at != UINT64_MAX && time_is_up(s, call)) {
        call->stopped = CLB_CODE_TIMEOUT;
    }
    return clb_stopped(s);
}

/* [-0, +0, e] The count hook. It raises and never yields: a yield inside a hook is unsafe in Lua 5.4.4. */
static void hook(lua_State *L, lua_Debug *activation) {
    (void)activation;
    clb_state *s = clb_self(L);
    clb_call *call = s->current;
    s->hooked = 0;
    if (!call) return;
    if (!clb_poll(s, call, s->limits.instructions ? CLB_HOOK_STEP : 0)) {
        clb_arm(L);
        if (!s->limits.instructions) clb_watch_change(s, call->stop_at);
        return;
    }
    if (call->position.count == 0) clb_where(L, &call->position);
    clb_raise_stop(L);
}

/* [-0, +0, -] Puts a coroutine under the limits: the permanent hook is for counting instructions only; time is looked
** at when the watchdog asks for it. */
void clb_arm(lua_State *L) {
    if (clb_self(L)->limits.instructions) lua_sethook(L, hook, LUA_MASKCOUNT, CLB_HOOK_STEP);
    else lua_sethook(L, NULL, 0, 0);
}

/* Called by the signal handler, on the thread that computes. Where instructions are counted the hook is there already,
** and the count must not depend on time. */
void clb_request_hook(clb_state *s) {
    if (s->limits.instructions) return;
    s->hooked = 1;
    lua_sethook(s->running, hook, LUA_MASKCOUNT, 1);
}

/* [-0, +0, -] Notes which coroutine computes from here on, and hands a hook that has not run yet on to it. Returns the
** one before. */
lua_State *clb_run_on(clb_state *s, lua_State *L) {
    lua_State *before = s->running;
    s->running = L;
    if (L && s->hooked) lua_sethook(L, hook, LUA_MASKCOUNT, 1);
    return before;
}

/* [-0, +1, v] The error value is never seen by a script, and making it needs no memory. From here on the hook runs at
** each instruction, so that nothing a handler does gets far. */
int clb_raise_stop(lua_State *L) {
    lua_sethook(L, hook, LUA_MASKCOUNT, 1);
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

/* False: there is no watchdog, and the step must not begin. */
bool clb_begin_step(clb_call *call) {
    clb_state *s = call->state;
    call->position.count = 0;
    call->stop_at = call->deadline;
    if (s->limits.compute_ns) {
        uint64_t look = call->compute_left < BY_CLOCK_NS ? call->compute_left : BY_CLOCK_NS;
        call->cpu_counts = false;
        call->step_start = clb_now();
        if (call->step_start + look < call->stop_at) call->stop_at = call->step_start + look;
    }
    s->stack_base = (uintptr_t)__builtin_frame_address(0);
    s->current = call;
    s->hooked = 0;
    return clb_watch_begin(s, call->stop_at);
}

void clb_end_step(clb_call *call) {
    clb_state *s = call->state;
    clb_watch_end(s);
    s->running = NULL;
    s->current = NULL;
    if (!s->limits.compute_ns) return;
    uint64_t spent = call->cpu_counts ? clb_cpu_now() - call->cpu_start : clb_now() - call->step_start;
    call->compute_left = spent < call->compute_left ? call->compute_left - spent : 0;
}
