package dev.sluice.e2e.simulation.trouble;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is left of a list when all is taken out that has no part in a failure: by halves first, then
 * by ever smaller pieces, one by one at last. With enough tries nothing more can go alone.
 */
public final class Least {
    private Least() {}

    /**
     * Takes out as much as it can.
     *
     * @param all with which it fails
     * @param fails whether it fails in the same way with only some of them, in the same order
     * @param tries how often {@code fails} is asked at most
     * @return with which it still fails, in the same order
     */
    public static <T> List<T> of(List<T> all, Predicate<List<T>> fails, int tries) {
        Search<T> search = new Search<>(all, fails, tries);
        search.takeOut(all.size());
        for (int size = (all.size() + 1) / 2; size > 1; size = (size + 1) / 2) {
            search.takeOut(size);
        }
        while (search.takeOut(1)) {
            // what could not go before may go now
        }
        return search.left;
    }

    /** Used by one thread. */
    private static final class Search<T> {
        private final Predicate<List<T>> fails;
        private List<T> left;
        private int tries;

        Search(List<T> all, Predicate<List<T>> fails, int tries) {
            left = List.copyOf(all);
            this.fails = fails;
            this.tries = tries;
        }

        /** Tries each piece of this size; whether one could go. */
        boolean takeOut(int size) {
            int before = left.size();
            int from = 0;
            while (from < left.size() && tries > 0) {
                List<T> rest = new ArrayList<>(left);
                rest.subList(from, Math.min(from + size, left.size())).clear();
                tries--;
                if (fails.test(rest)) {
                    left = List.copyOf(rest);
                } else {
                    from += size;
                }
            }
            return left.size() < before;
        }
    }
}
