// SPDX-License-Identifier: Apache-2.0

/// The command has printed all there is to say, `-o` included, and ends with this status all the same.
struct ReportedEnd: Error {
    let status: ExitStatus
    init(_ status: ExitStatus) { self.status = status }
}
