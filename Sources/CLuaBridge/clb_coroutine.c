// SPDX-License-Identifier: Apache-2.0
/* The coroutine library. When something inside a script's own coroutine asks the host, that coroutine yields; its
** resumer sees the call's `asking` flag, yields too and so on outward, and the answer comes back in the same way. */
#include "clb_internal.h"

/* [-0, +0, e] */
static lua_State *check_coroutine(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

/* [-0, +0, e] */
static void refuse_foreign(lua_State *L, lua_State *co, const char *verb) {
    uintptr_t marks = *clb_extra(co);
    if (marks & CLB_MARK_CALL) clb_error(L, "cannot %s the main coroutine of a call", verb);
    if (marks & CLB_MARK_WAITS) clb_error(L, "cannot %s a coroutine that waits for the host", verb);
}

static int continue_drive(lua_State *L, int status, lua_KContext wraps);

/* [-0, +0, e] Runs `co` until it has something for its resumer; a request that cannot travel further outward, because
** `L` is inside a C function, is refused and raised where it was made. Returns the status; values are on `co`. */
static int resume_until_its_own(lua_State *L, lua_State *co, int arguments, int *results) {
    clb_state *s = clb_self(L);
    for (;;) {
        clb_run_on(s, co);
        int status = lua_resume(co, L, arguments, results);
        clb_run_on(s, L);
        if (clb_stopped(s)) clb_raise_stop(L);
        clb_call *call = s->current;
        if (status != LUA_YIELD || !call || call->asking == CLB_ASKS_NOTHING || lua_isyieldable(L)) return status;
        call->asking = CLB_ASKS_NOTHING;
        call->refused_by = clb_blocker(L);
        arguments = 0;
    }
}

/* [-0, +2, e] (wrap: raises) The error value is on top. */
static int resume_failed(lua_State *L, lua_State *co, bool wraps) {
    if (!wraps) {
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) { /* died: close its variables; the error may change */
        clb_close_coroutine(L, co);
        if (lua_gettop(co) > 0) {
            lua_pop(L, 1);
            lua_xmove(co, L, 1);
        }
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* [-n, +m, e] Stack: the coroutine at 1, arguments at the top. */
static int drive(lua_State *L, int arguments, bool wraps) {
    lua_State *co = lua_tothread(L, 1);
    int results = 0;
    if (!lua_checkstack(co, arguments + 1)) return clb_error(L, "too many arguments to resume");
    lua_xmove(L, co, arguments);
    int status = resume_until_its_own(L, co, arguments, &results);
    if (status == LUA_YIELD) {
        clb_call *call = clb_self(L)->current;
        if (call && call->asking != CLB_ASKS_NOTHING) {
            *clb_extra(co) |= CLB_MARK_WAITS;
            return lua_yieldk(L, 0, wraps, continue_drive);
        }
    } else if (status != LUA_OK) {
        lua_xmove(co, L, 1);
        return resume_failed(L, co, wraps);
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        return clb_error(L, "too many results to resume");
    }
    if (!wraps) lua_pushboolean(L, 1);
    lua_xmove(co, L, results);
    return results + !wraps;
}

/* The answer has come: resume inward. */
static int continue_drive(lua_State *L, int status, lua_KContext wraps) {
    (void)status;
    *clb_extra(lua_tothread(L, 1)) &= ~CLB_MARK_WAITS;
    return drive(L, 0, wraps != 0);
}

static int resume(lua_State *L) {
    refuse_foreign(L, check_coroutine(L), "resume");
    return drive(L, lua_gettop(L) - 1, false);
}

static int call_wrapped(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    refuse_foreign(L, lua_tothread(L, 1), "resume");
    return drive(L, lua_gettop(L) - 1, true);
}

static int create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    clb_arm(co);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int wrap(lua_State *L) {
    create(L);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

static uintptr_t stack_used(const clb_state *s) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return here < s->stack_base ? s->stack_base - here : here - s->stack_base;
}

/* [-0, +0, e] Closes a suspended or dead coroutine; an error value is left on `co`. The handlers may close others in
** turn, which Lua 5.4.4 does not bound (upstream fix 1e64c139). */
int clb_close_coroutine(lua_State *L, lua_State *co) {
    clb_state *s = clb_self(L);
    if (s->current && stack_used(s) > CLB_STACK_MOST) {
        return clb_error(L, "C stack overflow: too many coroutines are being closed inside one another");
    }
    clb_run_on(s, co);
    int status = lua_resetthread(co);
    clb_run_on(s, L);
    if (clb_stopped(s)) clb_raise_stop(L);
    return status;
}

static int close_checked(lua_State *L) {
    lua_State *co = check_coroutine(L);
    lua_Debug activation;
    refuse_foreign(L, co, "close");
    if (co == L) return clb_error(L, "cannot close a running coroutine");
    if (lua_status(co) == LUA_OK && lua_getstack(co, 0, &activation)) {
        return clb_error(L, "cannot close a normal coroutine");
    }
    if (clb_close_coroutine(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

static bool is_call(lua_State *L) { return (*clb_extra(L) & CLB_MARK_CALL) != 0; }

static int yield(lua_State *L) {
    if (is_call(L)) return clb_error(L, "attempt to yield from outside a coroutine");
    if (!lua_isyieldable(L)) return clb_error(L, "cannot yield inside %s", clb_blocker(L));
    return lua_yield(L, lua_gettop(L));
}

static int is_yieldable(lua_State *L) {
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);
    lua_pushboolean(L, !is_call(co) && lua_isyieldable(co));
    return 1;
}

static int running(lua_State *L) {
    lua_pushthread(L);
    lua_pushboolean(L, is_call(L));
    return 2;
}

/* [-0, +0, e] Replaces all of the stock library but coroutine.status. */
void clb_open_coroutine(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"create", create},
        {"wrap", wrap},
        {"resume", resume},
        {"close", close_checked},
        {"yield", yield},
        {"isyieldable", is_yieldable},
        {"running", running},
        {NULL, NULL},
    };
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
