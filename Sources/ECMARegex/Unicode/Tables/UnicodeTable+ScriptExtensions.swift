// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate-unicode-tables.mjs from the Unicode Character Database 17.0.
// © Unicode, Inc. Unicode License v3, https://www.unicode.org/license.txt.

extension UnicodeTable {
    /// Values of Script_Extensions where they are not those of Script.
    static let scriptExtensions: [UnicodeTable] = [
        UnicodeTable("Adlm Adlam", "-wBAgBAuwGAxvDA+1uDrCEJEB"),
        UnicodeTable("Aghb Caucasian_Albanian", "kYAsBAsBAxugCzBLA"),
        UnicodeTable(
            "Arab Arabic",
            """
            gwBEB2GBhBwCvBwHhBFqCBcv6FAxvDAuozB-TgBPwDEBmEjfbk7CejCFIIhBFg43BDBaBBBACABJBDBABAGAEABABABCBBBACABABABABABBBA\
            CDBGBDBDBABJBQFCBEBQ0BB
            """),
        UnicodeTable("Armn Armenian", "oYAoRlBCxBCCjs9BE"),
        UnicodeTable("Avst Avestan", "3FA4rLBum3B1BDG"),
        UnicodeTable("Beng Bengali", "8VA00BBRBaDBHCBCVBGBADDCICBCDIAEBBECYx2EABACBBAIAIACAEACC5-iBA"),
        UnicodeTable("Bopo Bopomofo", "nWABCNAQB1oLCEJBMKDCAGAjGAJqBwDflkzBB6IE"),
        UnicodeTable("Bugi Buginese", "gwGbCBv9jBA"),
        UnicodeTable("Buhd Buhid", "15FBJT"),
        UnicodeTable("Cakm Chakma", "mvCJwyBJ2lgC0BBR"),
        UnicodeTable("Cari Carian", "3FAi9HACAzuDAuj1BwB"),
        UnicodeTable("Cher Cherokee", "gYCBAGBWBLBujE1CCFy7lBvC"),
        UnicodeTable("Copt Coptic Qaac", "3FAoSADBBAsDBsDNwkKzDFG3IAom1Bb"),
        UnicodeTable("Cpmn Cypro_Minoan", "gogCBu0LiD"),
        UnicodeTable("Cprt Cypriot", "gogCCEsBDIg2BFCABrBBBDACA"),
        UnicodeTable("Cyrl Cyrillic", "8VAjCCBABABACAFAuHvJw6FKgFAsCA-DAn-DfjCA8-d-Cu8VBgw4B9BhBA"),
        UnicodeTable("Deva Devanagari", "8VAjyByCCqBw6EmBBB2fA-5hBJmFfgwcJ"),
        UnicodeTable("Dogr Dogra", "krCLg2nBJm+b7B"),
        UnicodeTable("Dupl Duployan", "3FAvSBBAYB34KAjujDqDFMDIHJCH"),
        UnicodeTable("Elba Elbasan", "3FAtSA6vgCnB"),
        UnicodeTable(
            "Ethi Ethiopic",
            """
            uYAx3DoCBDCGBABDCoBBDCgBBDCGBABDCOB4BBDCiCCfDZmvGWJGBGBGBGBGBGBGBGipfFCFCFJGBGxlvCGBDBBBO
            """),
        UnicodeTable("Gara Garay", "swBAOADAg5hClBDcIB"),
        UnicodeTable("Geor Georgian", "3FAxmBA24ClBBAFACvBw8CqBCC6cAllDlBBAFAjIA"),
        UnicodeTable("Glag Glagolitic", "3FArSABA+LACAhIAx7CA+6DAl9C-CjPArheAwsuCGBQCGBBBE"),
        UnicodeTable("Gong Gunjala_Gondi", "3FAslCB6-kCFBBBkBBBBFHJ"),
        UnicodeTable("Gonm Masaram_Gondi", "krCB68kCGBBBrBDABBBIIJ"),
        UnicodeTable("Goth Gothic", "3FAsSBCAoBA+--Ba"),
        UnicodeTable("Gran Grantha", "xqCBRBgUN8mEABBeCDB2fAvw8BDBHCBCVBGBBBEBJCBCCCAGAFGCGDE7iDBBA"),
        UnicodeTable(
            "Grek Greek",
            """
            3FAoSBCABABAKAuBACAqBHCDBAEABABCBABTB+BOPmpGEyBEEE0CC+JVCFClBCFCHBABABABeC0BBOBNCFBSCCBI+CAoGA+xiBA6uVuCRA-i0B\
            lC
            """),
        UnicodeTable("Gujr Gujarati", "xqCBRB7ICBIBCBVBGBBBECJBCBCCAPDCLHGwpnBJ"),
        UnicodeTable("Gukh Gurung_Khema", "lrCA681C5B"),
        UnicodeTable("Guru Gurmukhi", "xqCBRB7ECBFEBCVBGBBBBBBCABEEBCCDAHDBAHQ5tnBJ"),
        UnicodeTable("Hang Hangul", "goE-HhwHCEJBMOCGAjGA1B9CxDehCeh3dcjUj9KMWEwBpyJB6IE6BeDFCFCFCC"),
        UnicodeTable(
            "Hani Han",
            """
            3FAouLZB4CM1GaPBCBMBMBMCAGI7FA0EPgBlBJAwBnB4BwBPLzBA4CYKEgDeB-tGgC-vUg4BH4vUtLCpDrbB6IE8jcBMGp7YR+2HButD-2pBgB\
            9oECt0FCwpHPtTitC9QivBq6EFppI
            """),
        UnicodeTable("Hano Hanunoo", "g5FW"),
        UnicodeTable("Hebr Hebrew", "nYBoU2BIaEFop9BZBEBABBBBBJ"),
        UnicodeTable("Hira Hiragana", "hgMCEJBMQFBAEBD1CCH6CBoqzBB6IEKAtBBhjsB+ISAdCtlQA"),
        UnicodeTable("Hung Old_Hungarian", "6iIACAzuDAPA+x3ByBNyBHF"),
        UnicodeTable("Java Javanese", "gsqBtCBKEB"),
        UnicodeTable("Kali Kayah_Li", "goqBvB"),
        UnicodeTable("Kana Katakana", "lYAdA9mLCEJBMQFBAEB7CDD-CwHPwGuBB3Ct3yBB6I+BwisBDBGBBBA-ICyBAOD"),
        UnicodeTable("Khoj Khojki", "m3CJgqnBJmuaRBuB"),
        UnicodeTable("Knda Kannada", "xqCBRB6YMBCBWBJBECIBCBDHBFCBDCJBC8+DABBGAXABA75iBF"),
        UnicodeTable("Kthi Kaithi", "mrCJhmJA+veJmiaiCKA"),
        UnicodeTable(
            "Latn Latin",
            """
            hCZGZvBAMACAFWBeBgODAKABCBAJABAGEbOBBBAPCHBBBmBAFAEM1IBqmBBo9BAkgDlBGwBFDFMBlC5BAH-HvJAhCANAQMzCA5BBGAbARoB32C\
            f3MAoneHalDDxCUOuJAhQqBBIBD28TG6gBZGZlhCFBpBBIl61BeGF
            """),
        UnicodeTable("Limb Limbu", "lrCA68DeBLELEADL"),
        UnicodeTable("Lina Linear_A", "nogCsBsmB2JJVKH"),
        UnicodeTable("Linb Linear_B", "gggCLBZBSBBBOCNiB6DFCEsBDI"),
        UnicodeTable("Lisu", "8VAQA8pLBkmdvBw1eA"),
        UnicodeTable("Lyci Lycian", "6iIAlx4Bc"),
        UnicodeTable("Lydi Lydian", "3FA5rLAu32BZFA"),
        UnicodeTable("Mahj Mahajani", "3FAslCLg2nBJ2oamB"),
        UnicodeTable("Mand Mandaic", "gyBA-PbCA"),
        UnicodeTable("Mani Manichaean", "gyBA-jhCmBEL"),
        UnicodeTable("Mero Meroitic_Hieroglyphs", "9iIAip6Bf"),
        UnicodeTable("Mlym Malayalam", "xqCBRB6cMBCByBBCBFEPCZ66DAXA95iBC"),
        UnicodeTable("Modi", "whqBJmubkCLJ"),
        UnicodeTable("Mong Mongolian", "ggGZG4CHqBk8BAx+DBFD0y5BM"),
        UnicodeTable("Mult Multani", "mzCJwgiCGBABDBOBK"),
        UnicodeTable("Mymr Myanmar", "ggE-EukmBAxFehDfwibT"),
        UnicodeTable("Nand Nandinagari", "xqCASBgcJ5-DAIAHA15iBFqrcHCtBCK"),
        UnicodeTable("Newa", "xqCBi8EABBJAGABABAy49B7CBE"),
        UnicodeTable("Nkoo Nko", "swBAOADAgN6BCC+p9BB"),
        UnicodeTable("Onao Ol_Onal", "krCBqj3DqBEA"),
        UnicodeTable("Orkh Old_Turkic", "6iIA1uDAvu3BoC"),
        UnicodeTable("Orya Oriya", "xqCBRB7MCBHCBCVBGBBBECICBCCHCEBBECRirEAXA"),
        UnicodeTable("Osge Osage", "hYACAGAsCA3qgCjBEjB"),
        UnicodeTable("Ougr Old_Uyghur", "gyBAxlhCA9jBZ"),
        UnicodeTable("Perm Old_Permic", "3FAoSAFCKAvLAs2-BqB"),
        UnicodeTable("Phag Phags_Pa", "igGBBAphCAy+DA9he3B"),
        UnicodeTable("Phlp Psalter_Pahlavi", "gyBA-phCRHDMG"),
        UnicodeTable("Rohg Hanifi_Rohingya", "swBAOADAgBAzEArxhCnBIJ"),
        UnicodeTable("Runr Runic", "g1F4C"),
        UnicodeTable("Samr Samaritan", "ggCtBCOyvJA"),
        UnicodeTable("Shaw Shavian", "3FA48gCvB"),
        UnicodeTable("Shrd Sharada", "xqCAl8EABACBCAJACAi6iBFCAnqa-CgsCH"),
        UnicodeTable("Sind Khudawadi", "krCBq2nBJ2za6BFJ"),
        UnicodeTable("Sinh Sinhala", "krCB7gBCBRDXBIBACGDAEFBABHGJCC93DAun9BT"),
        UnicodeTable("Sogd Sogdian", "gyBAvniCpB"),
        UnicodeTable("Sunu Sunuwar", "gYBBAJACAcADAukmChBOJ"),
        UnicodeTable("Sylo Syloti_Nagri", "krCBgEJwwnBsB"),
        UnicodeTable("Syrc Syriac", "jYBCBBAYCHBBB6WAOBCAgBAKKaAvENB7BCCwIKtsFABA"),
        UnicodeTable("Tagb Tagbanwa", "15FBpBMBCBB"),
        UnicodeTable("Takr Takri", "krCBq2nBJmyb5BGJ"),
        UnicodeTable("Tale Tai_Le", "gYBFBDAzpDJmoCdCE"),
        UnicodeTable("Taml Tamil", "xqCBRB8QBBFDCBDDBBABBDBDCDLEEDCBDCAGAOU-mEA4gjBAtwaABA3BBjkDxBNA"),
        UnicodeTable("Tang Tangut", "w-LPvPAwvvCAf-3GgQehDyD"),
        UnicodeTable("Telu Telugu", "xqCBRB6UMBCBWBPCIBCBDHBBCBBCDCJHI1iEBBABAXA"),
        UnicodeTable("Tfng Tifinagh", "iYABABDZAswK3BHBOA"),
        UnicodeTable("Tglg Tagalog", "g4FVJAVB"),
        UnicodeTable("Thaa Thaana", "swBAOBCAgCJ2IxBgy9BAKA"),
        UnicodeTable("Thai", "8VAaArBAtBAv2C5BFb"),
        UnicodeTable("Tibt Tibetan", "g4DnCBjBEmBBjBBOBGEBthID"),
        UnicodeTable("Tirh Tirhuta", "xqCBRBv7EAMAPA95iBJmibnCIJ"),
        UnicodeTable("Todr Todhri", "hYACACAJABAqCAhzgCzB"),
        UnicodeTable("Toto", "8VAz+3De"),
        UnicodeTable("Tutg Tulu_Tigalari", "mnDJigEABA75iBF7FAu0aJBACABlBBJBACABDBJBBIB"),
        UnicodeTable("Yezi Yezidi", "swBAOADAgCJ2giCpBBCCB"),
        UnicodeTable("Yiii Yi", "hgMBFJCH-GAk4bskBD2B60WE"),
        UnicodeTable(
            "Zinh Inherited Qaai",
            """
            vYACABODGCACPBBBRBEBDwvBB7qEtBCL2W1BBABEsQBiGfwo3BPQNveAiozBtBCWgRCRHCGeDy6rYvH
            """),
        UnicodeTable(
            "Zyyy Common",
            """
            AgCaFauBBLBBBEXAfAhOCBJBADABIBABFFECT+DAGABA9TA3GAkQA8qBA1MDnhELCgBBeBJBBBGBKDKBORhB+BlBBCCFBaBQpBCE5UWKV-cgIz\
            TCpEgQWBXCJBDBABZiNADANANAVAxQXfAxBOMDhFJF-CfAguG-BooWZmDCweAOBk1UJWUCLBSBDzEABfaFaF-DGBGKEyMMzBsBjwyB8HDzNGWP\
            Q-CzD8B1HKmBC9BDQIBHdE8B1GTMTM2CbGnE0CBmCBBCACBCDBLBABGBgCBDCHBGBbBDBEBADGBzKCjJCxBxjFjCsC8BiWrBEjDMOCOBOBkBKt\
            F4BZBBNrBEIXF6E4eDQDMD5GGLEAPLE3BIJGnBIdCLEBOInB3KINCMDKD4BBAEPCLEJHyEBmDmghYAe-C
            """),
    ]
}
