"""Names that devices, models and files could have."""

ATTACKS = [
    "<script>alert(1)</script>", "</testcase><testcase name='x'/>", "]]>&amp;&lt;<!--", "&#0;&xxe;",
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1", "\x1b[31mred\x1b]0;title\x07", "line\nbreak\r\nmore",
    "\u202egnp.exe", "\u2066\u2069", "\u2028\u2029\x85", "\x9b31m", "\ufffe\uffff\ufeff", "a|b`c`|d", "[x](http://e.example)",
    "@octocat #1 :smile: www.e.example", "![i](x)", 'quote"s and \\back\\slashes\\', "\\", "\"", "\x7f\x01\x02", "x" * 10000,
    "\U0001f600 \u8fd9 e\u0301", "Benchmark 1 2 ns/op", "key: value", "Unit ns/op better=higher", "# EOF", "a{b=\"c\"} 1",
    "${HOME} $(id) %s%n", "\u00a0\u3000spaces", "/slashes/x-8", "''", " ", "-8", "*_~bold~_*", "\u00e9" * 200,
]
