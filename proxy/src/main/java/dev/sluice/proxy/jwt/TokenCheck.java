package dev.sluice.proxy.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Expiration;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Lifetime;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks tokens of one provider in the order of Envoy's filter. Thread-safe. */
public final class TokenCheck {
    private final TokenProvider provider;
    private final Optional<Cache<String, Signed>> signed;

    /**
     * A token whose signature was found good.
     *
     * @param by the keys of which one had made it: it is looked at anew by others
     */
    private record Signed(SignedJWT token, KeySet by) {}

    public TokenCheck(TokenProvider provider) {
        this.provider = provider;
        signed =
                provider.cache()
                        .map(cache -> Caffeine.newBuilder().maximumSize(cache.tokens()).build());
    }

    public TokenProvider provider() {
        return provider;
    }

    /** What a token turned out to be. */
    public sealed interface Result {
        record Valid(SignedJWT token, JWTClaimsSet claims) implements Result {}

        record Invalid(TokenFault fault) implements Result {}

        /** Only its signature is left to check, and the keys have to be fetched first. */
        record WantsKeys() implements Result {}
    }

    /** Whether this provider is the one that a token names. */
    public boolean issued(String text) {
        try {
            return isIssuer(SignedJWT.parse(text).getJWTClaimsSet());
        } catch (ParseException malformed) {
            return false;
        }
    }

    private boolean isIssuer(JWTClaimsSet claims) {
        return provider.issuer().map(issuer -> issuer.equals(claims.getIssuer())).orElse(true);
    }

    /**
     * Whether a token is valid now.
     *
     * @param audiences in place of the provider's own when there are any
     */
    public Result check(String text, List<String> audiences, Instant now, Keys keys) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Optional<TokenFault> fault =
                    claimFault(claims, audiences.isEmpty() ? provider.audiences() : audiences, now);
            return fault.<Result>map(Result.Invalid::new)
                    .orElseGet(() -> signature(text, token, claims, keys));
        } catch (ParseException malformed) {
            return new Result.Invalid(TokenFault.MALFORMED);
        }
    }

    private Result signature(String text, SignedJWT token, JWTClaimsSet claims, Keys keys) {
        return switch (keys) {
            case Keys.Wanted() -> new Result.WantsKeys();
            case Keys.Unreachable() -> new Result.Invalid(TokenFault.KEYS_UNREACHABLE);
            case Keys.Known(KeySet set) ->
                    signatureFault(text, token, set)
                            .<Result>map(Result.Invalid::new)
                            .orElseGet(() -> new Result.Valid(token, claims));
        };
    }

    @SuppressWarnings("ReferenceEquality") // the very set that found it good
    private Optional<TokenFault> signatureFault(String text, SignedJWT token, KeySet set) {
        Optional<Signed> known = signed.map(cache -> cache.getIfPresent(text));
        if (known.filter(earlier -> earlier.by() == set).isPresent()) {
            return Optional.empty();
        }
        Optional<TokenFault> fault = set.check(token);
        if (fault.isEmpty()) {
            remember(text, new Signed(token, set));
        }
        return fault;
    }

    private void remember(String text, Signed token) {
        provider.cache()
                .filter(cache -> text.length() <= cache.longest())
                .flatMap(cache -> signed)
                .ifPresent(cache -> cache.put(text, token));
    }

    private Optional<TokenFault> claimFault(
            JWTClaimsSet claims, List<String> audiences, Instant now) {
        if (!isIssuer(claims)) {
            return Optional.of(TokenFault.UNKNOWN_ISSUER);
        }
        if (provider.subjects()
                .filter(allowed -> !isAllowed(allowed, claims.getSubject()))
                .isPresent()) {
            return Optional.of(TokenFault.WRONG_SUBJECT);
        }
        Optional<TokenFault> time = timeFault(claims, provider.lifetime(), now);
        if (time.isPresent()) {
            return time;
        }
        return audiences.isEmpty() || claims.getAudience().stream().anyMatch(audiences::contains)
                ? Optional.empty()
                : Optional.of(TokenFault.WRONG_AUDIENCE);
    }

    private static boolean isAllowed(StringMatcher allowed, @Nullable String subject) {
        return subject != null && allowed.matches(WireText.of(subject).bytes());
    }

    private static Optional<TokenFault> timeFault(
            JWTClaimsSet claims, Lifetime lifetime, Instant now) {
        Date ends = claims.getExpirationTime();
        Date begins = claims.getNotBeforeTime();
        if (ends == null) {
            if (lifetime.expiration() == Expiration.REQUIRED || lifetime.longest().isPresent()) {
                return Optional.of(TokenFault.EXPIRATION_MISSING);
            }
        } else if (now.isAfter(ends.toInstant().plus(lifetime.skew()))) {
            return Optional.of(TokenFault.EXPIRED);
        } else if (livesTooLong(claims, ends, lifetime, now)) {
            return Optional.of(TokenFault.LIVES_TOO_LONG);
        }
        return begins != null && now.isBefore(begins.toInstant().minus(lifetime.skew()))
                ? Optional.of(TokenFault.NOT_YET_VALID)
                : Optional.empty();
    }

    /** From its issue or, when it does not tell that, from now. */
    private static boolean livesTooLong(
            JWTClaimsSet claims, Date ends, Lifetime lifetime, Instant now) {
        Instant from = claims.getIssueTime() == null ? now : claims.getIssueTime().toInstant();
        return lifetime.longest()
                .filter(longest -> from.plus(longest).isBefore(ends.toInstant()))
                .isPresent();
    }
}
