package dev.sluice.proxy.resource.filter;

import dev.sluice.proxy.jwt.KeySet;
import dev.sluice.proxy.jwt.KeySet.MalformedException;
import dev.sluice.proxy.resource.read.DataSources;
import dev.sluice.proxy.resource.read.HttpUris;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.filter.KeySource.Fetching;
import dev.sluice.proxy.snapshot.filter.KeySource.Repeats;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwksAsyncFetch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks;
import java.time.Duration;
import java.util.Optional;

/** Reads where a token provider's keys come from; empty after a problem. Stateless. */
final class JwksParser {
    private static final Duration CACHED = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration BASE = Duration.ofSeconds(1);
    private static final int MOST_REPEATS = 100;

    private JwksParser() {}

    static Optional<KeySource> parse(JwtProvider proto, Spot at) {
        return switch (proto.getJwksSourceSpecifierCase()) {
            case LOCAL_JWKS -> {
                Spot spot = at.field("local_jwks");
                yield DataSources.text(proto.getLocalJwks(), spot)
                        .filter(text -> isKeySet(text, spot))
                        .map(KeySource.Local::new);
            }
            case REMOTE_JWKS -> remote(proto.getRemoteJwks(), at.field("remote_jwks"));
            case JWKSSOURCESPECIFIER_NOT_SET -> {
                at.add(
                        "no keys",
                        "local_jwks or remote_jwks",
                        "write the provider's key set, or where it is");
                yield Optional.empty();
            }
        };
    }

    private static boolean isKeySet(String text, Spot at) {
        try {
            KeySet.parse(text);
            return true;
        } catch (MalformedException malformed) {
            at.add(
                    malformed.what(),
                    "a JSON Web Key Set (RFC 7517) with RSA, EC, oct or Ed25519 keys",
                    "copy what the provider publishes at its jwks_uri");
            return false;
        }
    }

    private static Optional<KeySource> remote(RemoteJwks proto, Spot at) {
        int before = at.problems().count();
        Spot uri = at.field("http_uri");
        Optional<HttpUris.Place> place =
                HttpUris.parse(proto.getHttpUri(), "https://issuer/.well-known/jwks.json", uri);
        Duration timeout = Values.positive(proto.getHttpUri().getTimeout(), uri.field("timeout"));
        Duration cached =
                proto.hasCacheDuration()
                        ? Values.positive(proto.getCacheDuration(), at.field("cache_duration"))
                        : CACHED;
        Fetching fetching =
                proto.hasAsyncFetch()
                        ? ahead(proto.getAsyncFetch(), at.field("async_fetch"))
                        : new Fetching.WhenNeeded();
        Repeats repeats =
                proto.hasRetryPolicy()
                        ? repeats(proto.getRetryPolicy(), at.field("retry_policy"))
                        : Repeats.NONE;
        return at.problems().count() > before
                ? Optional.empty()
                : place.map(to ->
                        new KeySource.Remote(
                                new KeySource.Target(
                                        to.cluster(), to.authority(), to.path(), timeout),
                                cached,
                                fetching,
                                repeats));
    }

    private static Fetching ahead(JwksAsyncFetch proto, Spot at) {
        return new Fetching.Ahead(
                proto.hasFailedRefetchDuration()
                        ? Values.positive(
                                proto.getFailedRefetchDuration(),
                                at.field("failed_refetch_duration"))
                        : AFTER_FAILURE,
                proto.getFastListener() ? KeySource.Start.AT_ONCE : KeySource.Start.WITH_KEYS);
    }

    private static Repeats repeats(RetryPolicy proto, Spot at) {
        int most =
                proto.hasNumRetries()
                        ? Values.number(
                                proto.getNumRetries(), 0, MOST_REPEATS, at.field("num_retries"))
                        : 1;
        if (!proto.hasRetryBackOff()) {
            return new Repeats(most, BASE, BASE.multipliedBy(10));
        }
        Spot spot = at.field("retry_back_off");
        Duration base =
                Values.positive(
                        proto.getRetryBackOff().getBaseInterval(), spot.field("base_interval"));
        Duration longest =
                proto.getRetryBackOff().hasMaxInterval()
                        ? Values.positive(
                                proto.getRetryBackOff().getMaxInterval(),
                                spot.field("max_interval"))
                        : base.multipliedBy(10);
        if (longest.compareTo(base) < 0) {
            spot.field("max_interval")
                    .add(
                            longest.toString(),
                            "at least the base_interval " + base,
                            "raise it, or lower base_interval");
        }
        return new Repeats(most, base, longest);
    }
}
