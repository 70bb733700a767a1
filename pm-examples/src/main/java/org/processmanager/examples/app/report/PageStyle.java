package org.processmanager.examples.app.report;

/** The look of the page: light and dark by the reader's setting, light in print. */
final class PageStyle {
    static final String CSS = """
            :root { color-scheme: light dark; --back: #fff; --ink: #1c2430; --soft: #5b6675; --rule: #d9dee5;
              --ok: #2c8a57; --failed: #c2410c; --killed: #7c3aed; --stopped: #64748b; --unknown: #94a3b8; --stripe: #fff;
              --c0: #1d6fb8; --c1: #c2410c; --c2: #2c8a57; --c3: #7c3aed; --c4: #a16207; --c5: #be185d; --warn: #fff4d6; }
            @media screen and (prefers-color-scheme: dark) { :root { --back: #14181f; --ink: #e4e8ee; --soft: #9aa5b4;
              --rule: #2d3541; --ok: #4fbf85; --failed: #f0783c; --killed: #a78bfa; --stopped: #8b98a9; --unknown: #66758a;
              --stripe: #14181f; --c0: #5aa9ec; --c1: #f0783c; --c2: #4fbf85; --c3: #a78bfa; --c4: #d9a520; --c5: #f472b6;
              --warn: #3a3218; } }
            * { box-sizing: border-box; }
            body { background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto;
              max-width: 1100px; padding: 24px 20px; }
            h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 36px 0 8px; }
            h3 { font-size: 16px; margin: 24px 0 4px; }
            p { margin: 4px 0 10px; } .note, .sub { color: var(--soft); }
            .warn { background: var(--warn); border-left: 4px solid var(--c4); padding: 8px 12px; }
            .facts { display: flex; flex-wrap: wrap; gap: 8px 28px; list-style: none; margin: 14px 0; padding: 0; }
            .facts b { display: block; font-size: 22px; }
            .activity { border-top: 1px solid var(--rule); margin-top: 18px; break-inside: avoid; }
            .chart { display: block; height: auto; margin: 6px 0; overflow: visible; width: 100%; }
            svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
            svg .name { text-anchor: end; } svg .small, svg .tick { fill: var(--soft); font-size: 11px; }
            svg .tick { text-anchor: middle; } svg .strong { font-weight: 600; }
            .grid { stroke: var(--rule); } .cross { fill: none; stroke: var(--ink); stroke-width: 2.5; }
            .o-ok { --kind: var(--ok); } .o-failed { --kind: var(--failed); } .o-killed { --kind: var(--killed); }
            .o-stopped { --kind: var(--stopped); } .o-unknown, .o-not_started { --kind: var(--unknown); }
            .bar { fill: var(--kind); } .hatch { fill: url(#stripes); }
            .o-unknown .bar { fill: none; stroke: var(--kind); stroke-dasharray: 4 3; stroke-width: 1.5; }
            .o-stopped .bar { fill-opacity: .55; stroke: var(--kind); }
            .share { background: var(--kind, var(--c0)); display: inline-block; height: 11px; min-width: 2px;
              print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            .scale { width: 40%; } .scale + .n, .scale ~ .scale { width: 22%; } .share.l1 { --kind: var(--c1); }
            .line { color: var(--c0); } .l1 { color: var(--c1); } .l2 { color: var(--c2); } .l3 { color: var(--c3); }
            .l4 { color: var(--c4); } .l5 { color: var(--c5); }
            .line polyline, .key { fill: none; stroke: currentColor; stroke-width: 2; } .line circle { fill: currentColor; }
            .l1 polyline, .l1 .key { stroke-dasharray: 7 3; } .l2 polyline, .l2 .key { stroke-dasharray: 2 3; }
            .l3 polyline, .l3 .key { stroke-dasharray: 9 3 2 3; } .l4 polyline, .l4 .key { stroke-dasharray: 4 2; }
            .l5 polyline, .l5 .key { stroke-dasharray: 1 2; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-size: 13px; width: 100%; }
            th, td { border-bottom: 1px solid var(--rule); padding: 4px 10px 4px 0; text-align: left; vertical-align: top; }
            th { color: var(--soft); font-weight: 600; } .n { text-align: right; white-space: nowrap; }
            .w { overflow-wrap: anywhere; } .t { white-space: nowrap; }
            .hidden { height: 0; position: absolute; width: 0; }
            @media print { :root { color-scheme: light; } body { max-width: none; padding: 0; } thead { display: table-header-group; }
              tr, svg { break-inside: avoid; } .bar, .hatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
              .wide { overflow: visible; } h2, h3 { break-after: avoid; } }
            """;

    private PageStyle() {}
}
