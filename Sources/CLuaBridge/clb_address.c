// SPDX-License-Identifier: Apache-2.0
/* Text for values that have none of their own. Stock Lua shows their addresses, which tell an attacker where the memory
** of the process lies; here they are shown by numbers (clb_identity.c): as unique and as stable, and the same in each process. */
#include "clb_internal.h"
#include <stdio.h>
#include <string.h>

static bool has_address(int type) {
    return type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TTHREAD || type == LUA_TUSERDATA ||
        type == LUA_TLIGHTUSERDATA;
}

/* [-0, +1, m] Pushes `KIND: …` for the value at `index`. */
static const char *push_identity(lua_State *L, const char *kind, int index, size_t *count) {
    char text[32];
    snprintf(text, sizeof text, "%08llx", (unsigned long long)clb_identity_of(L, index));
    lua_pushfstring(L, kind ? "%s: %s" : "%s%s", kind ? kind : "", text);
    return lua_tolstring(L, -1, count);
}

/* [-0, +1, e] luaL_tolstring without addresses. */
const char *clb_tolstring(lua_State *L, int index, size_t *count) {
    if (!has_address(lua_type(L, index))) return luaL_tolstring(L, index, count);
    index = lua_absindex(L, index);
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        return luaL_tolstring(L, index, count);
    }
    int named = luaL_getmetafield(L, index, "__name");
    const char *kind = named == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, index);
    const char *text = push_identity(L, kind, index, count);
    if (named != LUA_TNIL) lua_remove(L, -2);
    return text;
}

static int to_string(lua_State *L) {
    luaL_checkany(L, 1);
    clb_tolstring(L, 1, NULL);
    return 1;
}

/* [-0, +0, e] Makes text of the argument that the conversion at `spec` shows, when that would show an address. Returns
** whether the conversion must become %s. */
static bool prepare(lua_State *L, char conversion, int argument) {
    if (argument > lua_gettop(L) || !has_address(lua_type(L, argument))) return false;
    if (conversion == 's') {
        clb_tolstring(L, argument, NULL);
        lua_replace(L, argument);
        return false;
    }
    if (conversion != 'p') return false;
    push_identity(L, NULL, argument, NULL);
    lua_replace(L, argument);
    return true;
}

/* [-0, +0, e] Replaces what would show an address in the format and the arguments of the whole stack. A string has an
** address for %p as well. */
static void hide_addresses(lua_State *L) {
    size_t count;
    int argument = 1, top = lua_gettop(L);
    const char *format = luaL_checklstring(L, 1, &count);
    char *changed = lua_newuserdatauv(L, count + 1, 0);
    memcpy(changed, format, count + 1);
    lua_insert(L, 1); /* anchored, below the arguments */
    for (size_t i = 0; i < count; i++) {
        if (changed[i] != '%') continue;
        if (changed[++i] == '%') continue;
        i += strspn(changed + i, "-+ #0123456789.");
        ++argument;
        if (changed[i] == 'p' && argument <= top && lua_type(L, argument + 1) == LUA_TSTRING) {
            push_identity(L, NULL, argument + 1, NULL);
            lua_replace(L, argument + 1);
            changed[i] = 's';
        } else if (prepare(L, changed[i], argument + 1)) {
            changed[i] = 's';
        }
    }
    lua_pushlstring(L, changed, count);
    lua_replace(L, 2);
    lua_remove(L, 1);
}

/* Whether a format has a %p. */
static bool asks_address(const char *at, const char *end) {
    while ((at = memchr(at, '%', (size_t)(end - at)))) {
        at++;
        at += strspn(at, "-+ #0123456789.");
        if (*at == 'p') return true;
        if (*at == '%') at++;
    }
    return false;
}

/* format: the stock function, called in its own frame, after a look at the arguments. */
static int format(lua_State *L) {
    bool shows = false;
    for (int i = lua_gettop(L); i > 1 && !shows; i--) shows = has_address(lua_type(L, i));
    if (!shows) {
        size_t count;
        const char *text = lua_tolstring(L, 1, &count);
        shows = text && asks_address(text, text + count);
    }
    if (shows) hide_addresses(L);
    return clb_self(L)->format(L);
}

/* [-0, +0, e] */
void clb_open_address(lua_State *L) {
    clb_state *s = clb_self(L);
    lua_pushcfunction(L, to_string);
    lua_setglobal(L, "tostring");
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_getfield(L, -1, "format");
    s->format = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    lua_pushcfunction(L, format);
    lua_setfield(L, -2, "format");
    lua_pop(L, 1);
}
