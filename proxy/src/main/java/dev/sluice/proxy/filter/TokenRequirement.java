package dev.sluice.proxy.filter;

import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.jwt.TokenCheck;
import dev.sluice.proxy.jwt.TokenCheck.Result;
import dev.sluice.proxy.jwt.TokenFault;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says whether a request's tokens meet a requirement. Thread-safe. */
final class TokenRequirement {
    private final Map<TokenProvider, TokenCheck> checks;
    private final InstantSource clock;

    TokenRequirement(List<TokenCheck> checks, InstantSource clock) {
        this.checks =
                checks.stream()
                        .collect(Collectors.toMap(TokenCheck::provider, Function.identity()));
        this.clock = clock;
    }

    /** What became of a requirement. */
    sealed interface Verdict {
        /**
         * The request may pass.
         *
         * @param view the request with what valid tokens say
         * @param failures whether a failure was allowed
         */
        record Met(ExchangeView view, boolean failures) implements Verdict {}

        record Unmet(TokenFault fault) implements Verdict {}
    }

    Verdict check(Requirement requirement, ExchangeView request) {
        return check(requirement, new Seen(request, request));
    }

    /**
     * @param request as it came, where tokens are looked for
     * @param view with what the tokens found valid so far say
     */
    private record Seen(ExchangeView request, ExchangeView view) {}

    private Verdict check(Requirement requirement, Seen seen) {
        return switch (requirement) {
            case Requirement.None() -> met(seen.view());
            case Requirement.Unknown(String _) -> new Verdict.Unmet(TokenFault.UNKNOWN_REQUIREMENT);
            case Requirement.Token(TokenProvider provider, List<String> audiences) ->
                    token(provider, audiences, seen);
            case Requirement.All(List<Requirement> of) -> all(of, seen);
            case Requirement.Any(List<Requirement> of) -> any(of, seen);
            case Requirement.MissingAllowed() -> lenient(seen, Leniency.MISSING);
            case Requirement.FailureAllowed() -> lenient(seen, Leniency.FAILURE);
        };
    }

    private static Verdict met(ExchangeView request) {
        return new Verdict.Met(request, /* failures= */ false);
    }

    /** All tokens must be valid: the upstream might take the wrong one. */
    private Verdict token(TokenProvider provider, List<String> audiences, Seen seen) {
        List<String> tokens = TokenSource.tokens(provider.sources(), seen.request());
        if (tokens.isEmpty()) {
            return new Verdict.Unmet(TokenFault.MISSING);
        }
        TokenCheck check = Objects.requireNonNull(checks.get(provider), "of the same spec");
        Instant now = clock.instant();
        ExchangeView view = seen.view();
        for (String token : tokens) {
            switch (check.check(token, audiences, now)) {
                case Result.Valid valid -> view = TokenForwarder.forward(provider, valid, view);
                case Result.Invalid(TokenFault fault) -> {
                    return new Verdict.Unmet(fault);
                }
            }
        }
        return met(view);
    }

    private Verdict all(List<Requirement> of, Seen seen) {
        ExchangeView view = seen.view();
        boolean failures = false;
        for (Requirement one : of) {
            switch (check(one, new Seen(seen.request(), view))) {
                case Verdict.Met(ExchangeView changed, boolean failed) -> {
                    view = changed;
                    failures |= failed;
                }
                case Verdict.Unmet unmet -> {
                    return unmet;
                }
            }
        }
        return new Verdict.Met(view, failures);
    }

    /** A fault of a token that is there says more than that another is absent. */
    private Verdict any(List<Requirement> of, Seen seen) {
        TokenFault fault = TokenFault.MISSING;
        for (Requirement one : of) {
            if (isLenient(one)) {
                continue;
            }
            switch (check(one, seen)) {
                case Verdict.Met met -> {
                    return met;
                }
                case Verdict.Unmet(TokenFault found) -> fault = graver(fault, found);
            }
        }
        if (of.contains(new Requirement.FailureAllowed())) {
            return new Verdict.Met(seen.view(), /* failures= */ fault != TokenFault.MISSING);
        }
        return fault.isAbsence() && of.contains(new Requirement.MissingAllowed())
                ? met(seen.view())
                : new Verdict.Unmet(fault);
    }

    private static TokenFault graver(TokenFault fault, TokenFault found) {
        return found.isAbsence() && !fault.isAbsence() ? fault : found;
    }

    private static boolean isLenient(Requirement requirement) {
        return requirement instanceof Requirement.MissingAllowed
                || requirement instanceof Requirement.FailureAllowed;
    }

    private enum Leniency {
        MISSING,
        FAILURE
    }

    /** Tokens of every provider are looked at; each by the one that issued it. */
    private Verdict lenient(Seen seen, Leniency leniency) {
        ExchangeView view = seen.view();
        boolean failures = false;
        for (TokenCheck check : checks.values()) {
            List<String> tokens = TokenSource.tokens(check.provider().sources(), seen.request());
            for (String token : tokens) {
                if (anotherIssued(check, token)) {
                    continue;
                }
                switch (check.check(token, List.of(), clock.instant())) {
                    case Result.Valid valid ->
                            view = TokenForwarder.forward(check.provider(), valid, view);
                    case Result.Invalid(TokenFault fault) -> {
                        if (leniency == Leniency.MISSING) {
                            return new Verdict.Unmet(fault);
                        }
                        failures = true;
                    }
                }
            }
        }
        return new Verdict.Met(view, failures);
    }

    /** A token that nobody issued is judged, and found wrong, by each. */
    private boolean anotherIssued(TokenCheck check, String token) {
        return !check.issued(token) && checks.values().stream().anyMatch(any -> any.issued(token));
    }
}
