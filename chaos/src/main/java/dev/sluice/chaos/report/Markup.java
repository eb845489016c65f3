package dev.sluice.chaos.report;

/** Text as XML 1.0 and HTML can hold it, between tags and in attributes. Stateless. */
final class Markup {
    private Markup() {}

    /** Characters that XML 1.0 has no way to write become question marks. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '<' -> escaped.append("&lt;");
                        case '&' -> escaped.append("&amp;");
                        case '"' -> escaped.append("&quot;");
                        case '\n', '\r', '\t' -> escaped.append("&#").append(c).append(';');
                        default -> escaped.appendCodePoint(writable(c) ? c : '?');
                    }
                });
        return escaped.toString();
    }

    private static boolean writable(int c) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return c >= ' ' && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
