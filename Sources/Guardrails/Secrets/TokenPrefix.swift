// SPDX-License-Identifier: Apache-2.0

/// Tokens that are known by how they begin, by the alphabet of the rest and by its length.
struct TokenPrefix: Sendable {
    enum Alphabet: Sendable {
        case alphanumeric, hexadecimal, base64URL, base32, capitals

        @inline(__always)
        func has(_ byte: UInt8) -> Bool {
            switch self {
            case .alphanumeric: byte.isAlphanumeric
            case .hexadecimal: byte.isDigit || byte &- 0x61 < 6
            case .base64URL: byte.isWord || byte == UInt8(ascii: "-")
            case .base32: byte.isUppercase || byte &- 0x32 < 6
            case .capitals: byte.isUppercase || byte.isDigit
            }
        }
    }

    let kind: SecretKind
    let prefix: [UInt8]
    let alphabet: Alphabet
    /// Of what follows the prefix.
    let lengths: ClosedRange<Int>

    private init(_ kind: SecretKind, _ prefix: String, _ alphabet: Alphabet, _ lengths: ClosedRange<Int>) {
        self.kind = kind
        self.prefix = Array(prefix.utf8)
        self.alphabet = alphabet
        self.lengths = lengths
    }

    /// The end of a token of this form that begins at `index`.
    func end(in text: TextView, at index: Int) -> Int? {
        guard text.hasExactly(prefix, at: index) else { return nil }
        let start = index + prefix.count
        let end = text.end(from: start, limit: lengths.upperBound + 1) { alphabet.has($0) }
        guard lengths.contains(end - start), !text.isWord(end), RandomForm.isVaried(text.bytes[start..<end]) else {
            return nil
        }
        return end
    }

    /// By the first byte; longer prefixes first.
    static let byFirstByte: [[TokenPrefix]] = {
        var table = [[TokenPrefix]](repeating: [], count: 256)
        for form in all.sorted(by: { $0.prefix.count > $1.prefix.count }) { table[Int(form.prefix[0])].append(form) }
        return table
    }()

    private static let all: [TokenPrefix] =
        ["AKIA", "ASIA"].map { TokenPrefix(.awsAccessKey, $0, .base32, 16...16) }
        + ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { TokenPrefix(.githubToken, $0, .alphanumeric, 36...255) }
        + ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"].map { TokenPrefix(.gitlabToken, $0, .base64URL, 20...255) }
        + ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-"].map {
            TokenPrefix(.slackToken, $0, .base64URL, 24...255)
        }
        + ["sk_live_", "rk_live_", "sk_test_", "rk_test_", "whsec_"].map {
            TokenPrefix(.stripeKey, $0, .alphanumeric, 16...255)
        }
        + ["sk-proj-", "sk-svcacct-", "sk-admin-"].map { TokenPrefix(.openAIKey, $0, .base64URL, 40...255) }
        + ["shpat_", "shpca_", "shppa_", "shpss_"].map { TokenPrefix(.shopifyToken, $0, .alphanumeric, 32...32) }
        + ["dop_v1_", "doo_v1_", "dor_v1_"].map { TokenPrefix(.digitalOceanToken, $0, .hexadecimal, 64...64) }
        + ["hvs.", "hvb.", "hvr."].map { TokenPrefix(.vaultToken, $0, .base64URL, 24...255) }
        + ["dckr_pat_", "dckr_oat_"].map { TokenPrefix(.dockerToken, $0, .base64URL, 27...64) }
        + ["glsa_", "glc_"].map { TokenPrefix(.grafanaToken, $0, .base64URL, 32...255) }
        + [
            TokenPrefix(.githubToken, "github_pat_", .base64URL, 40...255),
            TokenPrefix(.googleAPIKey, "AIza", .base64URL, 35...35),
            TokenPrefix(.googleOAuthToken, "ya29.", .base64URL, 30...255),
            TokenPrefix(.googleOAuthToken, "GOCSPX-", .base64URL, 28...28),
            TokenPrefix(.openAIKey, "sk-", .alphanumeric, 32...64),
            TokenPrefix(.anthropicKey, "sk-ant-", .base64URL, 40...255),
            TokenPrefix(.huggingFaceToken, "hf_", .alphanumeric, 30...40),
            TokenPrefix(.huggingFaceToken, "api_org_", .alphanumeric, 34...34),
            TokenPrefix(.groqKey, "gsk_", .alphanumeric, 48...60),
            TokenPrefix(.npmToken, "npm_", .alphanumeric, 36...36),
            TokenPrefix(.pypiToken, "pypi-", .base64URL, 50...512),
            TokenPrefix(.linearKey, "lin_api_", .alphanumeric, 40...40),
            TokenPrefix(.databricksToken, "dapi", .hexadecimal, 32...32),
            TokenPrefix(.ageKey, "AGE-SECRET-KEY-1", .capitals, 58...58),
        ]
}
