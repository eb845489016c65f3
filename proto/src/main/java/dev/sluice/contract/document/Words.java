package dev.sluice.contract.document;

import java.util.Collection;
import java.util.Optional;

/** Wording of error messages. Stateless. */
final class Words {
    private static final int LONGEST_QUOTE = 80;

    private Words() {}

    /** In double quotes, control characters as escapes, shortened to a readable length. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        int shown = Math.min(text.length(), LONGEST_QUOTE);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append(shown < text.length() ? "…\"" : "\"").toString();
    }

    /**
     * The candidate that {@code typed} most likely meant: at most a third of its letters away, by
     * insertions, removals, changes and swaps of neighbours.
     */
    static Optional<String> nearest(String typed, Collection<String> candidates) {
        String best = "";
        int bestDistance = Math.max(1, typed.length() / 3) + 1;
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - typed.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(typed, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Optimal string alignment distance. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
