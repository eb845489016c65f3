package dev.sluice.contract.match;

import java.util.List;
import java.util.Optional;

/** Reads the cookie header (RFC 6265 §4.2.1, and §5.4 for several lines). Stateless. */
final class Cookies {
    private Cookies() {}

    /** Value of the first cookie of this name over all header lines, quotes removed. */
    static Optional<CharSequence> first(List<? extends CharSequence> lines, String name) {
        for (int i = 0; i < lines.size(); i++) {
            Optional<CharSequence> value = firstIn(lines.get(i), name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private static Optional<CharSequence> firstIn(CharSequence line, String name) {
        int start = 0;
        while (start < line.length()) {
            int end = Texts.indexOf(line, ';', start);
            int equals = Texts.indexOf(line, '=', start, end);
            if (equals < end && Texts.trimmedEquals(line, start, equals, name)) {
                return Optional.of(unquoted(Texts.trim(line, equals + 1, end)));
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    private static CharSequence unquoted(CharSequence value) {
        int last = value.length() - 1;
        boolean quoted = last >= 1 && value.charAt(0) == '"' && value.charAt(last) == '"';
        return quoted ? value.subSequence(1, last) : value;
    }
}
