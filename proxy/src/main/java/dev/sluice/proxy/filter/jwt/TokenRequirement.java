package dev.sluice.proxy.filter.jwt;

import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.jwt.TokenCheck;
import dev.sluice.proxy.jwt.TokenCheck.Result;
import dev.sluice.proxy.jwt.TokenFault;
import dev.sluice.proxy.keys.RemoteKeys;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.filter.KeySource;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says whether a request's tokens meet a requirement. Thread-safe. */
public final class TokenRequirement {
    private final Map<TokenProvider, Judge> judges;
    private final InstantSource clock;

    /** How the tokens of one provider are judged. */
    private record Judge(TokenCheck check, ProviderKeys keys) {
        TokenProvider provider() {
            return check.provider();
        }
    }

    private TokenRequirement(Map<TokenProvider, Judge> judges, InstantSource clock) {
        this.judges = judges;
        this.clock = clock;
    }

    public static TokenRequirement of(
            List<TokenProvider> providers,
            Function<KeySource.Remote, RemoteKeys> remote,
            InstantSource clock) {
        return new TokenRequirement(
                providers.stream()
                        .map(provider ->
                                new Judge(
                                        new TokenCheck(provider),
                                        ProviderKeys.of(provider.keys(), remote)))
                        .collect(Collectors.toMap(Judge::provider, Function.identity())),
                clock);
    }

    /** What became of a requirement. */
    public sealed interface Verdict {
        /**
         * The request may pass.
         *
         * @param view the request with what valid tokens say
         * @param failures whether a failure was allowed
         */
        record Met(ExchangeView view, boolean failures) implements Verdict {}

        record Unmet(TokenFault fault) implements Verdict {}

        /**
         * Other keys have to be asked for before there is a verdict.
         *
         * @param known that did not do
         */
        record Wants(RemoteKeys keys, Keys known) implements Verdict {}
    }

    public Verdict check(Requirement requirement, ExchangeView request, RequestKeys keys) {
        return check(requirement, new Seen(request, request, keys));
    }

    /**
     * @param request as it came, where tokens are looked for
     * @param view with what the tokens found valid so far say
     */
    private record Seen(ExchangeView request, ExchangeView view, RequestKeys keys) {
        Seen with(ExchangeView changed) {
            return new Seen(request, changed, keys);
        }
    }

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
        Judge judge = Objects.requireNonNull(judges.get(provider), "of the same spec");
        Verdict verdict = met(seen.view());
        for (String token : tokens) {
            if (!(verdict instanceof Verdict.Met(ExchangeView view, boolean _))) {
                return verdict;
            }
            verdict = judged(judge, token, audiences, seen.with(view));
        }
        return verdict;
    }

    private Verdict judged(Judge judge, String token, List<String> audiences, Seen seen) {
        Keys keys = seen.keys().of(judge.keys());
        return switch (judge.check().check(token, audiences, clock.instant(), keys)) {
            case Result.Valid valid ->
                    met(TokenForwarder.forward(judge.provider(), valid, seen.view()));
            case Result.WantsKeys() ->
                    wants(seen.keys().first(judge.keys()), keys, TokenFault.KEYS_UNREACHABLE);
            case Result.Invalid(TokenFault fault) ->
                    fault == TokenFault.UNKNOWN_KEY
                            ? wants(seen.keys().newer(judge.keys()), keys, fault)
                            : new Verdict.Unmet(fault);
        };
    }

    private static Verdict wants(Optional<RemoteKeys> remote, Keys known, TokenFault otherwise) {
        return remote.<Verdict>map(ask -> new Verdict.Wants(ask, known))
                .orElseGet(() -> new Verdict.Unmet(otherwise));
    }

    private Verdict all(List<Requirement> of, Seen seen) {
        ExchangeView view = seen.view();
        boolean failures = false;
        for (Requirement one : of) {
            switch (check(one, seen.with(view))) {
                case Verdict.Met(ExchangeView changed, boolean failed) -> {
                    view = changed;
                    failures |= failed;
                }
                case Verdict.Unmet unmet -> {
                    return unmet;
                }
                case Verdict.Wants wants -> {
                    return wants;
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
                case Verdict.Wants wants -> {
                    return wants;
                }
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
        for (Judge judge : judges.values()) {
            List<String> tokens = TokenSource.tokens(judge.provider().sources(), seen.request());
            for (String token : tokens) {
                if (anotherIssued(judge.check(), token)) {
                    continue;
                }
                switch (judged(judge, token, List.of(), seen.with(view))) {
                    case Verdict.Met(ExchangeView changed, boolean _) -> view = changed;
                    case Verdict.Unmet unmet -> {
                        if (leniency == Leniency.MISSING) {
                            return unmet;
                        }
                        failures = true;
                    }
                    case Verdict.Wants wants -> {
                        return wants;
                    }
                }
            }
        }
        return new Verdict.Met(view, failures);
    }

    /** A token that nobody issued is judged, and found wrong, by each. */
    private boolean anotherIssued(TokenCheck check, String token) {
        return !check.issued(token)
                && judges.values().stream().anyMatch(any -> any.check().issued(token));
    }
}
