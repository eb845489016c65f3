package dev.sluice.contract.match;

import java.util.Optional;

/** Reads request targets: path segments and query parameters, raw. Stateless. */
public final class Targets {
    private Targets() {}

    /**
     * Segment {@code index} (from 0) of the path of a target, not percent-decoded, without query;
     * nothing when the path is shorter or does not start with a slash.
     */
    public static Optional<CharSequence> pathSegment(CharSequence target, int index) {
        int end = Texts.indexOf(target, '?', 0);
        if (end == 0 || target.charAt(0) != '/') {
            return Optional.empty();
        }
        int start = 1;
        for (int skipped = 0; skipped < index; skipped++) {
            int slash = Texts.indexOf(target, '/', start, end);
            if (slash == end) {
                return Optional.empty();
            }
            start = slash + 1;
        }
        return Optional.of(target.subSequence(start, Texts.indexOf(target, '/', start, end)));
    }

    static Optional<CharSequence> queryParameter(CharSequence target, String name) {
        int start = Texts.indexOf(target, '?', 0) + 1;
        while (start < target.length()) {
            int end = Texts.indexOf(target, '&', start);
            int equals = Texts.indexOf(target, '=', start, end);
            if (equals - start == name.length() && Texts.regionEquals(target, start, name)) {
                return Optional.of(target.subSequence(Math.min(equals + 1, end), end));
            }
            start = end + 1;
        }
        return Optional.empty();
    }
}
