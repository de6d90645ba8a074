// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Asks the person at the terminal, one thing at a time however many runs ask.
actor TerminalApprover: Approver {
    private let terminal: ApprovalTerminal
    private let store: ApprovalStore?
    private let style: Style
    private let turnstile = Turnstile()
    /// What was answered with "always in this run" or "always for this file"; it also answers those who wait.
    private var allowed: Set<ApprovalKey> = []

    init(_ terminal: ApprovalTerminal, store: ApprovalStore?, style: Style) {
        self.terminal = terminal
        self.store = store
        self.style = style
    }

    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        let key = ApprovalKey(request)
        return try await turnstile.alone {
            if request.problems.isEmpty && allowed.contains(key) { return .allow }
            do {
                return try await ask(about: request, key)
            } catch is ApprovalTerminal.Lost {
                return .unavailable
            } catch {
                // Ctrl-C: what follows begins on a line of its own.
                Console.err("\n")
                throw error
            }
        }
    }

    private func ask(about request: ApprovalRequest, _ key: ApprovalKey) async throws -> ApprovalDecision {
        var prompt = ApprovalPrompt(
            request: request, arguments: request.arguments, isEdited: !request.problems.isEmpty,
            // What cannot be undone is asked about in each run.
            canRemember: store != nil && key.isOfFile && request.tool.effect != .final,
            problems: request.problems, style: style, secrets: Console.secrets)
        var question = prompt.question(showsAll: false)
        while true {
            guard let line = try await terminal.ask(question) else {
                Console.err("\n")
                return .deny(reason: "the user gave no answer")
            }
            question = prompt.choices
            switch ApprovalAnswer(line) {
            case .once: return prompt.isEdited ? .allowEdited(prompt.arguments) : .allow
            case .alwaysInRun where !prompt.isEdited:
                allowed.insert(key)
                return .allow
            case .alwaysForFile where !prompt.isEdited && prompt.canRemember:
                remember(key)
                return .allow
            case .deny(let reason): return .deny(reason: try await self.reason(reason))
            case .edit:
                if try await edit(&prompt) { question = prompt.question(showsAll: false) }
            case .showAll: question = prompt.question(showsAll: true)
            case .alwaysInRun, .alwaysForFile, nil: break
            }
        }
    }

    private func remember(_ key: ApprovalKey) {
        allowed.insert(key)
        do {
            try store?.add(key)
        } catch {
            Console.err("allowed in this run; not remembered: \(Printable.escaped("\(error)"))\n")
        }
    }

    private func reason(_ given: String?) async throws -> String {
        let line = try await given.asyncOr { try await terminal.ask("reason, for the model (empty: none) > ") ?? "" }
        let text = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? "the user said no" : "the user said no: \(text)"
    }

    /// - Returns: whether there are new arguments to ask about.
    private func edit(_ prompt: inout ApprovalPrompt) async throws -> Bool {
        do {
            guard let edited = try await ArgumentEditor(terminal: terminal).edit(prompt.arguments) else {
                Console.err("unchanged\n")
                return false
            }
            prompt.arguments = edited
            prompt.isEdited = true
            prompt.problems = []
            return true
        } catch let problem as ArgumentEditor.Problem {
            Console.err(style.red(Printable.escaped(problem.sentence)) + "\n")
            return false
        }
    }
}

extension Optional {
    fileprivate func asyncOr(_ other: () async throws -> Wrapped) async throws -> Wrapped {
        if let value = self { return value }
        return try await other()
    }
}
