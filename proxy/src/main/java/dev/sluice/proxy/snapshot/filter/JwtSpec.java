package dev.sluice.proxy.snapshot.filter;

import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests need a JSON Web Token, and of whom (Envoy {@code envoy.filters.http.jwt_authn}).
 * Immutable.
 *
 * @param providers all that issue tokens
 * @param rules the first that matches a request says what it needs; without one it needs nothing
 * @param named requirements to which routes refer by name
 * @param preflight what becomes of CORS preflight requests, which can't carry a token
 */
public record JwtSpec(
        List<TokenProvider> providers,
        List<Rule> rules,
        Map<String, Requirement> named,
        Preflight preflight) {
    public JwtSpec {
        providers = List.copyOf(providers);
        rules = List.copyOf(rules);
        named = Map.copyOf(named);
    }

    /** What becomes of CORS preflight requests. */
    public enum Preflight {
        CHECKED,
        PASSED
    }

    /**
     * What requests of one kind need.
     *
     * @param match the requests
     */
    public record Rule(RouteMatchSpec match, Requirement requirement) {}

    /** What a request needs. */
    public sealed interface Requirement {
        /** Nothing. */
        record None() implements Requirement {}

        /**
         * A valid token of this provider.
         *
         * @param audiences one of which it must be for; empty: any
         */
        record Token(TokenProvider provider, List<String> audiences) implements Requirement {
            public Token {
                audiences = List.copyOf(audiences);
            }
        }

        /** At least one of these. */
        record Any(List<Requirement> of) implements Requirement {
            public Any {
                of = List.copyOf(of);
            }
        }

        /** Each of these. */
        record All(List<Requirement> of) implements Requirement {
            public All {
                of = List.copyOf(of);
            }
        }

        /** No token, or a valid one of any provider. */
        record MissingAllowed() implements Requirement {}

        /** Whatever it has; what a valid token says is passed on. */
        record FailureAllowed() implements Requirement {}

        /** A requirement that no list of the listener holds under this name: nothing passes. */
        record Unknown(String name) implements Requirement {}
    }

    /**
     * Who issues tokens, and what becomes of a valid one.
     *
     * @param issuer that a token must name; absent: any
     * @param audiences one of which a token must be for; empty: any
     * @param subjects which subjects a token may name; absent: any, also none
     * @param keys that verify its tokens
     * @param sources where a request may hold the token
     */
    public record TokenProvider(
            String name,
            Optional<String> issuer,
            List<String> audiences,
            Optional<StringMatcher> subjects,
            Lifetime lifetime,
            KeySource keys,
            List<Source> sources,
            Forwarding forwarding,
            Optional<Cache> cache) {
        public TokenProvider {
            audiences = List.copyOf(audiences);
            sources = List.copyOf(sources);
        }
    }

    /**
     * How long tokens may be valid.
     *
     * @param expiration whether a token must say when it ends
     * @param longest from {@code iat} to {@code exp}; absent: any
     * @param skew by which clocks may differ
     */
    public record Lifetime(Expiration expiration, Optional<Duration> longest, Duration skew) {}

    /** Whether a token must say when it ends. */
    public enum Expiration {
        REQUIRED,
        OPTIONAL
    }

    /** Where a request may hold a token. */
    public sealed interface Source {
        /**
         * A field of the request.
         *
         * @param name lower-case
         * @param prefix before the token; may be empty
         */
        record Header(String name, String prefix) implements Source {}

        /** A query parameter. */
        record Parameter(String name) implements Source {}

        record Cookie(String name) implements Source {}
    }

    /**
     * What the upstream sees of a valid token.
     *
     * @param token whether the token itself stays in the request
     * @param payload header for its claims, base64url; absent: none
     * @param padding of that header
     * @param claims headers for single claims
     */
    public record Forwarding(
            Kept token, Optional<String> payload, Padding padding, List<ClaimHeader> claims) {
        public Forwarding {
            claims = List.copyOf(claims);
        }
    }

    /** Whether something stays in the request. */
    public enum Kept {
        KEPT,
        REMOVED
    }

    /** Whether base64url text ends with {@code =} signs. */
    public enum Padding {
        PADDED,
        BARE
    }

    /**
     * A header that shows one claim.
     *
     * @param header lower-case
     * @param path names of claims, from the outermost inwards
     */
    public record ClaimHeader(String header, List<String> path) {
        public ClaimHeader {
            path = List.copyOf(path);
        }
    }

    /**
     * Tokens whose signature need not be verified again.
     *
     * @param tokens at most this many are kept
     * @param longest characters of a token that is kept
     */
    public record Cache(int tokens, int longest) {}
}
