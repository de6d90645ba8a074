// SPDX-License-Identifier: Apache-2.0
/* Where the script is: positions and tracebacks that leave out trusted modules, whose chunk names start with "=[", or are
** "=?" where the module is code. */
#include "clb_internal.h"
#include <stdarg.h>

/* Levels a traceback shows at its start and at its end. */
#define TRACE_HEAD 10
#define TRACE_TAIL 11

static bool is_trusted(const lua_Debug *activation) {
    bool reserved = activation->source[0] == '=' && (activation->source[1] == '[' || activation->source[1] == '?');
    return reserved && activation->what[0] != 'C';
}

/* [-0, +0, -] Fills `activation` ("Sl") with the innermost function of the script. */
static bool script_level(lua_State *L, lua_Debug *activation) {
    for (int level = 0; lua_getstack(L, level, activation); level++) {
        lua_getinfo(L, "Sl", activation);
        if (activation->currentline > 0 && !is_trusted(activation)) return true;
    }
    return false;
}

static bool find_script_level(lua_State *L, lua_Debug *activation) {
    if (script_level(L, activation)) return true;
    clb_call *call = clb_self(L)->current; /* nothing of the script in this coroutine: who resumed it? */
    return call && call->co != L && script_level(call->co, activation);
}

/* [-0, +0, -] Writes "file:line" of the script's innermost code; false when there is none. */
bool clb_where(lua_State *L, clb_buffer *out) {
    lua_Debug activation;
    out->count = 0;
    return find_script_level(L, &activation)
        && clb_buffer_print(out, "%s:%d", activation.short_src, activation.currentline);
}

/* [-0, +1, m] */
void clb_push_where(lua_State *L) {
    lua_Debug activation;
    if (find_script_level(L, &activation)) {
        lua_pushfstring(L, "%s:%d: ", activation.short_src, activation.currentline);
    } else {
        lua_pushliteral(L, "");
    }
}

/* [-0, +0, v] Raises with the position of the script's code, not of a trusted module that it called. */
int clb_error(lua_State *L, const char *format, ...) {
    luaL_checkstack(L, 4, "error message");
    clb_push_where(L);
    va_list arguments;
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    lua_concat(L, 2);
    return lua_error(L);
}

static void describe(clb_buffer *out, const lua_Debug *a) {
    if (*a->namewhat != '\0') {
        clb_buffer_print(out, " in %s '%s'", a->namewhat, a->name);
    } else if (*a->what == 'm') {
        clb_buffer_print(out, " in main chunk");
    } else if (*a->what == 'C') {
        clb_buffer_print(out, " in ?");
    } else {
        clb_buffer_print(out, " in function <%s:%d>", a->short_src, a->linedefined);
    }
}

/* [-0, +0, -] Whether a traceback leaves out a level: modules, what they call of the library, the bridge's start. */
static bool is_hidden(lua_State *L, int level, const lua_Debug *a) {
    if (*a->what != 'C') return is_trusted(a);
    lua_Debug caller;
    if (!lua_getstack(L, level + 1, &caller)) return true;
    lua_getinfo(L, "S", &caller);
    return is_trusted(&caller);
}

/* [-0, +0, -] Writes the line of `level`. */
static void trace_level(lua_State *L, int level, clb_buffer *out) {
    lua_Debug a;
    if (!lua_getstack(L, level, &a)) return;
    lua_getinfo(L, "Slnt", &a);
    if (is_hidden(L, level, &a)) return;
    clb_buffer_print(out, "\n\t%s:", a.short_src);
    if (a.currentline > 0) clb_buffer_print(out, "%d:", a.currentline);
    describe(out, &a);
    if (a.istailcall) clb_buffer_print(out, "\n\t(...tail calls...)");
}

static int depth(lua_State *L) {
    lua_Debug a;
    int low = 1, high = 1;
    while (lua_getstack(L, high, &a)) {
        low = high;
        high *= 2;
    }
    while (low < high) {
        int middle = (low + high) / 2;
        if (lua_getstack(L, middle, &a)) low = middle + 1;
        else high = middle;
    }
    return high;
}

/* [-0, +0, -] Appends the stack of `L`, innermost function first, or nothing when no level is to be shown. The
** stack of a coroutine that failed is still there. */
void clb_traceback(lua_State *L, clb_buffer *out) {
    int levels = depth(L);
    size_t before = out->count;
    clb_buffer_print(out, "stack traceback:");
    size_t start = out->count;
    for (int level = 0; level < levels; level++) {
        if (level == TRACE_HEAD && levels > TRACE_HEAD + TRACE_TAIL) {
            int skipped = levels - TRACE_HEAD - TRACE_TAIL;
            clb_buffer_print(out, "\n\t... (%d levels)", skipped);
            level += skipped;
        }
        trace_level(L, level, out);
    }
    if (out->count == start) out->count = before;
}
