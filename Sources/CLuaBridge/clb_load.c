// SPDX-License-Identifier: Apache-2.0
/* Compiling a script's text: piece by piece, with a look at the limits between two pieces, because the parser is
** quadratic on some sources (an elseif chain of 884 KB takes 1.5 s) and no hook sees it; and without chains of indexes
** as long as a file, because Lua 5.4.4 names such a value in an error by walking the code once per link (upstream fix
** 7923dbbf): 200 KB of `._ENV` keep it busy for 1.6 s. */
#include "clb_internal.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PIECE ((size_t)2048)
/* Indexes in a row, as in `a.b.c[1]`. */
#define CHAIN_MOST 200

typedef struct source_reader {
    clb_bytes rest;
} source_reader;

/* [-0, +0, v] A lua_Reader. */
static const char *next_piece(lua_State *L, void *data, size_t *size) {
    source_reader *reader = data;
    *size = reader->rest.count < PIECE ? reader->rest.count : PIECE;
    if (*size == 0) return NULL;
    clb_spend(L, clb_self(L), *size);
    const char *piece = (const char *)reader->rest.base;
    reader->rest.base += *size;
    reader->rest.count -= *size;
    return piece;
}

/* The level of a long bracket that opens at `at`, or -1. */
static int long_bracket(const char *at, const char *end) {
    const char *next = at + 1;
    while (next < end && *next == '=') next++;
    return next < end && *next == '[' ? (int)(next - at - 1) : -1;
}

/* What follows a long bracket of `level`. */
static const char *skip_long(const char *at, const char *end, int level) {
    for (at += level + 2; at < end; at++) {
        if (*at != ']') continue;
        const char *next = at + 1;
        while (next < end && *next == '=') next++;
        if (next < end && *next == ']' && next - at - 1 == level) return next + 1;
    }
    return end;
}

static const char *skip_string(const char *at, const char *end) {
    char quote = *at++;
    while (at < end && *at != quote && *at != '\n') at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at + 1 : end;
}

static const char *skip_comment(const char *at, const char *end) {
    at += 2;
    int level = at < end && *at == '[' ? long_bracket(at, end) : -1;
    if (level >= 0) return skip_long(at, end, level);
    const char *line = memchr(at, '\n', (size_t)(end - at));
    return line ? line : end;
}

/* The token or the space at `at`, skipped; `links` counts the indexes in a row up to here. */
static const char *skip_token(const char *at, const char *end, int *links) {
    unsigned char c = (unsigned char)*at;
    if (isalnum(c) || c == '_' || isspace(c) || c == ']') return at + 1;
    if (c == '"' || c == '\'') return skip_string(at, end);
    if (c == '-' && at + 1 < end && at[1] == '-') return skip_comment(at, end);
    if (c == '[') {
        int level = long_bracket(at, end);
        if (level >= 0) return skip_long(at, end, level);
    }
    if (c == '[' || (c == '.' && !(at + 1 < end && at[1] == '.'))) ++*links;
    else *links = 0;
    return at + 1;
}

/* Where a chain of indexes gets too long, or NULL. */
static const char *long_chain(const char *at, const char *end) {
    for (int links = 0; at < end;) {
        at = skip_token(at, end, &links);
        if (links > CHAIN_MOST) return at;
    }
    return NULL;
}

/* [-0, +1, e] */
static int refuse_chain(lua_State *L, clb_bytes source, const char *name, const char *at) {
    int line = 1;
    char shown[LUA_IDSIZE];
    for (const char *c = (const char *)source.base; c < at; c++) line += *c == '\n';
    snprintf(shown, sizeof shown, "%s", *name == '@' || *name == '=' ? name + 1 : "[string]");
    lua_pushfstring(L, "%s:%d: more than %d indexes in a row", shown, line, CHAIN_MOST);
    return LUA_ERRSYNTAX;
}

/* [-0, +1, v] Like luaL_loadbufferx with mode "t": pushes the chunk, or an error message. */
int clb_load(lua_State *L, clb_bytes source, const char *name) {
    const clb_state *s = clb_self(L);
    if (s->limits.source_bytes && source.count > s->limits.source_bytes) {
        lua_pushfstring(L, "the source has %I bytes; it may have %I", (lua_Integer)source.count,
            (lua_Integer)s->limits.source_bytes);
        return LUA_ERRSYNTAX;
    }
    const char *text = (const char *)source.base;
    const char *chain = source.count ? long_chain(text, text + source.count) : NULL;
    if (chain) return refuse_chain(L, source, name, chain);
    source_reader reader = {source};
    int status = lua_load(L, next_piece, &reader, name, "t");
    if (clb_stopped(s)) return clb_raise_stop(L);
    return status;
}
