package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.Problem;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Cache;
import dev.sluice.proxy.snapshot.filter.JwtSpec.ClaimHeader;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Expiration;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Forwarding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Kept;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Lifetime;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Padding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Preflight;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Source;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.filter.KeySource;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtCacheConfig;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the JWT filter; empty after a problem. Stateless. */
final class JwtParser {
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int CACHED = 100;
    private static final int LONGEST_CACHED = 4096;
    private static final List<Source> USUAL_SOURCES =
            List.of(
                    new Source.Header("authorization", "Bearer "),
                    new Source.Parameter("access_token"));

    private JwtParser() {}

    static Optional<JwtSpec> parse(JwtAuthentication proto, Spot at) {
        int before = at.problems().count();
        Map<String, TokenProvider> providers = new TreeMap<>();
        new TreeMap<>(proto.getProvidersMap())
                .forEach((name, provider) ->
                        provider(name, provider, at.field("providers").key(name))
                                .ifPresent(found -> providers.put(name, found)));
        if (at.problems().count() > before) {
            return Optional.empty();
        }
        JwtRequirements requirements = new JwtRequirements(providers);
        Map<String, JwtSpec.Requirement> named =
                requirements.named(proto.getRequirementMapMap(), at.field("requirement_map"));
        List<JwtSpec.Rule> rules =
                requirements.rules(proto.getRulesList(), named, at.field("rules"));
        Preflight preflight = proto.getBypassCorsPreflight() ? Preflight.PASSED : Preflight.CHECKED;
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new JwtSpec(List.copyOf(providers.values()), rules, named, preflight));
    }

    private static Optional<TokenProvider> provider(String name, JwtProvider proto, Spot at) {
        int before = at.problems().count();
        Optional<KeySource> keys = JwksParser.parse(proto, at);
        Optional<StringMatcher> subjects =
                proto.hasSubjects()
                        ? MatcherParser.string(proto.getSubjects(), at.field("subjects").problems())
                        : Optional.empty();
        Lifetime lifetime = lifetime(proto, at);
        List<Source> sources = sources(proto, at);
        Forwarding forwarding = forwarding(proto, at);
        Optional<Cache> cache =
                proto.hasJwtCacheConfig()
                        ? Optional.of(cache(proto.getJwtCacheConfig(), at))
                        : Optional.empty();
        Optional<String> issuer = Optional.of(proto.getIssuer()).filter(text -> !text.isEmpty());
        return at.problems().count() > before
                ? Optional.empty()
                : keys.map(set ->
                        new TokenProvider(
                                name,
                                issuer,
                                proto.getAudiencesList(),
                                subjects,
                                lifetime,
                                set,
                                sources,
                                forwarding,
                                cache));
    }

    private static Lifetime lifetime(JwtProvider proto, Spot at) {
        Optional<Duration> longest =
                proto.hasMaxLifetime()
                        ? Optional.of(
                                Values.duration(proto.getMaxLifetime(), at.field("max_lifetime")))
                        : Optional.empty();
        Duration skew =
                proto.getClockSkewSeconds() == 0
                        ? SKEW
                        : Duration.ofSeconds(Integer.toUnsignedLong(proto.getClockSkewSeconds()));
        Expiration expiration =
                proto.getRequireExpiration() ? Expiration.REQUIRED : Expiration.OPTIONAL;
        return new Lifetime(expiration, longest, skew);
    }

    private static List<Source> sources(JwtProvider proto, Spot at) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < proto.getFromHeadersCount(); i++) {
            JwtHeader header = proto.getFromHeaders(i);
            headerName(header.getName(), at.field("from_headers").index(i).field("name"))
                    .ifPresent(
                            name -> sources.add(new Source.Header(name, header.getValuePrefix())));
        }
        proto.getFromParamsList().forEach(name -> sources.add(new Source.Parameter(name)));
        proto.getFromCookiesList().forEach(name -> sources.add(new Source.Cookie(name)));
        return sources.isEmpty() ? USUAL_SOURCES : sources;
    }

    private static Forwarding forwarding(JwtProvider proto, Spot at) {
        List<ClaimHeader> claims = new ArrayList<>();
        for (int i = 0; i < proto.getClaimToHeadersCount(); i++) {
            JwtClaimToHeader claim = proto.getClaimToHeaders(i);
            Spot spot = at.field("claim_to_headers").index(i);
            if (claim.getClaimName().isEmpty()) {
                spot.field("claim_name").add("nothing", "a claim", "name it");
            }
            headerName(claim.getHeaderName(), spot.field("header_name"))
                    .ifPresent(name ->
                            claims.add(
                                    new ClaimHeader(
                                            name, List.of(claim.getClaimName().split("\\.", -1)))));
        }
        Optional<String> payload =
                proto.getForwardPayloadHeader().isEmpty()
                        ? Optional.empty()
                        : headerName(
                                proto.getForwardPayloadHeader(),
                                at.field("forward_payload_header"));
        return new Forwarding(
                proto.getForward() ? Kept.KEPT : Kept.REMOVED,
                payload,
                proto.getPadForwardPayloadHeader() ? Padding.PADDED : Padding.BARE,
                claims);
    }

    private static Optional<String> headerName(String name, Spot at) {
        if (name.startsWith(":") || name.equalsIgnoreCase("host")) {
            at.add(Problem.quote(name), "a header, not a pseudo-header", "choose another name");
            return Optional.empty();
        }
        return MatcherParser.headerName(name, at.problems());
    }

    private static Cache cache(JwtCacheConfig proto, Spot at) {
        Spot spot = at.field("jwt_cache_config");
        return new Cache(
                orDefault(proto.getJwtCacheSize(), CACHED, spot.field("jwt_cache_size")),
                orDefault(
                        proto.getJwtMaxTokenSize(),
                        LONGEST_CACHED,
                        spot.field("jwt_max_token_size")));
    }

    private static int orDefault(int value, int usual, Spot at) {
        if (value < 0) {
            at.add(
                    Integer.toUnsignedString(value),
                    "at most " + Integer.MAX_VALUE,
                    "write a smaller number");
        }
        return value == 0 ? usual : value;
    }
}
