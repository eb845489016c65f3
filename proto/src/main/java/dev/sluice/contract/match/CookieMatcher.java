package dev.sluice.contract.match;

import java.util.Optional;

/**
 * How a cookie must be: the first of its name. Immutable.
 *
 * @param name its name, case-sensitive
 * @param value how its value must be; empty: any value will do
 * @param sense whether that must hold or fail; for a missing cookie it fails
 */
public record CookieMatcher(String name, Optional<StringMatcher> value, HeaderMatcher.Sense sense) {
    /** Whether the cookie of this request is so. */
    public boolean matches(RequestView request) {
        Optional<CharSequence> cookie = request.cookie(name);
        boolean holds =
                cookie.isPresent() && (value.isEmpty() || value.get().matches(cookie.get()));
        return holds == (sense == HeaderMatcher.Sense.HOLDS);
    }
}
