/* SPDX-License-Identifier: Apache-2.0
** Runs a Lua file with the very library that the runtime uses, without any sandbox: what scripts/bench-sandbox compares with. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

int main(int count, char **words) {
    lua_State *L = luaL_newstate();
    if (count != 2 || !L) return 2;
    luaL_openlibs(L);
    if (luaL_dofile(L, words[1]) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        return 1;
    }
    lua_close(L);
    return 0;
}
