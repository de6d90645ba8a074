// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// What the page of a run adds to ``PageStyle``.
enum RunPageStyle {
    static let sheet: Markup = """
        :root{--model:#0f766e;--tool:#2563a8;--human:#8b3fa0;--guardrail:#a15c07;--group:#8a8f98;--door:#b45f14;--on:#fff;--mark:#fff3c4;\
        --bubble:#eef3f8;--wash:#f1f8f7}
        @media (prefers-color-scheme:dark){:root{--model:#2dd4bf;--tool:#60a5fa;--human:#d08be3;--guardrail:#fbbf24;--group:#7d858f;\
        --door:#fb923c;--on:#10151a;--mark:#3b3419;--bubble:#232b35;--wash:#18262a}}
        main{max-width:72rem}
        code,.no,.out{font:.85em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .pill{font-size:.8rem;font-weight:600;border-radius:1rem;padding:.15rem .65rem;border:1px solid currentColor;\
        vertical-align:.25em;letter-spacing:0;white-space:nowrap}
        .pill.good{color:var(--good)} .pill.bad{color:var(--bad)} .pill.warn{color:var(--warn)}
        .command code{display:block;overflow-wrap:anywhere;color:var(--soft)} .pre{white-space:pre-wrap;overflow-wrap:anywhere}
        .tile b{overflow-wrap:anywhere} .tile b.long{font-size:1.2rem;line-height:1.7}
        .keys span{margin-right:.8rem;white-space:nowrap} .keys{color:var(--soft)}
        .dot{display:inline-block;width:.65rem;height:.65rem;border-radius:.2rem;margin-right:.4rem;background:var(--group);flex:none}
        .dot.model,.dot.completion{background:var(--model)} .dot.tool,.dot.prompt{background:var(--tool)} .dot.human{background:var(--human)}
        .dot.guardrail{background:var(--guardrail)} .dot.door{background:var(--door)} .dot.cached{background:var(--group)}
        .lanes-scroll{overflow-x:auto;padding-bottom:.3rem} .lanes{position:relative;min-width:44rem}
        .bar{position:absolute;height:1.35rem;min-width:3px;border-radius:.2rem;overflow:hidden;white-space:nowrap;text-overflow:clip;\
        font-size:.72rem;line-height:1.35rem;padding-left:.3rem;color:var(--on);text-decoration:none;background:var(--group);\
        box-shadow:inset -1px 0 0 var(--card)}
        .bar:empty{padding:0} .bar.model{background:var(--model)} .bar.tool{background:var(--tool)} .bar.human{background:var(--human)}
        .bar.guardrail{background:var(--guardrail)} .bar.door{background:var(--door)}
        .bar.group{background:var(--track);color:var(--soft)}
        .bar.bad{box-shadow:inset 0 -4px 0 var(--bad)} .bar.open{opacity:.6;border:1px dashed var(--ink)}
        .bar:hover,.bar:focus-visible{outline:2px solid var(--ink);outline-offset:1px;z-index:2}
        .tick{position:absolute;top:0;bottom:0;width:1px;background:var(--line)}
        .ticks{position:relative;height:1.3rem;min-width:44rem} .ticks span{position:absolute;white-space:nowrap;padding-left:.2rem}
        .ticks .end{transform:translateX(-100%)}
        svg.turns{height:8rem;border-bottom:1px solid var(--line)} svg.turns .ground{fill:transparent} svg.turns a:hover .ground{fill:var(--track)}
        .turns .cached{fill:var(--group)} .turns .prompt{fill:var(--tool)} .turns .completion{fill:var(--model)}
        #bar{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:center;margin-top:1rem;padding:.6rem 1.25rem;\
        background:var(--card);border:1px solid var(--line);border-radius:.75rem;box-shadow:0 4px 12px rgba(0,0,0,.06)}
        #bar[hidden]{display:none} #bar input,#bar button{font:inherit;font-size:.9rem;color:inherit;background:var(--page);\
        border:1px solid var(--line);border-radius:.4rem;padding:.25rem .6rem} #bar input{width:14rem;max-width:50vw} #bar button{cursor:pointer}
        #bar .hint{margin-left:auto}
        .off{display:none!important}
        h3{font-size:.85rem;margin:0 0 .3rem;font-weight:650;display:flex;flex-wrap:wrap;gap:.1rem .5rem;align-items:baseline}
        h3 .soft{font-weight:400}
        .no{color:var(--soft);text-decoration:none;margin-left:auto;white-space:nowrap;font-weight:400} .no:hover{text-decoration:underline}
        .text{white-space:pre-wrap;overflow-wrap:anywhere}
        .msg{padding:.7rem .9rem;border-radius:.6rem;margin:.6rem 0;border:0}
        .msg.user{background:var(--bubble);margin-left:clamp(0rem,8vw,6rem)} .msg.assistant{background:var(--wash);border-left:3px solid var(--model)}
        .msg.system,.msg.tool{background:var(--page)} .msg.system h3{display:inline} .msg.system[open] summary .soft{display:none}
        .msg.assistant h3{color:var(--model)}
        .bad.msg{border-left:3px solid var(--bad)} .fault{color:var(--bad);overflow-wrap:anywhere;white-space:pre-wrap}
        details.step,details.group,details.raw,details.more,details.thinking,details.plain{border:0;padding:0}
        .step>summary,.group>summary{display:flex;gap:.5rem;align-items:baseline;padding:.25rem .6rem;border-radius:.4rem;list-style:none}
        .step>summary::-webkit-details-marker,.group>summary::-webkit-details-marker{display:none}
        .step>summary:hover,.group>summary:hover{background:var(--page)}
        .step{margin:.15rem 0 .15rem 1rem;border-left:2px solid var(--line)!important} .step.bad{border-left-color:var(--bad)!important}
        .step .dot{margin:0;align-self:center} .step code,.step .out{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
        .step summary b{flex:none;max-width:60%;overflow:hidden;text-overflow:ellipsis} .step summary code{flex:0 1 auto} .step .out{flex:1 1 30%}
        .step.bad>summary .out{color:var(--bad)} .step .no,.group>summary .no{flex:none;align-self:center}
        .step[open]{background:var(--page);border-radius:.4rem;padding-bottom:.6rem} .step[open]>dl{padding:0 .8rem}
        .step[open]>summary code,.step[open]>summary .out{visibility:hidden}
        .step pre{background:var(--card)} .step>.step,.step>.msg,.step>.group{margin-left:1.5rem;margin-right:.6rem}
        details.group{border-left:2px solid var(--group)!important;padding-left:.4rem!important;margin:.4rem 0 .4rem .3rem}
        .group>summary .soft{font-size:.85rem} .tag.effect{color:var(--door)}
        .raw summary,.more summary,.thinking summary{font-size:.85rem;color:var(--soft);padding:.15rem 0} .thinking .text{color:var(--soft);font-style:italic}
        .plain summary h2{display:inline} .plain[open] summary{margin-bottom:.7rem}
        table.steps th:first-child{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:26rem} table.steps a{color:inherit;text-decoration:none}
        table.steps a:hover{text-decoration:underline} tr.bad th a{color:var(--bad)}
        .asked{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
        :target,.here{outline:2px solid var(--main);outline-offset:2px;scroll-margin-top:5rem} [id^=r]{scroll-margin-top:5rem}
        @media (max-width:40rem){.step{margin-left:.2rem} .step>summary{flex-wrap:wrap} .step .out{flex-basis:100%;order:5} #bar .hint{display:none}\
        .msg{padding:.6rem .7rem} .step .no{margin-left:auto} .step summary code{flex:1 1 4rem}}
        @media print{#bar{display:none!important} .lanes-scroll{overflow:visible} .lanes,.ticks{min-width:0} .msg,.step{break-inside:avoid-page}\
        pre{max-height:none} .bar,.dot,.msg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """
}
