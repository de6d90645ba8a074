// SPDX-License-Identifier: Apache-2.0

/// How the page looks: light or dark as the reader's system is, from a phone's width up, in print.
package enum PageStyle {
    package static let sheet: Markup = """
        :root{color-scheme:light dark;--page:#f7f6f2;--card:#fff;--ink:#1d2126;--soft:#5c6570;--line:#e2dfd7;--track:#eceae3;\
        --main:#0f766e;--good:#15803d;--bad:#b42318;--warn:#a15c07;--p:#2563a8;--r:#b45f14;--f:#0f766e;--heat:15,118,110;--miss:180,35,24}
        @media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1c2026;--ink:#e8e6e1;--soft:#a0a8b2;--line:#2f353d;\
        --track:#2a3038;--main:#2dd4bf;--good:#4ade80;--bad:#f87171;--warn:#fbbf24;--p:#60a5fa;--r:#fb923c;--f:#2dd4bf;\
        --heat:45,212,191;--miss:248,113,113}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
        "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
        header{margin-bottom:1.25rem}
        h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere;letter-spacing:-.01em}
        h2{font-size:1.05rem;margin:0 0 .75rem}
        p{margin:.25rem 0}
        .soft{color:var(--soft)} .small{font-size:.85rem}
        section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem;margin-top:1rem}
        .notice{border-left:.3rem solid var(--warn)} .notice.bad{border-left-color:var(--bad)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1rem;margin-top:1rem}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.9rem 1.1rem}
        .tile b{display:block;font-size:1.7rem;line-height:1.2;font-weight:650;letter-spacing:-.02em}
        .tile.lead b{color:var(--main)}
        .bars{display:grid;grid-template-columns:minmax(5rem,auto) minmax(5rem,1fr) auto;gap:.35rem .9rem;align-items:center}
        .bars>span:nth-child(3n+1){overflow-wrap:anywhere}
        .bars>span:nth-child(3n){text-align:right;white-space:nowrap}
        svg{display:block;width:100%} svg.bar{height:.95rem} svg.histogram{height:7rem;border-bottom:1px solid var(--line)}
        .track{fill:var(--track)} .fill.main{fill:var(--main)} .fill.p{fill:var(--p)} .fill.r{fill:var(--r)} .fill.f{fill:var(--f)}
        .fill.other{fill:var(--soft)}
        .whisker{stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke;opacity:.75}
        .axis{display:flex;justify-content:space-between;color:var(--soft);font-size:.85rem;margin-top:.2rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.95rem}
        th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        tr:last-child>*{border-bottom:0}
        th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:break-word;\
        min-width:5.5rem}
        thead th{color:var(--soft);font-weight:500;font-size:.85rem;vertical-align:bottom}
        tbody th{font-weight:500}
        td .bar{width:4.5rem;display:inline-block;height:.6rem;margin-right:.5rem;vertical-align:middle}
        .heat td{text-align:center;border:2px solid var(--card);border-radius:.3rem;min-width:3rem;background:var(--track)}
        .heat td.hit{background:rgba(var(--heat),calc(.12 + .6*var(--v)))}
        .heat td.miss{background:rgba(var(--miss),calc(.12 + .6*var(--v)))}
        .heat thead th{text-align:center} td .v{display:inline-block;min-width:4.1em}
        .strip{display:flex;flex-wrap:wrap;gap:3px} .strip i{width:.8rem;height:.8rem;border-radius:.2rem;background:var(--good)}
        .strip i.part{background:linear-gradient(135deg,var(--good) 50%,var(--bad) 50%)}
        .strip i.no{background:var(--bad)} .strip i.error{background:none;border:2px solid var(--warn)}
        .key{display:inline-block;width:.7rem;height:.7rem;border-radius:.2rem;margin:0 .35rem 0 .9rem;vertical-align:baseline}
        .key.p{background:var(--p);margin-left:0} .key.r{background:var(--r)} .key.f{background:var(--f)}
        details{border-top:1px solid var(--line);padding:.6rem 0} details:first-of-type{border-top:0}
        summary{cursor:pointer;overflow-wrap:anywhere} summary:focus-visible{outline:2px solid var(--main);outline-offset:2px}
        .tag{font-size:.8rem;border-radius:1rem;padding:.05rem .55rem;margin-right:.35rem;border:1px solid currentColor}
        .tag.no{color:var(--bad)} .tag.error{color:var(--warn)}
        dl{margin:.6rem 0 0;display:grid;grid-template-columns:minmax(4.5rem,auto) 1fr;gap:.35rem .9rem}
        dt{color:var(--soft);font-size:.85rem} dd{margin:0;min-width:0}
        pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:.85rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,\
        "DejaVu Sans Mono",monospace;background:var(--page);border-radius:.4rem;padding:.5rem .7rem;max-height:22rem;overflow:auto}
        @media (max-width:36rem){td .bar{display:none} td .v{min-width:0} th,td{padding:.35rem .4rem}}
        @media (max-width:30rem){main{padding:1rem .75rem 3rem} section{padding:.9rem} .bars{grid-template-columns:1fr auto}\
        .bars>span:nth-child(3n+2){grid-column:1/-1;grid-row:auto;order:0} .bars>span:nth-child(3n+1){order:0}\
        dl{grid-template-columns:1fr} .tile b{font-size:1.4rem}}
        @media print{body{background:#fff} section,.tile{break-inside:avoid}}
        """
}
