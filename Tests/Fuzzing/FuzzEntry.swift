// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What libFuzzer calls. `FUZZ_TARGET` chooses the target, so that one program serves them all.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// JSON is changed as JSON half of the time: bytes alone rarely stay well-formed.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: UInt32) -> Int {
    guard isStructured, seed & 1 == 0 else { return mutateBytes(data, count, room) }
    var mutator = JSONMutator(seed: UInt64(seed))
    guard let text = mutator.mutated(Array(UnsafeBufferPointer(start: data, count: count))), text.count <= room else {
        return mutateBytes(data, count, room)
    }
    for (index, byte) in text.enumerated() { data[index] = byte }
    return text.count
}

@_silgen_name("LLVMFuzzerMutate")
func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

private let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
private let isStructured = name == "json" || name == "schema"
private let target: @Sendable ([UInt8]) -> Void =
    switch name {
    case "json": fuzzJSON
    case "schema": fuzzSchema
    case "regex": fuzzRegex
    case "formats": fuzzFormats
    // Without a target there is nothing to fuzz, and libFuzzer takes an end of the process for a finding, not for success.
    default: fatalError("FUZZ_TARGET must be json, schema, regex or formats")
    }
