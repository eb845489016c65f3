package dev.sluice.contract.match;

import java.util.Comparator;
import java.util.List;

/**
 * Many matchers of which one is enough. Exact texts are found by their hash, so that a thousand of
 * them cost about what one costs; the others are asked one after the other. Nothing is allocated
 * but by regular expressions. Immutable.
 */
public final class MatcherSet {
    private final List<WireText> exact;
    private final int[] hashes;
    private final List<StringMatcher> others;

    private MatcherSet(List<WireText> exact, List<StringMatcher> others) {
        this.exact = exact;
        this.hashes = exact.stream().mapToInt(text -> hash(text.bytes())).toArray();
        this.others = others;
    }

    /** One of these is enough; none holds for no text. */
    public static MatcherSet of(List<StringMatcher> matchers) {
        List<WireText> exact =
                matchers.stream()
                        .filter(MatcherSet::isExact)
                        .map(matcher -> ((StringMatcher.Exact) matcher).text())
                        .distinct()
                        .sorted(Comparator.comparingInt(text -> hash(text.bytes())))
                        .toList();
        return new MatcherSet(
                exact, matchers.stream().filter(matcher -> !isExact(matcher)).toList());
    }

    private static boolean isExact(StringMatcher matcher) {
        return matcher instanceof StringMatcher.Exact(_, var letterCase)
                && letterCase == LetterCase.SENSITIVE;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return hashes.length == 0 && others.isEmpty();
    }

    /** Whether one of them matches a wire text (one char a byte). */
    public boolean matches(CharSequence value) {
        return isAmongExact(value) || isAmongOthers(value);
    }

    private boolean isAmongExact(CharSequence value) {
        int hash = hashes.length == 0 ? 0 : hash(value);
        for (int i = firstOf(hash); i < hashes.length && hashes[i] == hash; i++) {
            if (exact.get(i).equalTo(value, LetterCase.SENSITIVE)) {
                return true;
            }
        }
        return false;
    }

    /** Index of the first exact text whose hash is not below this. */
    private int firstOf(int hash) {
        int low = 0;
        int high = hashes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hashes[middle] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isAmongOthers(CharSequence value) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).matches(value)) {
                return true;
            }
        }
        return false;
    }

    private static int hash(CharSequence text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
