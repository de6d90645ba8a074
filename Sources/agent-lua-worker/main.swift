// SPDX-License-Identifier: Apache-2.0

// The program in which isolated Lua states run; started by a host, of no use by itself.
import Glibc
import LuaRuntime

exit(LuaWorker.serve(CommandLine.arguments))
