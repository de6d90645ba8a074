// SPDX-License-Identifier: Apache-2.0
/* The C functions from whose inside Lua cannot yield, by name, for error messages. They are the same in all states, so
** the process keeps them once. */
#include "clb_internal.h"
#include <pthread.h>
#include <stdio.h>

#define MOST 96

static struct {
    lua_CFunction function;
    char name[24];
} blockers[MOST];
static size_t count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void note(lua_CFunction function, const char *library, const char *name) {
    if (!function || count == MOST) return;
    blockers[count].function = function;
    snprintf(blockers[count++].name, sizeof blockers->name, "%s%s%s", library, *library ? "." : "", name);
}

/* [-1, +0, e] Notes the functions of the library at the top. */
static void note_library(lua_State *L, const char *library) {
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING) note(lua_tocfunction(L, -1), library, lua_tostring(L, -2));
    }
    lua_pop(L, 1);
}

static void note_field(lua_State *L, const char *library, const char *name) {
    lua_getfield(L, -1, name);
    note(lua_tocfunction(L, -1), library, name);
    lua_pop(L, 1);
}

/* [-0, +0, e] Called by the first state, when its libraries are complete. */
void clb_note_blockers(lua_State *L) {
    static const char *const libraries[] = {"string", "table", "utf8", "os", "math"};
    static const char *const functions[] = {"tostring", "print", "require", "load", "next", "ipairs"};
    static atomic_bool noted;
    if (atomic_load_explicit(&noted, memory_order_acquire)) return;
    luaL_checkstack(L, 4, "library"); /* what follows raises nothing and needs no memory */
    pthread_mutex_lock(&mutex);
    count = 0;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_getglobal(L, libraries[i]);
        note_library(L, libraries[i]);
    }
    lua_pushglobaltable(L);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) note_field(L, "", functions[i]);
    lua_pop(L, 1);
    lua_getglobal(L, LUA_COLIBNAME);
    note_field(L, LUA_COLIBNAME, "close");
    lua_pop(L, 1);
    atomic_store_explicit(&noted, true, memory_order_release);
    pthread_mutex_unlock(&mutex);
}

static const char *name_of(lua_CFunction function) {
    for (size_t i = 0; i < count; i++) {
        if (blockers[i].function == function) return blockers[i].name;
    }
    return NULL;
}

/* [-0, +0, m] The name of the innermost such function on the stack. */
const char *clb_blocker(lua_State *L) {
    lua_Debug a;
    const char *name = NULL;
    luaL_checkstack(L, 1, "position");
    for (int level = 0; !name && lua_getstack(L, level, &a); level++) {
        lua_getinfo(L, "f", &a);
        if (lua_iscfunction(L, -1)) name = name_of(lua_tocfunction(L, -1));
        lua_pop(L, 1);
    }
    return name ? name : "a function of the library";
}
