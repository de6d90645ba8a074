// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The full answer: every fault of an instance, in the order of the instance.
///
/// Reads the schema as it is written, and uses the fast evaluator only to leave out what is valid and to tell which
/// branches apply.
struct SchemaReporter {
    /// What is left to do. A report works through a list, so that deep instances need no deep stack.
    private struct Task {
        enum Work {
            case check(position: Int, node: Int32)
            /// Unless there are more errors than `count`: what would have been evaluated without them is open.
            case unevaluated(position: Int, node: Int32, count: Int)
            case error(ValidationError, origin: Int32)
        }

        let work: Work
        let place: JSONPointer
        let path: JSONPointer
    }

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
    /// What the present check leaves to do, in order.
    private var pending: [Task] = []

    init(_ program: SchemaProgram, _ view: JSONTapeView, limit: Int, isIndependent: Bool = false) {
        self.program = program
        self.view = view
        self.limit = limit
        self.isIndependent = isIndependent
        source = program.source
    }

    /// The errors of the instance at the root of the tape.
    static func errors(
        of view: JSONTapeView, by program: SchemaProgram, limit: Int, isIndependent: Bool = false
    ) -> [ValidationError] {
        var reporter = SchemaReporter(program, view, limit: limit, isIndependent: isIndependent)
        reporter.run(0, by: Int32(program.rootNode))
        if reporter.errors.isEmpty { reporter.reportUndecided() }
        return reporter.errors
    }

    /// An empty report that goes on from the same place.
    func inner(limit: Int) -> SchemaReporter {
        var inner = self
        inner.errors = []
        inner.origins = []
        inner.pending = []
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
        let error = ValidationError(
            instanceLocation: place, keyword: keyword,
            keywordLocation: isFalse ? location : location.appending(keyword), message: message,
            evaluationPath: isFalse ? path : path.appending(keyword),
            absoluteKeywordLocation: isFalse ? absolute : absolute + suffix)
        if pending.isEmpty { add(error, node) } else { postpone(.error(error, origin: node)) }
    }

    private mutating func add(_ error: ValidationError, _ origin: Int32) {
        if isFull { return }
        origins.append(origin)
        errors.append(error)
    }

    private mutating func postpone(_ work: Task.Work) {
        pending.append(Task(work: work, place: place, path: path))
    }

    /// The error of an instance that is nested too deeply to be checked.
    static func depthError(_ program: SchemaProgram, _ view: JSONTapeView) -> ValidationError {
        ValidationError(
            instanceLocation: JSONPointer(), keyword: "$ref", keywordLocation: JSONPointer(),
            message: "could not be decided, since it is nested too deeply",
            absoluteKeywordLocation: program.source.absoluteLocation(of: Int32(program.rootNode)))
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
            inner.run(position, by: node)
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
        source.patterns[ByteKey(text)].map { program.patterns.start[Int($0)] }
    }

    func format(_ name: String) -> SchemaFormat? {
        source.formats[name].map { program.formats.start[Int($0)] }
    }

    // MARK: Schemas

    /// Checks the value at a position and all that it leads to.
    mutating func run(_ position: Int, by node: Int32) {
        var tasks = [Task(work: .check(position: position, node: node), place: place, path: path)]
        let start = (place, path)
        while let task = tasks.popLast(), !isFull {
            (place, path) = (task.place, task.path)
            switch task.work {
            case .check(let position, let node): checkNow(position, by: node)
            case .unevaluated(let position, let node, let count):
                if errors.count == count { checkUnevaluated(position, node) }
            case .error(let error, let origin): add(error, origin)
            }
            tasks += pending.reversed()
            pending.removeAll(keepingCapacity: true)
        }
        (place, path) = start
    }

    private mutating func checkNow(_ position: Int, by node: Int32) {
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
        postpone(.unevaluated(position: position, node: node, count: before))
    }

    /// Has a value checked by a schema, when that is not known to allow it.
    mutating func check(_ position: Int, by node: Int32, _ tokens: String...) {
        if !isIndependent && matches(position, node) { return }
        postpone(.check(position: position, node: node), nil, tokens)
    }

    /// Has a part of the present value checked.
    mutating func check(_ position: Int, at token: String, by node: Int32, _ tokens: String...) {
        if !isIndependent && matches(position, node) { return }
        postpone(.check(position: position, node: node), token, tokens)
    }

    private mutating func postpone(_ work: Task.Work, _ token: String?, _ tokens: [String]) {
        pending.append(
            Task(
                work: work, place: token.map(place.appending) ?? place,
                path: JSONPointer(tokens: path.tokens + tokens)))
    }
}

extension SchemaProgram {
    /// The link to any node.
    func link(to index: Int32) -> SchemaLink {
        let node = nodes.start[Int(index)]
        return SchemaLink(node: index, types: node.types, used: node.used)
    }
}
