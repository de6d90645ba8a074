// SPDX-License-Identifier: Apache-2.0
/* How a call ends when it fails: the error as code, text and traceback. */
#include "clb_internal.h"

/* [-1, +1, v] A lua_CFunction: an error object as text. Runs a script's __tostring. */
static int describe_error(lua_State *L) {
    if (luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL || lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        luaL_tolstring(L, 1, NULL);
        return 1;
    }
    if (lua_istable(L, 1)) {
        lua_pushliteral(L, "message");
        if (lua_rawget(L, 1) == LUA_TSTRING) return 1;
    }
    lua_pushfstring(L, "(the error is a %s value)", luaL_typename(L, 1));
    return 1;
}

/* Bytes of an error's text that are passed on. */
#define TEXT_MOST ((size_t)16 << 10)

/* Writes the text of an error, the end of a long one left out. */
static void write_text(clb_call *call, const char *text, size_t count) {
    size_t shown = count;
    if (count > TEXT_MOST) {
        for (shown = TEXT_MOST; shown > 0 && (text[shown] & 0xC0) == 0x80;) shown--; /* no half character */
    }
    clb_buffer_append(&call->message, text, shown);
    if (shown < count) clb_buffer_print(&call->message, "... (%zu bytes more)", count - shown);
}

/* Writes the error value at the top of the call's coroutine as text. */
static void write_error(clb_call *call) {
    lua_State *L = call->state->L;
    size_t count;
    const char *text;
    if (lua_type(call->co, -1) == LUA_TSTRING) {
        text = lua_tolstring(call->co, -1, &count);
        write_text(call, text, count);
        return;
    }
    const char *type = luaL_typename(call->co, -1);
    lua_pushcfunction(L, describe_error);
    lua_pushvalue(call->co, -1);
    lua_xmove(call->co, L, 1);
    clb_run_on(call->state, L);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING) {
        text = lua_tolstring(L, -1, &count);
        write_text(call, text, count);
    } else {
        clb_buffer_print(&call->message, "(the error is a %s value)", type);
    }
    lua_pop(L, 1);
    clb_arm(L); /* a stop makes the hook run at each instruction */
}

/* Writes why the call was stopped, with the place where it was. */
static void write_stop(clb_call *call, clb_code code) {
    const clb_state *s = call->state;
    clb_buffer *out = &call->message;
    if (call->position.count == 0 && call->co) clb_where(call->co, &call->position);
    clb_buffer_append(out, call->position.base, call->position.count);
    if (call->position.count) clb_buffer_append(out, ": ", 2);
    switch (code) {
    case CLB_CODE_MEMORY:
        clb_buffer_print(out, "not enough memory: the script may hold %zu bytes", s->memory_limit);
        break;
    case CLB_CODE_TIMEOUT: clb_buffer_print(out, "the time limit of the call was reached"); break;
    case CLB_CODE_INSTRUCTIONS:
        clb_buffer_print(out, "the limit of %lld instructions was reached", (long long)s->limits.instructions);
        break;
    case CLB_CODE_OUTPUT:
        clb_buffer_print(out, "the script printed more than %zu bytes", s->limits.output_bytes);
        break;
    case CLB_CODE_CANCELLED: clb_buffer_print(out, "the script was cancelled"); break;
    default: clb_buffer_print(out, "the Lua state is closed: a script was stopped on it"); break;
    }
}

static clb_code stop_code(clb_call *call) {
    return call->stopped != CLB_CODE_NONE ? call->stopped : call->state->stopped;
}

/* After a stop the coroutine is thrown away: an error from a hook leaves its hooks off, so it must run nothing more. */
static void finish_stopped(clb_call *call) {
    clb_state *s = call->state;
    clb_code code = stop_code(call);
    bool of_limit = code == CLB_CODE_TIMEOUT || code == CLB_CODE_INSTRUCTIONS || code == CLB_CODE_OUTPUT;
    write_stop(call, code);
    call->code = code;
    if (s->stopped == CLB_CODE_NONE && of_limit && call->started && s->limits.call_limit_ends_state) {
        s->stopped = CLB_CODE_CLOSED;
    }
}

static void finish_failed(clb_call *call) {
    clb_state *s = call->state;
    if (call->code == CLB_CODE_NONE) call->code = CLB_CODE_RUNTIME;
    write_error(call);
    clb_run_on(s, call->co);
    lua_resetthread(call->co); /* closes variables, under the call's own limits */
    lua_settop(call->co, 0);
    if (clb_stopped(s)) call->broken = true;
}

/* After an error: notes code, text and traceback, and closes what the coroutine left open. */
void clb_finish_error(clb_call *call, int status) {
    clb_state *s = call->state;
    call->message.count = 0;
    call->traceback.count = 0;
    clb_traceback(call->co, &call->traceback);
    if (status == LUA_ERRMEM && s->stopped == CLB_CODE_NONE) s->stopped = CLB_CODE_MEMORY;
    if (clb_stopped(s)) {
        call->broken = true;
        finish_stopped(call);
    } else {
        finish_failed(call);
    }
}

/* Describes why a call that is stopped must not run on; what it waits in is closed by clb_call_close. */
void clb_describe_stop(clb_call *call) {
    call->message.count = 0;
    call->traceback.count = 0;
    if (call->suspended) clb_traceback(call->co, &call->traceback);
    write_stop(call, stop_code(call));
    call->code = stop_code(call);
}
