// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate-unicode-tables.mjs from the Unicode Character Database 17.0.
// © Unicode, Inc. Unicode License v3, https://www.unicode.org/license.txt.

extension UnicodeTable {
    /// Values of Script.
    static let scripts: [UnicodeTable] = [
        UnicodeTable("Adlm Adlam", "go6DrCEJEB"),
        UnicodeTable("Aghb Caucasian_Albanian", "wphCzBLA"),
        UnicodeTable("Ahom", "g4lCaCOEW"),
        UnicodeTable(
            "Arab Arabic",
            """
            gwBEBFBNBCBfBJLZBrDBhBwCvBwHhBFqCBcwy8BtPCvEgBPwDEBmEj7DejCFIIhBFg43BDBaBBBACABJBDBABAGAEABABABCBBBACABABABABA\
            BBBACDBGBDBDBABJBQFCBEBQ0BB
            """),
        UnicodeTable("Armi Imperial_Aramaic", "giiCVBI"),
        UnicodeTable("Armn Armenian", "xpBlBCxBCCjs9BE"),
        UnicodeTable("Avst Avestan", "g4iC1BDG"),
        UnicodeTable("Bali Balinese", "g4GsCBxB"),
        UnicodeTable("Bamu Bamum", "g1pB3CoowB4R"),
        UnicodeTable("Bass Bassa_Vah", "w26CdCF"),
        UnicodeTable("Batk Batak", "g+GzBID"),
        UnicodeTable("Beng Bengali", "gsCDBHCBCVBGBADDCICBCDIAEBBECY"),
        UnicodeTable("Berf Beria_Erfe", "g17CYCY"),
        UnicodeTable("Bhks Bhaiksuki", "ggnCIBsBBNKc"),
        UnicodeTable("Bopo Bopomofo", "qXB5wLqBwDf"),
        UnicodeTable("Brah Brahmi", "ggkCtCEjBJA"),
        UnicodeTable("Brai Braille", "ggK-H"),
        UnicodeTable("Bugi Buginese", "gwGbCB"),
        UnicodeTable("Buhd Buhid", "g6FT"),
        UnicodeTable("Cakm Chakma", "gokC0BBR"),
        UnicodeTable("Cans Canadian_Aboriginal", "ggF-TwRlC6tgCP"),
        UnicodeTable("Cari Carian", "g1gCwB"),
        UnicodeTable("Cham", "gwqB2BJNCJCD"),
        UnicodeTable("Cher Cherokee", "g9E1CCFy7lBvC"),
        UnicodeTable("Chrs Chorasmian", "w9jCb"),
        UnicodeTable("Copt Coptic Qaac", "ifNwkKzDFG"),
        UnicodeTable("Cpmn Cypro_Minoan", "w8rCiD"),
        UnicodeTable("Cprt Cypriot", "ggiCFCABrBBBDACA"),
        UnicodeTable("Cyrl Cyrillic", "ggBkECoFw6FKgFAsCAnjEfgie-Cu8VBgw4B9BhBA"),
        UnicodeTable("Deva Devanagari", "goCwCEOCZg7nBfgwcJ"),
        UnicodeTable("Diak Dives_Akuru", "gomCGCACHBBBdBBCLJJ"),
        UnicodeTable("Dogr Dogra", "ggmC7B"),
        UnicodeTable("Dsrt Deseret", "gghCvC"),
        UnicodeTable("Dupl Duployan", "ggvDqDFMDIHJCD"),
        UnicodeTable("Egyp Egyptian_Hieroglyphs", "ggsC1iBK68D"),
        UnicodeTable("Elba Elbasan", "gohCnB"),
        UnicodeTable("Elym Elymaic", "g-jCW"),
        UnicodeTable(
            "Ethi Ethiopic",
            """
            gwEoCBDCGBABDCoBBDCgBBDCGBABDCOB4BBDCiCCfDZmvGWJGBGBGBGBGBGBGBGipfFCFCFJGBGxlvCGBDBBBO
            """),
        UnicodeTable("Gara Garay", "gqjClBDcIB"),
        UnicodeTable("Geor Georgian", "glElBBAFACqBBDw8CqBCCgiElBBAFA"),
        UnicodeTable("Glag Glagolitic", "ggL-Cg9sDGBQCGBBBE"),
        UnicodeTable("Gong Gunjala_Gondi", "grnCFBBBkBBBBFHJ"),
        UnicodeTable("Gonm Masaram_Gondi", "gonCGBBBrBDABBBIIJ"),
        UnicodeTable("Goth Gothic", "w5gCa"),
        UnicodeTable("Gran Grantha", "g4kCDBHCBCVBGBBBECICBCCCAGAFGCGDE"),
        UnicodeTable(
            "Grek Greek",
            """
            wbDBCCDBAEABABCBABTB+BOPmpGEyBEEE0CAgKVCFClBCFCHBABABABeC0BBOBNCFBSCCBInJA+xiBA6uVuCRA-i0BlC
            """),
        UnicodeTable("Gujr Gujarati", "h0CCBIBCBVBGBBBECJBCBCCAPDCLHG"),
        UnicodeTable("Gukh Gurung_Khema", "go4C5B"),
        UnicodeTable("Guru Gurmukhi", "hwCCBFEBCVBGBBBBBBCABEEBCCDAHDBAHQ"),
        UnicodeTable("Hang Hangul", "goE-HuxHBhI9CxDehCeh3dcjUj9KMWEwBk9JeDFCFCFCC"),
        UnicodeTable("Hani Han", "g0LZB4CM1GvBABAZIODke-tGgC-vUgoWtLCpDoodBMGpgkB-2pBgB9oECt0FCwpHPtTitC9QivBq6EFppI"),
        UnicodeTable("Hano Hanunoo", "g5FU"),
        UnicodeTable("Hatr Hatran", "gniCSBBFE"),
        UnicodeTable("Hebr Hebrew", "xsB2BIaEFop9BZBEBABBBBBJ"),
        UnicodeTable("Hira Hiragana", "hiM1CGCh7-C+ISAdCtlQA"),
        UnicodeTable("Hluw Anatolian_Hieroglyphs", "ggxCmS"),
        UnicodeTable("Hmng Pahawh_Hmong", "g46ClCKJBGBUFS"),
        UnicodeTable("Hmnp Nyiakeng_Puachue_Hmong", "go4DsBDNCJEB"),
        UnicodeTable("Hung Old_Hungarian", "gkjCyBNyBHF"),
        UnicodeTable("Ital Old_Italic", "g4gCjBJC"),
        UnicodeTable("Java Javanese", "gsqBtCCJEB"),
        UnicodeTable("Kali Kayah_Li", "goqBtBBA"),
        UnicodeTable("Kana Katakana", "hlM5CCCwHPwGuBB3CugzBJBsByisBDBGBBBA-ICyBAOD"),
        UnicodeTable("Kawi", "g4nCQBoBDc"),
        UnicodeTable("Khar Kharoshthi", "gwiCDBBFHBCBcCCEJHI"),
        UnicodeTable("Khmr Khmer", "g8F9CCJGJmPf"),
        UnicodeTable("Khoj Khojki", "gwkCRBuB"),
        UnicodeTable("Kits Khitan_Small_Script", "k-7CA74G1OpBA"),
        UnicodeTable("Knda Kannada", "gkDMBCBWBJBECIBCBDHBFCBDCJBC"),
        UnicodeTable("Krai Kirat_Rai", "gq7C5B"),
        UnicodeTable("Kthi Kaithi", "gkkCiCKA"),
        UnicodeTable("Lana Tai_Tham", "gxG+BBcCKGJGN"),
        UnicodeTable("Laoo Lao", "h0DBBABEBXBABWCEBABGBJCD"),
        UnicodeTable(
            "Latn Latin",
            """
            hCZGZvBAPAFWBeBgOnBE7wGlBGwBFDFMBlChC-HxLANAQMtEBGAbARoB32Cfi1elDDxCUOwZqBBIBD28TG6gBZGZlhCFBpBBIl61BeGF
            """),
        UnicodeTable("Lepc Lepcha", "ggH3BDODC"),
        UnicodeTable("Limb Limbu", "goGeBLELEADL"),
        UnicodeTable("Lina Linear_A", "gwhC2JJVKH"),
        UnicodeTable("Linb Linear_B", "gggCLBZBSBBBOCNiB6D"),
        UnicodeTable("Lisu", "wmpBvBw1eA"),
        UnicodeTable("Lyci Lycian", "g0gCc"),
        UnicodeTable("Lydi Lydian", "gpiCZFA"),
        UnicodeTable("Mahj Mahajani", "wqkCmB"),
        UnicodeTable("Maka Makasar", "g3nCY"),
        UnicodeTable("Mand Mandaic", "giCbCA"),
        UnicodeTable("Mani Manichaean", "g2iCmBEL"),
        UnicodeTable("Marc Marchen", "wjnCfCVBN"),
        UnicodeTable("Medf Medefaidrin", "gy7C6C"),
        UnicodeTable("Mend Mende_Kikakui", "gg6DkGCP"),
        UnicodeTable("Merc Meroitic_Cursive", "gtiCXETCtB"),
        UnicodeTable("Mero Meroitic_Hieroglyphs", "gsiCf"),
        UnicodeTable("Mlym Malayalam", "goDMBCByBBCBFEPCZ"),
        UnicodeTable("Modi", "gwlCkCLJ"),
        UnicodeTable("Mong Mongolian", "ggGBCABTG4CHqB1t-BM"),
        UnicodeTable("Mroo Mro", "gy6CeBJEB"),
        UnicodeTable("Mtei Meetei_Mayek", "g3qBWpGtBCJ"),
        UnicodeTable("Mult Multani", "g0kCGBABDBOBK"),
        UnicodeTable("Mymr Myanmar", "ggE-EgqmBehDfwibT"),
        UnicodeTable("Nagm Nag_Mundari", "wm5DpB"),
        UnicodeTable("Nand Nandinagari", "gtmCHCtBCK"),
        UnicodeTable("Narb Old_North_Arabian", "g0iCf"),
        UnicodeTable("Nbat Nabataean", "gkiCeII"),
        UnicodeTable("Newa", "gglC7CBE"),
        UnicodeTable("Nkoo Nko", "g+B6BCC"),
        UnicodeTable("Nshu Nushu", "h-7CAusQrM"),
        UnicodeTable("Ogam Ogham", "g0Fc"),
        UnicodeTable("Olck Ol_Chiki", "wiHvB"),
        UnicodeTable("Onao Ol_Onal", "wu5DqBEA"),
        UnicodeTable("Orkh Old_Turkic", "ggjCoC"),
        UnicodeTable("Orya Oriya", "h4CCBHCBCVBGBBBECICBCCHCEBBECR"),
        UnicodeTable("Osge Osage", "wlhCjBEjB"),
        UnicodeTable("Osma Osmanya", "gkhCdCJ"),
        UnicodeTable("Ougr Old_Uyghur", "w7jCZ"),
        UnicodeTable("Palm Palmyrene", "gjiCf"),
        UnicodeTable("Pauc Pau_Cin_Hau", "g2mC4B"),
        UnicodeTable("Perm Old_Permic", "w6gCqB"),
        UnicodeTable("Phag Phags_Pa", "giqB3B"),
        UnicodeTable("Phli Inscriptional_Pahlavi", "g7iCSFH"),
        UnicodeTable("Phlp Psalter_Pahlavi", "g8iCRHDMG"),
        UnicodeTable("Phnx Phoenician", "goiCbDA"),
        UnicodeTable("Plrd Miao", "g47CqCE4BHQ"),
        UnicodeTable("Prti Inscriptional_Parthian", "g6iCVCH"),
        UnicodeTable("Rjng Rejang", "wpqBjBLA"),
        UnicodeTable("Rohg Hanifi_Rohingya", "gojCnBIJ"),
        UnicodeTable("Runr Runic", "g1FqCDK"),
        UnicodeTable("Samr Samaritan", "ggCtBCO"),
        UnicodeTable("Sarb Old_South_Arabian", "gziCf"),
        UnicodeTable("Saur Saurashtra", "gkqBlCIL"),
        UnicodeTable("Sgnw SignWriting", "gg2DrUPEBO"),
        UnicodeTable("Shaw Shavian", "wihCvB"),
        UnicodeTable("Shrd Sharada", "gskC-CgsCH"),
        UnicodeTable("Sidd Siddham", "gslC1BClB"),
        UnicodeTable("Sidt Sidetic", "gqiCZ"),
        UnicodeTable("Sind Khudawadi", "w1kC6BFJ"),
        UnicodeTable("Sinh Sinhala", "hsDCBRDXBIBACGDAEFBABHGJCCs-gCT"),
        UnicodeTable("Sogd Sogdian", "w5jCpB"),
        UnicodeTable("Sogo Old_Sogdian", "g4jCnB"),
        UnicodeTable("Sora Sora_Sompeng", "wmkCYHJ"),
        UnicodeTable("Soyo Soyombo", "wymCyC"),
        UnicodeTable("Sund Sundanese", "g8G-BgIH"),
        UnicodeTable("Sunu Sunuwar", "g+mChBOJ"),
        UnicodeTable("Sylo Syloti_Nagri", "ggqBsB"),
        UnicodeTable("Syrc Syriac", "g4BNB7BCCwIK"),
        UnicodeTable("Tagb Tagbanwa", "g7FMBCBB"),
        UnicodeTable("Takr Takri", "g0lC5BGJ"),
        UnicodeTable("Tale Tai_Le", "wqGdCE"),
        UnicodeTable("Talu New_Tai_Lue", "gsGrBEZGKDB"),
        UnicodeTable("Taml Tamil", "i8CBBFDCBDDBBABBDBDCDLEEDCBDCAGAOUl+kCxBNA"),
        UnicodeTable("Tang Tangut", "g-7CAf-3GgQehDyD"),
        UnicodeTable("Tavt Tai_Viet", "g0qBiCYE"),
        UnicodeTable("Tayo Tai_Yo", "g25DeBVIB"),
        UnicodeTable("Telu Telugu", "ggDMBCBWBPCIBCBDHBBCBBCDCJHI"),
        UnicodeTable("Tfng Tifinagh", "wpL3BHBOA"),
        UnicodeTable("Tglg Tagalog", "g4FVJA"),
        UnicodeTable("Thaa Thaana", "g8BxB"),
        UnicodeTable("Thai", "hwD5BFb"),
        UnicodeTable("Tibt Tibetan", "g4DnCBjBEmBBjBBOBGEB"),
        UnicodeTable("Tirh Tirhuta", "gklCnCIJ"),
        UnicodeTable("Tnsa Tangsa", "wz6CuCBJ"),
        UnicodeTable("Todr Todhri", "guhCzB"),
        UnicodeTable("Tols Tolong_Siki", "wtnCrBEJ"),
        UnicodeTable("Toto", "w04De"),
        UnicodeTable("Tutg Tulu_Tigalari", "g8kCJBACABlBBJBACABDBJBBIB"),
        UnicodeTable("Ugar Ugaritic", "g8gCdBA"),
        UnicodeTable("Vaii Vai", "gopBrJ"),
        UnicodeTable("Vith Vithkuqi", "wrhCKBOBGBBBKBOBGBB"),
        UnicodeTable("Wara Warang_Citi", "glmCyCMA"),
        UnicodeTable("Wcho Wancho", "g24D5BFA"),
        UnicodeTable("Xpeo Old_Persian", "g9gCjBEN"),
        UnicodeTable("Xsux Cuneiform", "ggoC5cmDuDBELjG"),
        UnicodeTable("Yezi Yezidi", "g0jCpBBCCB"),
        UnicodeTable("Yiii Yi", "ggoBskBD2B"),
        UnicodeTable("Zanb Zanabazar_Square", "gwmCnC"),
        UnicodeTable(
            "Zinh Inherited Qaai",
            """
            gYvD1IBkOKaAgXD7qEtBCLkPCBMBGEAGADBmG-BsQBiGgB55DDrDBlrzBPQNveAiHA6iEAk+uBtBCWgRCRHCGeDy6rYvH
            """),
        UnicodeTable(
            "Zyyy Common",
            """
            AgCaFauBBOBEXAfAhOmBFECT0DAJAGABA9TAGAOADAgBA8EAkQAhEB5mBA1MDiJAvvBCnCBrGBBAtmBANAHDBFBCCAlYLC2CBKDKBORhB+BlBB\
            CCFBaBQpBCE5UWKV-cgIzTCpEgQ9CyMUBABYPHED7CBDA6CBzEPgBlBJAwB-BfwCvBA4CnFguG-BgoWhBmDClFJ0HAgFArMAOByuUBwGJWiBBS\
            BDzEABfaFaKKAtBBgCGBGKEiICEsBDIwCMzBsBkHaktuBD86D8HDzNGWPQ-CzD8B1HKmBC9BDQIBHdE8B1GTMTM2CJYnE0CBmCBBCACBCDBLBA\
            BGBgCBDCHBGBbBDBEBADGBzKCjJCxBxjFjCsC8BiWrBEjDMOCOBOBkBKtF4BZBBNrBEIHBOF6E4eDQDMD5GGLEAPLE3BIJGnBIdCLEBOInB3KI\
            NCMDKD4BBAEPCLEJHyEBmDmghYAe-C
            """),
        UnicodeTable(
            "Zzzz Unknown",
            """
            4bBGDHABAUAtMAmBByBBDA3BHbDGKuIA8BBlDN7BBxBBPAcBBALEiBEtHAIBCBWAHABCEBJBCBEHBDCAFBZBDAGDCBWAHACACACBBAFDCBDCBG\
            EABGRJDAJADAWAHACAFBKADADBBOEBMGHADAIBCBWAHACAFBJBCBDGDDCAFBSJCAGCDAECCABACCCCDCMDFCDAEBBFBNVENADAXAQBJADAEGCA\
            DACBEBKGWADAXAKAFBJADAEGCEDAEBKADLNADAzBADAGDQBaADASCYAJABBHCBDGABAIFKBDL6BDdkBCABAFAYABAXBFABAHAKBEfoCAkBDnBA\
            kBAPANkBmGABEBB5LAEBHABAEBpBAEBhBAEBHABAEBPA5BAEBjCBgBCaF2CBGB9UC5CGWIYIULNADACL+CBKFKFaF5CGrBEmCJfAMDMDBCqBBF\
            KsBDaFLC+BBhCAdBLFKFOBuBBMTtCAmFH8BCPC+BErBBLHrBE2QBGBmBBGBIABABABAfB1BAPAOBGATBDAJAlDAMBbANCiBNhBOsED6UVLU04B\
            B+LEtBABEBB4BGCNYIHAHAHAHAHAHAHAHA+DhBaA5CL2GZwCA2CBnDErBA+CA2CIwBAtzcC3BI8KT4FH9GT8BCKF4BHmCHMF0DKeCuCALDhBA3\
            BIOBKBnDXcJGBGBGIHAHA8BD+DBKFk9KLXDxBjoIuLBqDlBHLFEaAFABACACAqUfqBFzBATAEDFAnEBBA+FCGBGBGBDCHAHJFBMAaATACAPBOh\
            B7DEDDtBC4CANCBuBuBhEdCxBOcDkBIeErBEeAlBDOpB+EBKFkBDkBDoBH0BKMAPAHACALAPAHACC0BL3JIWJIXGAqBAJkCGBBAsBACCBBXAoC\
            HJvBTACEhBCbEblB4BDUByBACEIADAdBDDKGJGgCfnBDMI2BCdBbEaGELHvCpC2BzBMzBGuBHKFmBCdHCvGfAqBADBCPGHJgBuBHqBValBcTXI\
            uCDkBIkCJBBZGKF1BASHnBIgDAUKSAvB9BHABAEAPALF7BEKFEAIBCBWAHACAFAKBCBDBBFBEHBHCFKKABBBAmBAKABBBAEAKACHCc8CAFdoCH\
            KlF2BBmBhBlCKKFNS6BFKFUbbBPDX4F8BjDzCLIBBBIACAeACBMIKlCIBuBBLaoCHzCMpCGK1CI3CiBNKFJAtBAOJdCgBBWAOoCHACAsBCBACA\
            JHKFGACAlBACAGGKFsBDK1HZGRApBCd0CBOyBM7clDvDAFKkGryCjDM2iBJ78DEnS41G6Bl2B5RGfAKDxCAKFeBGJmCJKAHAVETvN6BlG7CEZB\
            ZrBrCD5BGR-BFKHI2mHoBgBgDzD8vIEAHACAjJOBcDBBNEHsMjoCrDENCJGKBI76D9HC0NFXOROuBBXI0D7B2HJnBBiGUmC5DULUL3CIZmE1CA\
            nCACBBBCBEAMABAHAhCAEBIAHAcAEAFABCHA0KBkJB+VOFAPviBfFG0GHARBHACAFE+BgBBvDtBCOBKDC-JfQ6BEBvOqB1GrBDB-FfAWHC-GHA\
            EACAPAlGBQoBsCDKDCwYkCrC9BhGEAbACABBBAKAEABABFBDBABABADACABBBABABABABACABBEAHAEAEABAKAREDAFARzBCtIsBDkDLPBPAPA\
            lBJuF3BdMsBDJGCNG5E5eCRCNC6GFMDBOMD4BHKFoBHeBMDCNJmB4KHOBNCLC5BABDQBMDKGzEAnDkgBg3pBf+oEBu0FBxpHOuThtC+QhvBr6E\
            EqpIm8yVBdgD-DwHvw-F
            """),
    ]
}
