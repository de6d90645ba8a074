// SPDX-License-Identifier: Apache-2.0
/* Numbers by which objects are shown. An address would be another one in each process, and tell an attacker where the memory
** lies; an object gets the next number when it is first shown, and keeps it until it is freed, which the allocator says. */
#include "clb_internal.h"
#include <string.h>

/* Registry key of the userdata that the rows are in: a hash table with linear probing, at most half full. */
static const char anchor;

static size_t place_of(const clb_identities *all, const void *block) {
    uint64_t hash = (uint64_t)(uintptr_t)block * 0x9e3779b97f4a7c15u;
    return (size_t)(hash >> 20) & (all->capacity - 1);
}

static clb_identity *find(const clb_identities *all, const void *block) {
    size_t place = place_of(all, block);
    while (all->rows[place].block && all->rows[place].block != block) place = (place + 1) & (all->capacity - 1);
    return &all->rows[place];
}

/* [-0, +0, m] */
static void grow(lua_State *L, clb_identities *all) {
    size_t capacity = all->capacity ? all->capacity * 2 : 16;
    clb_identity *rows = lua_newuserdatauv(L, capacity * sizeof *rows, 0);
    memset(rows, 0, capacity * sizeof *rows);
    clb_identities grown = {rows, capacity, all->count, all->last};
    for (size_t i = 0; i < all->capacity; i++) {
        if (all->rows[i].block) *find(&grown, all->rows[i].block) = all->rows[i];
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &anchor);
    *all = grown; /* only now: the rows before were held until here */
}

/* [-0, +0, m] The number of the object at `index`; not of a full userdata, which scripts do not get. */
uint64_t clb_identity_of(lua_State *L, int index) {
    clb_identities *all = &clb_self(L)->identities;
    const char *block = lua_topointer(L, index);
    if (lua_type(L, index) == LUA_TTHREAD) block -= LUA_EXTRASPACE;
    if (!block) return 0;
    if (2 * (all->count + 1) > all->capacity) {
        luaL_checkstack(L, 4, "identity");
        grow(L, all);
    }
    clb_identity *row = find(all, block);
    if (!row->block) {
        *row = (clb_identity){block, ++all->last};
        all->count++;
    }
    return row->number;
}

/* Called by the allocator: the block may soon be another object. Those behind it move up, so that they are found. */
void clb_forget_identity(clb_identities *all, const void *block) {
    size_t mask = all->capacity - 1, place = (size_t)(find(all, block) - all->rows);
    if (!all->rows[place].block) return;
    all->count--;
    for (size_t next = (place + 1) & mask; all->rows[next].block; next = (next + 1) & mask) {
        size_t home = place_of(all, all->rows[next].block);
        if (((next - home) & mask) < ((next - place) & mask)) continue;
        all->rows[place] = all->rows[next];
        place = next;
    }
    all->rows[place].block = NULL;
}
