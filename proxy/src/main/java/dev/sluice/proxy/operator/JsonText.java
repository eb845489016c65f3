package dev.sluice.proxy.operator;

/** Writes JSON texts (RFC 8259) in ASCII. Stateless. */
public final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Appends a text in quotes. */
    public static void quote(String value, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                to.append(c);
            } else {
                to.append("\\u")
                        .append(HEX.charAt(c >> 12 & 15))
                        .append(HEX.charAt(c >> 8 & 15))
                        .append(HEX.charAt(c >> 4 & 15))
                        .append(HEX.charAt(c & 15));
            }
        }
        to.append('"');
    }

    /** Appends a value with the type that it has. */
    public static void value(LogValue value, StringBuilder to) {
        switch (value) {
            case LogValue.None() -> to.append("null");
            case LogValue.Text(String text) -> quote(text, to);
            case LogValue.Count(long number) -> to.append(number);
            case LogValue.Tree(var leaves) -> {
                char before = '{';
                for (LogValue.Leaf leaf : leaves) {
                    if (!(leaf.value() instanceof LogValue.None)) {
                        to.append(before);
                        quote(leaf.name(), to);
                        value(leaf.value(), to.append(':'));
                        before = ',';
                    }
                }
                to.append(before == '{' ? "{}" : "}");
            }
        }
    }

    /**
     * A value as plain text, an object in JSON.
     *
     * @param none what says that there is none
     */
    public static String plain(LogValue value, String none) {
        return switch (value) {
            case LogValue.None() -> none;
            case LogValue.Text(String text) -> text;
            case LogValue.Count(long number) -> Long.toString(number);
            case LogValue.Tree tree -> {
                StringBuilder json = new StringBuilder();
                value(tree, json);
                yield json.toString();
            }
        };
    }
}
