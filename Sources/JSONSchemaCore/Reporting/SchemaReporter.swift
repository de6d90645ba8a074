// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The full answer: every fault of an instance, in the order of the instance.
///
/// Reads the schema as it is written, and uses the fast evaluator only to leave out what is valid and to tell which
/// branches apply.
struct SchemaReporter {
    /// Bytes of stack that a report may take.
    private static let stackBudget = 160 * 1024

    let program: SchemaProgram
    let source: SchemaSources
    let view: JSONTapeView
    private(set) var limit: Int
    /// Whether even what the fast evaluator knows is looked at again; for comparing both.
    let isIndependent: Bool
    private(set) var errors: [ValidationError] = []
    /// The nodes that the errors are of.
    private(set) var origins: [Int32] = []
    var place = JSONPointer()
    var path = JSONPointer()
    /// How many choices this report is inside of.
    var choices = 0
    /// Why a verdict was not known, when one was not.
    private var undecided = SchemaEvaluator.Undecided.no
    private var stackStart = 0

    init(_ program: SchemaProgram, _ view: JSONTapeView, limit: Int, isIndependent: Bool = false) {
        self.program = program
        self.view = view
        self.limit = limit
        self.isIndependent = isIndependent
        source = program.source
        stackStart = Self.stackPosition()
    }

    /// The errors of the instance at the root of the tape.
    static func errors(
        of view: JSONTapeView, by program: SchemaProgram, limit: Int, isIndependent: Bool = false
    ) -> [ValidationError] {
        var reporter = SchemaReporter(program, view, limit: limit, isIndependent: isIndependent)
        reporter.check(0, by: Int32(program.rootNode))
        if reporter.errors.isEmpty { reporter.reportUndecided() }
        return reporter.errors
    }

    /// An empty report that goes on from the same place.
    func inner(limit: Int) -> SchemaReporter {
        var inner = self
        inner.errors = []
        inner.origins = []
        inner.limit = limit
        return inner
    }

    // MARK: Errors

    mutating func report(_ node: Int32, _ keyword: SchemaKeyword, _ message: String) {
        report(node, keyword.name, message)
    }

    private mutating func report(_ node: Int32, _ keyword: String, _ message: String) {
        if errors.count >= limit { return }
        let isFalse = keyword == "false"
        let location = source.location(of: node)
        let absolute = source.absoluteLocation(of: node)
        let suffix = "/" + JSONPointer(tokens: [keyword]).uriFragment.dropFirst()
        origins.append(node)
        errors.append(
            ValidationError(
                instanceLocation: place, keyword: keyword,
                keywordLocation: isFalse ? location : location.appending(keyword), message: message,
                evaluationPath: isFalse ? path : path.appending(keyword),
                absoluteKeywordLocation: isFalse ? absolute : absolute + suffix))
    }

    private mutating func reportUndecided() {
        switch undecided {
        case .no: break
        case .depth: report(Int32(program.rootNode), .ref, "could not be decided, since it is nested too deeply")
        case .pattern:
            report(Int32(program.rootNode), .pattern, "could not be decided within the step budget of a pattern")
        }
    }

    var isFull: Bool { errors.count >= limit }

    // MARK: Verdicts

    /// Whether a node allows the value.
    mutating func matches(_ position: Int, _ node: Int32) -> Bool {
        if isIndependent {
            var inner = inner(limit: 1)
            inner.check(position, by: node)
            return inner.errors.isEmpty
        }
        var evaluator = SchemaEvaluator(program, view)
        defer { evaluator.memory.deallocate() }
        let accepts = evaluator.accepts(program.link(to: node), view.slots + position)
        if evaluator.undecided != .no { undecided = evaluator.undecided }
        return accepts && evaluator.undecided == .no
    }

    /// Which members or elements other keywords have evaluated.
    mutating func evaluated(_ tracker: Int32, _ position: Int) -> [Bool] {
        var evaluator = SchemaEvaluator(program, view)
        defer { evaluator.memory.deallocate() }
        return evaluator.evaluated(tracker, view.slots + position)
    }

    func search(_ pattern: SchemaPattern, _ position: Int) -> SchemaPattern.Verdict {
        pattern.search(view.bytes(view[position]))
    }

    func pattern(_ text: String) -> SchemaPattern? {
        source.patterns[text].map { program.patterns.start[Int($0)] }
    }

    func format(_ name: String) -> SchemaFormat? {
        source.formats[name].map { program.formats.start[Int($0)] }
    }

    // MARK: Schemas

    mutating func check(_ position: Int, by node: Int32) {
        if isFull || !isIndependent && matches(position, node) { return }
        if abs(Self.stackPosition() - stackStart) > Self.stackBudget {
            return report(node, .ref, "is not valid, but lies too deep to say why")
        }
        guard let lookup = SchemaLookup(source, node) else {
            let site = source.sites[Int(node)]
            if source.documents[Int(site.document)].view[Int(site.position)].kind == .false {
                report(node, "false", "no value is allowed here")
            }
            return
        }
        if !checkType(lookup, position, node) { return }
        let before = errors.count
        checkConstants(lookup, position, node)
        switch view[position].kind {
        case .integer, .number: checkNumber(lookup, position, node)
        case .string: checkString(lookup, position, node)
        case .array: checkArray(lookup, position, node)
        case .object: checkObject(lookup, position, node)
        case .null, .true, .false: break
        }
        checkApplicators(lookup, position, node)
        // While other faults are there it is open what would have been evaluated without them.
        if errors.count == before { checkUnevaluated(lookup, position, node) }
    }

    /// Checks a part of the present value by a schema at a part of the present schema.
    mutating func check(_ position: Int, at token: String, by node: Int32, _ tokens: String...) {
        place.append(token)
        descend(tokens) { $0.check(position, by: node) }
        place.removeLast()
    }

    /// Does something with the path leading further.
    mutating func descend(_ tokens: [String], _ body: (inout SchemaReporter) -> Void) {
        for token in tokens { path.append(token) }
        body(&self)
        for _ in tokens { path.removeLast() }
    }

    @inline(never) private static func stackPosition() -> Int {
        var here: UInt8 = 0
        return withUnsafeMutablePointer(to: &here) { Int(bitPattern: $0) }
    }
}

extension SchemaProgram {
    /// The link to any node.
    func link(to index: Int32) -> SchemaLink {
        let node = nodes.start[Int(index)]
        return SchemaLink(node: index, types: node.types, used: node.used)
    }
}
