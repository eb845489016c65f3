package dev.sluice.contract.decide;

import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.match.MatcherSet;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.RequestView;
import dev.sluice.contract.match.StringMatcher;
import java.util.List;
import java.util.Optional;

/** Who is in a cohort, made ready to be asked for each request. Immutable. */
public final class Cohort {
    private final CohortMatch says;
    private final RequestMatch match;
    private final MatcherSet include;
    private final MatcherSet exclude;

    public Cohort(CohortMatch says) {
        this.says = says;
        this.match = says.match();
        this.include = MatcherSet.of(says.include());
        this.exclude = MatcherSet.of(says.exclude());
    }

    /** Whether it takes a key to be in it. */
    boolean namesKeys() {
        return says.namesKeys();
    }

    /** Whether a request is like those in it, whatever its key. */
    boolean takes(RequestView request) {
        return match.matches(request);
    }

    /**
     * Whether it names a key.
     *
     * @param key its bytes, one char each
     */
    boolean holds(CharSequence key) {
        return (include.isEmpty() || include.matches(key)) && !exclude.matches(key);
    }

    /**
     * Whether somebody is in it, and why.
     *
     * @param key its bytes, one char each; empty: a request without one
     */
    public Membership membership(Optional<? extends CharSequence> key, PlainRequest request) {
        if (!takes(request)) {
            return new Membership(false, "the request is not like match");
        }
        if (!namesKeys()) {
            return new Membership(true, "it names no keys, and the request is like match");
        }
        if (key.isEmpty()) {
            return new Membership(false, "there is no key, and it names keys");
        }
        Optional<String> out = first("exclude", says.exclude(), key.get());
        if (out.isPresent()) {
            return new Membership(false, out.get() + " has the key");
        }
        return first("include", says.include(), key.get())
                .map(in -> new Membership(true, in + " has the key"))
                .orElseGet(() ->
                        says.include().isEmpty()
                                ? new Membership(true, "it has every key but those excluded")
                                : new Membership(false, "include does not have the key"));
    }

    private static Optional<String> first(
            String list, List<StringMatcher> matchers, CharSequence key) {
        for (int i = 0; i < matchers.size(); i++) {
            if (matchers.get(i).matches(key)) {
                return Optional.of(list + "[" + i + "]");
            }
        }
        return Optional.empty();
    }

    /**
     * Whether somebody is in a cohort.
     *
     * @param explanation why, for people
     */
    public record Membership(boolean member, String explanation) {}
}
