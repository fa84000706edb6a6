/// The page's looks: two colour schemes, a narrow form, paper. Colour never stands alone: states have words and signs,
/// struck bars a row of their own, windows a hatch.
enum PageStyle {
    static let sheet: StaticString = """
        :root{color-scheme:light dark;--ink:#1c1b19;--dim:#5d5a54;--paper:#fffefb;--well:#f5f2ea;--rule:#dcd7cb;
        --bad:#a8201a;--doubt:#7a5000;--good:#1d6b41;--bar:#8e979f;--hatch:#d9a29d}
        @media (prefers-color-scheme:dark){:root{--ink:#e9e6e0;--dim:#a9a59c;--paper:#17191b;--well:#202326;--rule:#3b3f43;
        --bad:#ff8d83;--doubt:#f0c050;--good:#7fd7a4;--bar:#7c868f;--hatch:#7d4742}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;
        font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif;
        font-size:16px;font-variant-numeric:tabular-nums}
        main{max-width:70rem;margin:0 auto;padding:2rem 1.5rem 4rem}
        h1{font-size:1.65rem;line-height:1.25;margin:0;font-weight:600;overflow-wrap:anywhere;max-width:46rem;text-wrap:balance}
        h2{font-size:1.15rem;margin:2.75rem 0 .6rem;padding-top:.5rem;border-top:1px solid var(--rule)}
        h3{font-size:1rem;margin:1.5rem 0 .4rem;overflow-wrap:anywhere}
        a{color:inherit}
        p,ul,dl{margin:.4rem 0;max-width:46rem}
        p,li,dd{overflow-wrap:anywhere}
        ul{padding-left:1.2rem}
        code,pre,.c{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;
        font-size:.875em;overflow-wrap:anywhere;unicode-bidi:isolate}
        pre{background:var(--well);padding:.6rem .8rem;margin:.4rem 0;white-space:pre-wrap;border-radius:3px}
        .dim,small,caption,th{color:var(--dim)}
        small{font-size:.8125rem}
        .verdict{border-left:.5rem solid var(--v);padding:.25rem 0 .25rem 1.1rem}
        .verdict b{color:var(--v)}
        .violated{--v:var(--bad)}.inconclusive{--v:var(--doubt)}.held{--v:var(--good)}
        .key{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.5rem 1.5rem;max-width:none;
        margin:1.4rem 0 0}
        .key dt,.pair dt{color:var(--dim);font-size:.8125rem}
        .key dd,.pair dd{margin:0}
        .pair{display:grid;grid-template-columns:8rem minmax(0,1fr);gap:.15rem 1rem}
        .pair dt{padding-top:.15rem}
        .case{border-left:3px solid var(--bad);padding-left:1rem;margin:1.2rem 0;break-inside:avoid}
        .case h3{margin-top:0}
        h4{font-size:.9375rem;margin:.8rem 0 .2rem;overflow-wrap:anywhere}
        h4 .dim,h3 .dim{font-weight:400}
        table{border-collapse:collapse;width:100%;margin:.8rem 0 1.2rem;font-size:.9375rem}
        caption{text-align:left;font-size:.8125rem;padding-bottom:.3rem;max-width:46rem;overflow-wrap:anywhere}
        th{font-weight:500;font-size:.8125rem;text-align:left;border-bottom:1px solid var(--ink);padding:.2rem 1rem .2rem 0;
        vertical-align:bottom;white-space:nowrap}
        td{padding:.25rem 1rem .25rem 0;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:anywhere}
        .w{white-space:nowrap}
        th:last-child,td:last-child{padding-right:0}
        .n{text-align:right;white-space:nowrap}
        tr{break-inside:avoid}
        .hit td{background:var(--well);box-shadow:inset 0 -1px var(--hatch)}
        .hit td:first-child{box-shadow:inset 3px 0 var(--bad),inset 0 -1px var(--hatch)}
        .hit td:first-child{padding-left:.6rem}
        .state{font-weight:600;white-space:nowrap}
        .s-violated{color:var(--bad)}.s-unknown{color:var(--doubt)}.s-held{color:var(--good)}.s-notasked{color:var(--dim)}
        svg{display:block;width:100%;overflow:visible}
        .wire{margin:.8rem 0}
        .lane,.axis,.phases{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:0 1rem;align-items:end}
        .lane{border-bottom:1px solid var(--rule);padding-top:.5rem;break-inside:avoid}
        .lane div,.axis div{padding-bottom:.2rem;line-height:1.25}
        .lane small{display:block}
        .lane svg{height:54px}
        .low svg{height:18px;margin-bottom:.35rem}
        .track{position:relative;height:1.2rem;font-size:.75rem;color:var(--dim)}
        .track span{position:absolute;top:.1rem;transform:translateX(-50%);white-space:nowrap}
        .track .end{transform:translateX(-100%)}
        .phases .track span{transform:none;padding-left:.25rem;border-left:1px solid var(--dim);overflow:hidden;
        text-overflow:ellipsis}
        .req{fill:var(--bar)}.struck{fill:var(--bad)}.rug{stroke:var(--bad);stroke-width:1.5;vector-effect:non-scaling-stroke}
        .edge{stroke:var(--rule);stroke-width:1}.base{stroke:var(--ink);stroke-width:1}
        .hatch{stroke:var(--hatch);stroke-width:1.5}
        .call{height:18px}
        .good{fill:var(--bar);stroke:var(--bar)}
        .poor{fill:var(--paper);stroke:var(--bad);stroke-width:2}
        .wait{stroke:var(--doubt);stroke-width:2;stroke-dasharray:2 3}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.8125rem;color:var(--dim);padding:0;list-style:none;
        max-width:none}
        .legend svg{display:inline-block;width:26px;height:12px;vertical-align:-1px;margin-right:.4rem}
        .names{columns:22rem;column-gap:2rem;font-size:.8125rem;list-style:none;padding:0;max-width:none}
        .names li{break-inside:avoid;padding:.05rem 0}
        td:has(.call){width:38%}
        @media (max-width:44rem){
        main{padding:1.2rem 1rem 3rem}
        h1{font-size:1.3rem}
        .lane,.axis,.phases{grid-template-columns:minmax(0,1fr)}
        .axis>div:first-child:empty,.phases>div:first-child:empty{display:none}
        .lane small{display:inline;margin-left:.5rem}
        .pair{grid-template-columns:5.5rem minmax(0,1fr);gap:.15rem .7rem}
        .tight{font-size:.75rem}
        .tight th{font-size:.75rem;white-space:normal}
        .tight td,.tight th{padding-right:.4rem}
        :is(table,caption,tbody,tr,td):not(.tight,.tight *){display:block;width:100%}
        :not(.tight)>thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        :not(.tight)>tbody>tr{border-bottom:1px solid var(--rule);padding:.4rem 0}
        :not(.tight)>tbody>tr>td{display:grid;grid-template-columns:6.2rem minmax(0,1fr);gap:.6rem;border:0;padding:.05rem 0;
        text-align:left;white-space:normal;width:100%}
        :not(.tight)>tbody>tr>td.z{display:none}
        :not(.tight)>tbody>tr>td::before{content:attr(data-label);color:var(--dim);font-size:.8125rem;padding-top:.1rem}
        .names{columns:1}}
        @media print{:root{--paper:#fff}body{font-size:10pt}main{max-width:none;padding:0}h2,h3{break-after:avoid}
        svg,.hit td,pre{-webkit-print-color-adjust:exact;print-color-adjust:exact}.case{break-inside:auto}}
        """
}
