package dev.sluice.proxy.filter.rewrite;

import dev.sluice.contract.match.Texts;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.PathNormalization;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Normalises the target that is matched and forwarded (RFC 3986 section 6.2.2): percent-encoded
 * unreserved bytes are decoded, dot segments removed, a backslash becomes a slash; runs of slashes
 * become one where asked for. The query stays as it is. Immutable.
 *
 * @param settings of the listener
 */
public record PathNormalizer(PathNormalization settings) {

    /**
     * The normalised target; empty when it has no normal form (a broken percent-encoding, that of
     * NUL, or a path that does not start with a slash), which is to be answered with 400. CONNECT
     * has no path, and {@code OPTIONS *} none but its star: these stay.
     */
    public Optional<CharSequence> normalize(CharSequence target) {
        boolean pathless = target.isEmpty() || "*".contentEquals(target);
        if ((!settings.normalize() && !settings.mergeSlashes()) || pathless) {
            return Optional.of(target);
        }
        int end = Math.min(Texts.indexOf(target, '?', 0), Texts.indexOf(target, '#', 0));
        if (end == 0 || target.charAt(0) != '/') {
            return Optional.empty();
        }
        String path = target.subSequence(0, end).toString();
        Optional<String> normal =
                settings.normalize()
                        ? decodeUnreserved(path).map(PathNormalizer::removeDots)
                        : Optional.of(path);
        return normal.map(text -> settings.mergeSlashes() ? mergeSlashes(text) : text)
                .map(text ->
                        text.equals(path)
                                ? target
                                : text + target.subSequence(end, target.length()));
    }

    private static Optional<String> decodeUnreserved(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                out.append('/');
            } else if (c != '%') {
                out.append(c);
            } else {
                int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
                int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0 || high + low == 0) {
                    return Optional.empty();
                }
                char decoded = (char) (high * 16 + low);
                out.append(isUnreserved(decoded) ? decoded : path.subSequence(i, i + 3));
                i += 2;
            }
        }
        return Optional.of(out.toString());
    }

    /** RFC 3986 section 2.3. */
    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** RFC 3986 section 5.2.4 for an absolute path; going above the root stays at the root. */
    private static String removeDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> {
                    if (last) {
                        kept.addLast("");
                    }
                }
                case ".." -> {
                    kept.pollLast();
                    if (last) {
                        kept.addLast("");
                    }
                }
                default -> kept.addLast(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String mergeSlashes(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) != '/' || i == 0 || path.charAt(i - 1) != '/') {
                out.append(path.charAt(i));
            }
        }
        return out.toString();
    }
}
