package dev.sluice.proxy.telemetry;

import java.util.Optional;

/** Writes one JSON object on one line (RFC 8259). Owned by one thread. */
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder(512);
    private boolean empty = true;

    JsonText() {
        text.append('{');
    }

    /** A text; left out when it is empty. */
    JsonText text(String name, String value) {
        if (!value.isEmpty()) {
            key(name);
            quote(value);
        }
        return this;
    }

    JsonText text(String name, Optional<String> value) {
        return text(name, value.orElse(""));
    }

    JsonText number(String name, long value) {
        key(name);
        text.append(value);
        return this;
    }

    /** A number; left out when it is negative, which means that there is none. */
    JsonText known(String name, long value) {
        return value < 0 ? this : number(name, value);
    }

    /** The object, with a line end. */
    String line() {
        return text.append("}\n").toString();
    }

    private void key(String name) {
        if (!empty) {
            text.append(',');
        }
        empty = false;
        quote(name);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append("\\u")
                        .append(HEX.charAt(c >> 12 & 15))
                        .append(HEX.charAt(c >> 8 & 15))
                        .append(HEX.charAt(c >> 4 & 15))
                        .append(HEX.charAt(c & 15));
            }
        }
        text.append('"');
    }
}
