// SPDX-License-Identifier: Apache-2.0

/// What there is in a file.
public struct DatasetCounts: Sendable, Equatable {
    public var lines = 0
    /// Lines without an error.
    public var validLines = 0
    public var bytes = 0
    public var errors = 0
    public var warnings = 0
    /// Lines that are the same as an earlier one, byte by byte.
    public var duplicates = 0
    public var messages = 0
    public var assistantMessages = 0
    /// Messages of the assistant that are trained on: with tools or `only_last` the last one alone, and none of weight 0.
    public var trainedMessages = 0
    public var toolCalls = 0
    public var linesWithTools = 0
    public var linesWithSystem = 0

    public init() {}

    mutating func add(_ line: DatasetCounts) {
        messages += line.messages
        assistantMessages += line.assistantMessages
        trainedMessages += line.trainedMessages
        toolCalls += line.toolCalls
        linesWithTools += line.linesWithTools
        linesWithSystem += line.linesWithSystem
    }
}
