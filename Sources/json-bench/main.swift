// SPDX-License-Identifier: Apache-2.0

// Measures parsing and writing of JSON files.
//
//     json-bench [--only NAME] FILE…
//
// Prints one line for each measurement: `name<TAB>file<TAB>nanoseconds`. The time is the calling thread's CPU time for
// the whole file, the best of many batches, so that what else the machine does mostly drops out.

import JSONCore

var only: String?
var paths: [String] = []
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    if argument == "--only" { only = arguments.popFirst() } else { paths.append(argument) }
}
if paths.isEmpty { print("usage: json-bench [--only NAME] FILE…") }
for path in paths {
    guard let bytes = readFile(path) else {
        print("error\t\(path)\tcannot be read")
        continue
    }
    do {
        try measureAll(path, bytes, only: only)
    } catch {
        print("error\t\(path)\t\(error)")
    }
}
