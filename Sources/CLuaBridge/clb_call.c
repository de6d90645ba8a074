// SPDX-License-Identifier: Apache-2.0
/* A call in flight: a coroutine whose first function is one of the bridge's own. That function reads the arguments,
** calls the script and writes the results, so that one lua_resume protects all of it. */
#include "clb_internal.h"
#include <stdlib.h>
#include <string.h>

/* Time a closed call's to-be-closed variables have. */
#define CLOSING_NS 100000000u

/* [-0, +0, v] A lua_KFunction: the script has returned; its results are the whole stack. */
static int write_results(lua_State *L, int status, lua_KContext unused) {
    (void)status;
    (void)unused;
    const clb_limits *limits = &clb_self(L)->limits;
    clb_call *call = clb_self(L)->current;
    call->code = CLB_CODE_CONVERSION; /* what an error from here on means */
    call->values = clb_encode(L, 1, lua_gettop(L), &call->message, "return value", limits->result_bytes);
    call->code = CLB_CODE_NONE;
    return 0;
}

/* [-0, +0, v] A lua_CFunction: calls an entry. */
static int run_entry(lua_State *L) {
    clb_call *call = clb_self(L)->current;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clb_key_entries);
    lua_pushlstring(L, (const char *)call->name.base, call->name.count);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) != LUA_TFUNCTION && clb_load_offered(L, NULL)) {
        lua_pushvalue(L, 2);
        lua_rawget(L, 1);
    }
    if (!lua_isfunction(L, -1)) return luaL_error(L, "no module has an entry '%s'", lua_tostring(L, 2));
    lua_replace(L, 1);
    lua_settop(L, 1);
    int count = clb_decode(L, call->arguments);
    lua_callk(L, count, LUA_MULTRET, 0, write_results);
    return write_results(L, LUA_OK, 0);
}

/* Leaves out a byte order mark and the text of a `#!` line, but not its end, so that lines keep their numbers. */
static clb_bytes skip_prefix(clb_bytes source) {
    if (source.count >= 3 && memcmp(source.base, "\xEF\xBB\xBF", 3) == 0) {
        source.base += 3;
        source.count -= 3;
    }
    if (source.count > 0 && source.base[0] == '#') {
        const uint8_t *end = memchr(source.base, '\n', source.count);
        size_t skipped = end ? (size_t)(end - source.base) : source.count;
        source.base += skipped;
        source.count -= skipped;
    }
    return source;
}

/* [-0, +0, v] Sets `arg` from the values at `first`...; the first is arg[0]. */
static void set_arg(lua_State *L, int first, int count) {
    luaL_checkstack(L, 2, "too many arguments");
    lua_createtable(L, count, 1);
    for (int i = 0; i < count; i++) {
        lua_pushvalue(L, first + i);
        lua_rawseti(L, -2, i);
    }
    lua_setglobal(L, "arg");
}

/* [-0, +0, v] A lua_CFunction: compiles and calls a chunk. */
static int run_chunk(lua_State *L) {
    clb_call *call = clb_self(L)->current;
    clb_bytes source = skip_prefix(call->source);
    lua_pushliteral(L, "@");
    lua_pushlstring(L, (const char *)call->name.base, call->name.count);
    lua_concat(L, 2);
    if (clb_load(L, source, lua_tostring(L, 1)) != LUA_OK) {
        call->code = CLB_CODE_SYNTAX;
        return lua_error(L);
    }
    lua_replace(L, 1);
    int count = clb_decode(L, call->arguments);
    set_arg(L, 2, count);
    if (count > 0) lua_remove(L, 2); /* the name is not in `...` */
    lua_callk(L, count > 0 ? count - 1 : 0, LUA_MULTRET, 0, write_results);
    return write_results(L, LUA_OK, 0);
}

static void report(clb_call *call, clb_status status, clb_step *step) {
    *step = (clb_step){
        .status = status,
        .code = call->code,
        .message = clb_buffer_bytes(&call->message),
        .values = call->values,
        .operation = clb_buffer_bytes(&call->operation),
        .position = clb_buffer_bytes(&call->position),
        .traceback = clb_buffer_bytes(&call->traceback),
    };
}

/* Whether the step must not begin. What it may compute is untouched, however long its thread was kept from this line. */
static bool is_over(clb_call *call) {
    uint64_t stop_at = call->stop_at;
    call->stop_at = call->state->limits.compute_ns && call->compute_left == 0 ? 0 : call->deadline;
    bool over = clb_poll(call->state, call, 0);
    call->stop_at = stop_at;
    return over;
}

static void step_call(clb_call *call, clb_step *step) {
    clb_state *s = call->state;
    int results = 0;
    if (s->stopped != CLB_CODE_NONE) call->stopped = CLB_CODE_CLOSED;
    if (!clb_begin_step(call)) call->stopped = CLB_CODE_CLOSED;
    if (is_over(call)) {
        clb_describe_stop(call);
        clb_end_step(call);
        report(call, CLB_FAILED, step);
        return;
    }
    call->started = true;
    call->suspended = false;
    call->asking = CLB_ASKS_NOTHING;
    call->refused_by = NULL;
    clb_run_on(s, call->co);
    int status = lua_resume(call->co, s->L, 0, &results);
    clb_status outcome = CLB_DONE;
    if (status == LUA_YIELD) {
        call->suspended = true;
        lua_pop(call->co, results);
        outcome = call->asking == CLB_ASKS_OUTPUT ? CLB_OUTPUT : CLB_REQUEST;
    } else if (status != LUA_OK) {
        outcome = CLB_FAILED;
        clb_finish_error(call, status);
    }
    clb_end_step(call);
    report(call, outcome, step);
}

/* [-0, +0, m] A lua_CFunction: makes the coroutine of a call and anchors it. */
static int make_coroutine(lua_State *L) {
    clb_call *call = lua_touserdata(L, 1);
    lua_State *co = lua_newthread(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, call);
    clb_arm(co);
    *clb_extra(co) |= CLB_MARK_CALL;
    call->co = co;
    return 0;
}

static clb_call *new_call(clb_state *s) {
    clb_call *call = calloc(1, sizeof *call);
    if (!call) return NULL;
    call->state = s;
    lua_pushcfunction(s->L, make_coroutine);
    lua_pushlightuserdata(s->L, call);
    if (lua_pcall(s->L, 1, 0, 0) == LUA_OK) return call;
    lua_pop(s->L, 1);
    free(call);
    return NULL;
}

clb_call *clb_call_open(clb_state *s, int64_t remaining_ns) {
    if (clb_state_stopped(s) != CLB_CODE_NONE) return NULL;
    clb_call *call = s->idle;
    if (call) {
        s->idle = call->next;
        s->idle_count--;
    } else if (!(call = new_call(s))) {
        return NULL;
    }
    call->stopped = call->code = CLB_CODE_NONE;
    call->started = call->suspended = false;
    call->deadline = remaining_ns < 0 ? UINT64_MAX : clb_now() + (uint64_t)remaining_ns;
    call->compute_left = s->limits.compute_ns;
    call->instructions_left = s->limits.instructions;
    call->output_left = s->limits.output_bytes ? s->limits.output_bytes : SIZE_MAX;
    call->previous = NULL;
    call->next = s->live;
    if (s->live) s->live->previous = call;
    s->live = call;
    s->live_count++;
    return call;
}

static void start(clb_call *call, lua_CFunction first, clb_step *step) {
    lua_pushcfunction(call->co, first);
    step_call(call, step);
    call->source = call->name = call->arguments = (clb_bytes){0};
}

void clb_call_run(clb_call *call, clb_bytes source, clb_bytes name, clb_bytes arguments, clb_step *step) {
    call->source = source;
    call->name = name;
    call->arguments = arguments;
    start(call, run_chunk, step);
}

void clb_call_entry(clb_call *call, clb_bytes name, clb_bytes arguments, clb_step *step) {
    call->name = name;
    call->arguments = arguments;
    start(call, run_entry, step);
}

static void answer(clb_call *call, clb_bytes bytes, bool raises, clb_step *step) {
    call->answer = bytes;
    call->raises = raises;
    step_call(call, step);
    call->answer = (clb_bytes){0};
}

void clb_call_answer(clb_call *call, clb_bytes values, clb_step *step) { answer(call, values, false, step); }
void clb_call_raise(clb_call *call, clb_bytes text, clb_step *step) { answer(call, text, true, step); }
void clb_call_resume(clb_call *call, clb_step *step) { step_call(call, step); }

void clb_call_cancel(clb_call *call) {
    atomic_store_explicit(&call->cancelled, true, memory_order_relaxed);
    clb_watch_tell(call->state);
}

/* Closes the variables of a call that waits. */
static void close_suspended(clb_call *call) {
    clb_state *s = call->state;
    call->stopped = CLB_CODE_NONE;
    atomic_store_explicit(&call->cancelled, false, memory_order_relaxed);
    call->deadline = clb_now() + CLOSING_NS;
    call->compute_left = CLOSING_NS;
    call->instructions_left = s->limits.instructions;
    if (clb_begin_step(call)) {
        clb_run_on(s, call->co);
        lua_resetthread(call->co);
        lua_settop(call->co, 0);
    } else {
        call->broken = true;
    }
    if (clb_stopped(s)) call->broken = true;
    clb_end_step(call);
}

void clb_call_free(clb_call *call) {
    clb_buffer_free(&call->message);
    clb_buffer_free(&call->operation);
    clb_buffer_free(&call->position);
    clb_buffer_free(&call->traceback);
    free(call);
}

static void unlink_live(clb_call *call) {
    clb_state *s = call->state;
    if (call->previous) call->previous->next = call->next;
    else s->live = call->next;
    if (call->next) call->next->previous = call->previous;
    s->live_count--;
}

static void trim_scratch(clb_state *s) {
    clb_buffer_trim(&s->spare);
    clb_buffer_trim(&s->text);
    s->json.trim(s->json.host);
    if (s->member_capacity > CLB_MEMBERS_KEPT) {
        free(s->members);
        s->members = NULL;
        s->member_capacity = s->member_count = 0;
    }
    if (s->name_capacity > CLB_MEMBERS_KEPT) {
        free(s->names);
        s->names = NULL;
        s->name_capacity = s->name_count = 0;
    }
}

void clb_call_close(clb_call *call) {
    clb_state *s = call->state;
    if (call->suspended && s->stopped == CLB_CODE_NONE) close_suspended(call);
    trim_scratch(s);
    unlink_live(call);
    bool clean = !call->broken && s->stopped == CLB_CODE_NONE && lua_status(call->co) == LUA_OK;
    if (clean && s->idle_count < CLB_IDLE_MOST) {
        lua_settop(call->co, 0);
        atomic_store_explicit(&call->cancelled, false, memory_order_relaxed);
        clb_buffer_trim(&call->message);
        clb_buffer_trim(&call->operation);
        clb_buffer_trim(&call->position);
        clb_buffer_trim(&call->traceback);
        call->next = s->idle;
        s->idle = call;
        s->idle_count++;
        return;
    }
    lua_pushnil(s->L); /* the key is there: setting it to nil needs no memory */
    lua_rawsetp(s->L, LUA_REGISTRYINDEX, call);
    clb_call_free(call);
}
