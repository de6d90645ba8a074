// SPDX-License-Identifier: Apache-2.0
// Writes Sources/ECMARegex/Unicode/Tables: the Unicode properties that ECMA-262 names (§22.2.1, tables 67 to 70) and
// simple case folding. Source: the Unicode Character Database, read through the RegExp of the Node that runs this
// (process.versions.unicode). Usage: node scripts/generate-unicode-tables.mjs
import { writeFileSync, mkdirSync } from "node:fs";

const folder = new URL("../Sources/ECMARegex/Unicode/Tables/", import.meta.url);
mkdirSync(folder, { recursive: true });

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
// As in UnicodeTable: five bits a letter, least first; a letter of the upper half says that more follow.
function number(value) {
  let text = "";
  do {
    const bits = value & 31;
    value >>>= 5;
    text += alphabet[bits | (value ? 32 : 0)];
  } while (value);
  return text;
}

const characters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));

function ranges(source) {
  const expression = new RegExp(`^${source}$`, "u");
  const result = [];
  for (let code = 0; code < 0x110000; code++) {
    if (!expression.test(characters[code])) continue;
    const last = result[result.length - 1];
    if (last && last[1] === code - 1) last[1] = code;
    else result.push([code, code]);
  }
  return result;
}

// Each range as its distance from the end of the one before, and its length less one.
function encode(list) {
  let next = 0;
  let text = "";
  for (const [lower, upper] of list) {
    text += number(lower - next) + number(upper - lower);
    next = upper + 1;
  }
  return text;
}

const categories = `Lu Uppercase_Letter|Ll Lowercase_Letter|Lt Titlecase_Letter|Lm Modifier_Letter|Lo Other_Letter
Mn Nonspacing_Mark|Mc Spacing_Mark|Me Enclosing_Mark|Nd Decimal_Number digit|Nl Letter_Number|No Other_Number
Pc Connector_Punctuation|Pd Dash_Punctuation|Ps Open_Punctuation|Pe Close_Punctuation|Pi Initial_Punctuation
Pf Final_Punctuation|Po Other_Punctuation|Sm Math_Symbol|Sc Currency_Symbol|Sk Modifier_Symbol|So Other_Symbol
Zs Space_Separator|Zl Line_Separator|Zp Paragraph_Separator|Cc Control cntrl|Cf Format|Cs Surrogate|Co Private_Use
Cn Unassigned`.split(/[|\n]/).map((row) => row.split(" "));

const binary = `ASCII_Hex_Digit AHex|Alphabetic Alpha|Bidi_Control Bidi_C|Bidi_Mirrored Bidi_M|Case_Ignorable CI|Cased
Changes_When_Casefolded CWCF|Changes_When_Casemapped CWCM|Changes_When_Lowercased CWL
Changes_When_NFKC_Casefolded CWKCF|Changes_When_Titlecased CWT|Changes_When_Uppercased CWU|Dash
Default_Ignorable_Code_Point DI|Deprecated Dep|Diacritic Dia|Emoji|Emoji_Component EComp|Emoji_Modifier EMod
Emoji_Modifier_Base EBase|Emoji_Presentation EPres|Extended_Pictographic ExtPict|Extender Ext|Grapheme_Base Gr_Base
Grapheme_Extend Gr_Ext|Hex_Digit Hex|IDS_Binary_Operator IDSB|IDS_Trinary_Operator IDST|ID_Continue IDC|ID_Start IDS
Ideographic Ideo|Join_Control Join_C|Logical_Order_Exception LOE|Lowercase Lower|Math|Noncharacter_Code_Point NChar
Pattern_Syntax Pat_Syn|Pattern_White_Space Pat_WS|Quotation_Mark QMark|Radical|Regional_Indicator RI
Sentence_Terminal STerm|Soft_Dotted SD|Terminal_Punctuation Term|Unified_Ideograph UIdeo|Uppercase Upper
Variation_Selector VS|White_Space space|XID_Continue XIDC|XID_Start XIDS`.split(/[|\n]/).map((row) => row.split(" "));

// Value names of PropertyValueAliases.txt, short and long; names that Node does not know are left out.
const scripts = `Adlm Adlam|Aghb Caucasian_Albanian|Ahom|Arab Arabic|Armi Imperial_Aramaic|Armn Armenian|Avst Avestan
Bali Balinese|Bamu Bamum|Bass Bassa_Vah|Batk Batak|Beng Bengali|Berf Beria_Erfe|Bhks Bhaiksuki|Bopo Bopomofo
Brah Brahmi|Brai Braille|Bugi Buginese|Buhd Buhid|Cakm Chakma|Cans Canadian_Aboriginal|Cari Carian|Cham
Cher Cherokee|Chrs Chorasmian|Copt Coptic Qaac|Cpmn Cypro_Minoan|Cprt Cypriot|Cyrl Cyrillic|Deva Devanagari
Diak Dives_Akuru|Dogr Dogra|Dsrt Deseret|Dupl Duployan|Egyp Egyptian_Hieroglyphs|Elba Elbasan|Elym Elymaic
Ethi Ethiopic|Gara Garay|Geor Georgian|Glag Glagolitic|Gong Gunjala_Gondi|Gonm Masaram_Gondi|Goth Gothic
Gran Grantha|Grek Greek|Gujr Gujarati|Gukh Gurung_Khema|Guru Gurmukhi|Hang Hangul|Hani Han|Hano Hanunoo
Hatr Hatran|Hebr Hebrew|Hira Hiragana|Hluw Anatolian_Hieroglyphs|Hmng Pahawh_Hmong|Hmnp Nyiakeng_Puachue_Hmong
Hung Old_Hungarian|Ital Old_Italic|Java Javanese|Kali Kayah_Li|Kana Katakana|Kawi|Khar Kharoshthi|Khmr Khmer
Khoj Khojki|Kits Khitan_Small_Script|Knda Kannada|Krai Kirat_Rai|Kthi Kaithi|Lana Tai_Tham|Laoo Lao|Latn Latin
Lepc Lepcha|Limb Limbu|Lina Linear_A|Linb Linear_B|Lisu|Lyci Lycian|Lydi Lydian|Mahj Mahajani|Maka Makasar
Mand Mandaic|Mani Manichaean|Marc Marchen|Medf Medefaidrin|Mend Mende_Kikakui|Merc Meroitic_Cursive
Mero Meroitic_Hieroglyphs|Mlym Malayalam|Modi|Mong Mongolian|Mroo Mro|Mtei Meetei_Mayek|Mult Multani|Mymr Myanmar
Nagm Nag_Mundari|Nand Nandinagari|Narb Old_North_Arabian|Nbat Nabataean|Newa|Nkoo Nko|Nshu Nushu|Ogam Ogham
Olck Ol_Chiki|Onao Ol_Onal|Orkh Old_Turkic|Orya Oriya|Osge Osage|Osma Osmanya|Ougr Old_Uyghur|Palm Palmyrene
Pauc Pau_Cin_Hau|Perm Old_Permic|Phag Phags_Pa|Phli Inscriptional_Pahlavi|Phlp Psalter_Pahlavi|Phnx Phoenician
Plrd Miao|Prti Inscriptional_Parthian|Rjng Rejang|Rohg Hanifi_Rohingya|Runr Runic|Samr Samaritan
Sarb Old_South_Arabian|Saur Saurashtra|Sgnw SignWriting|Shaw Shavian|Shrd Sharada|Sidd Siddham|Sidt Sidetic
Sind Khudawadi|Sinh Sinhala|Sogd Sogdian|Sogo Old_Sogdian|Sora Sora_Sompeng|Soyo Soyombo|Sund Sundanese|Sunu Sunuwar
Sylo Syloti_Nagri|Syrc Syriac|Tagb Tagbanwa|Takr Takri|Tale Tai_Le|Talu New_Tai_Lue|Taml Tamil|Tang Tangut
Tavt Tai_Viet|Tayo Tai_Yo|Telu Telugu|Tfng Tifinagh|Tglg Tagalog|Thaa Thaana|Thai|Tibt Tibetan|Tirh Tirhuta
Tnsa Tangsa|Todr Todhri|Tols Tolong_Siki|Toto|Tutg Tulu_Tigalari|Ugar Ugaritic|Vaii Vai|Vith Vithkuqi
Wara Warang_Citi|Wcho Wancho|Xpeo Old_Persian|Xsux Cuneiform|Yezi Yezidi|Yiii Yi|Zanb Zanabazar_Square
Zinh Inherited Qaai|Zyyy Common|Zzzz Unknown`.split(/[|\n]/).map((row) => row.split(" "));

function isKnown(source) {
  try { return new RegExp(source, "u") && true; } catch { return false; }
}

// Folded classes: every character that /iu takes for another, by union of the simple mappings it accepts.
function foldings() {
  const pairs = [];
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const expression = new RegExp(`^\\u{${code.toString(16)}}$`, "iu");
    const text = characters[code];
    const others = new Set([text.toLowerCase(), text.toUpperCase(), text.toLowerCase().toUpperCase(),
      text.toUpperCase().toLowerCase()].filter((other) => [...other].length === 1 && other !== text));
    for (const other of extra[code] ?? []) others.add(characters[other]);
    for (const other of others) if (expression.test(other)) pairs.push([code, other.codePointAt(0)]);
  }
  const leader = new Map();
  const find = (code) => { while (leader.has(code)) code = leader.get(code); return code; };
  for (const [left, right] of pairs) {
    const [low, high] = [find(left), find(right)].sort((a, b) => a - b);
    if (low !== high) leader.set(high, low);
  }
  return [...leader.keys()].sort((a, b) => a - b).map((code) => [code, find(code)]);
}
// Characters whose full mappings are longer than one character, so that only their folding links them.
const extra = { 0xdf: [0x1e9e], 0x1e9e: [0xdf], 0x390: [0x1fd3], 0x1fd3: [0x390], 0x3b0: [0x1fe3], 0x1fe3: [0x3b0],
  0xfb05: [0xfb06], 0xfb06: [0xfb05] };
for (const start of [0x1f80, 0x1f90, 0x1fa0])
  for (let index = 0; index < 8; index++) extra[start + index] = [start + index + 8];
for (const [small, large] of [[0x1fb3, 0x1fbc], [0x1fc3, 0x1fcc], [0x1ff3, 0x1ffc]]) extra[small] = [large];

const header = `// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate-unicode-tables.mjs from the Unicode Character Database ${process.versions.unicode}.
// © Unicode, Inc. Unicode License v3, https://www.unicode.org/license.txt.
`;

function literal(text, indent) {
  const width = 110;
  const lines = [];
  for (let start = 0; start < text.length; start += width) lines.push(indent + text.slice(start, start + width));
  return `"""\n${lines.join("\\\n")}\n${indent}"""`;
}

function table(file, name, doc, rows) {
  const body = rows.map(([names, text]) => {
    const line = `        UnicodeTable("${names.join(" ")}", "${text}"),`;
    if (line.length <= 120) return line;
    return `        UnicodeTable(\n            "${names.join(" ")}",\n            ${literal(text, "            ")}),`;
  });
  writeFileSync(new URL(file, folder), `${header}
extension UnicodeTable {
    /// ${doc}
    static let ${name}: [UnicodeTable] = [
${body.join("\n")}
    ]
}
`);
}

table("UnicodeTable+Categories.swift", "categories", "Values of General_Category.",
  categories.map((names) => [names, encode(ranges(`\\p{gc=${names[0]}}`))]));
const known = scripts.filter((names) => isKnown(`\\p{sc=${names[0]}}`));
const byScript = known.map((names) => [names, ranges(`\\p{sc=${names[0]}}`)]);
table("UnicodeTable+Scripts.swift", "scripts", "Values of Script.", byScript.map(([names, list]) => [names, encode(list)]));
table("UnicodeTable+ScriptExtensions.swift", "scriptExtensions",
  "Values of Script_Extensions where they are not those of Script.",
  byScript.map(([names, list]) => [names, encode(ranges(`\\p{scx=${names[0]}}`)), encode(list)])
    .filter(([, extended, own]) => extended !== own));
const half = binary.findIndex(([name]) => name === "Emoji");
table("UnicodeTable+Binary.swift", "binary", "Binary properties, from A to D.",
  binary.slice(0, half).map((names) => [names, encode(ranges(`\\p{${names[0]}}`))]));
table("UnicodeTable+MoreBinary.swift", "moreBinary", "Binary properties, from E to X.",
  binary.slice(half).map((names) => [names, encode(ranges(`\\p{${names[0]}}`))]));

const folds = foldings();
// Code point and the least of its class: the distance from the one before, then how far below the class begins.
let next = 0;
let text = "";
for (const [code, low] of folds) {
  text += number(code - next) + number(code - low);
  next = code;
}
writeFileSync(new URL("UnicodeTable+CaseFolding.swift", folder), `${header}
extension UnicodeTable {
    /// Pairs of a character and the least one that simple case folding takes for the same.
    static let caseFolding: StaticString = ${literal(text, "        ")}
}
`);
console.log(process.versions.unicode, known.length, "scripts;", folds.length, "folds");
console.log("unknown scripts:", scripts.filter((names) => !isKnown(`\\p{sc=${names[0]}}`)).join(" "));
for (const rows of [categories, binary, known]) for (const names of rows) for (const name of names) {
  const source = rows === known ? `\\p{sc=${name}}` : `\\p{${name}}`;
  if (!isKnown(source)) console.log("refused by Node:", source);
}
