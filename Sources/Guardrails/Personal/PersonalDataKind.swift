// SPDX-License-Identifier: Apache-2.0

/// What ``PersonalDataGuardrail`` finds; the raw values are the names in scripts and in replaced text.
public enum PersonalDataKind: String, Sendable, CaseIterable {
    /// An e-mail address at a domain with a dot.
    case email
    /// A phone number: `+` and a country code, a national form, or any number of 7 to 15 digits that is named as one.
    case phone
    /// The number of a payment card: an issuer's prefix and length, and the check digit of ISO/IEC 7812-1 (Luhn).
    case card
    /// An account number of ISO 13616: length by country, and remainder 1 modulo 97.
    case iban
    /// IPv4 or IPv6, but for loopback, unspecified and broadcast addresses and netmasks.
    case ipAddress = "ip_address"
    /// An EUI-48: six pairs of hexadecimal digits, or three groups of four.
    case macAddress = "mac_address"
    /// US: a number that the Social Security Administration can have given.
    case usSSN = "us_ssn"
    /// Germany: Steuer-Identifikationsnummer, with its check digit, named as one.
    case deTaxID = "de_tax_id"
    /// Spain: DNI or NIE, with its check letter.
    case esDNI = "es_dni"
    /// France: numéro de sécurité sociale, with its key.
    case frNIR = "fr_nir"
    /// Netherlands: burgerservicenummer, with its check digit, named as one.
    case nlBSN = "nl_bsn"
    /// UK: National Insurance number, spaced in pairs or named as one.
    case ukNINO = "uk_nino"
    /// Italy: codice fiscale, with its check letter.
    case itFiscalCode = "it_fiscal_code"
    /// A number that is named as that of a passport.
    case passport
    /// A date that is named as one of birth.
    case dateOfBirth = "date_of_birth"
}
