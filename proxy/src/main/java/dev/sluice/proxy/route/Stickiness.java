package dev.sluice.proxy.route;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.IssuedCookie;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.openhft.hashing.LongHashFunction;

/**
 * What keeps a client with an endpoint. Immutable.
 *
 * @param hash of the request; absent: nothing does
 * @param setCookies values of {@code set-cookie} that the answer carries, so that the client comes
 *     back with the same hash
 */
public record Stickiness(OptionalLong hash, List<String> setCookies) {
    /** Any endpoint will do. */
    public static final Stickiness NONE = new Stickiness(OptionalLong.empty(), List.of());

    public Stickiness {
        setCookies = List.copyOf(setCookies);
    }

    /**
     * Follows a route's hash policies.
     *
     * @param connection name of the client's connection, such as both addresses: a cookie is made
     *     of it, so that requests of one connection that race get the same
     */
    public static Stickiness of(
            List<HashPolicySpec> policies, RequestView request, String connection) {
        if (policies.isEmpty()) {
            return NONE;
        }
        List<String> setCookies = new ArrayList<>();
        OptionalLong hash =
                new RequestHash(policies)
                        .of(request, cookie -> issue(cookie, connection, setCookies));
        return new Stickiness(hash, setCookies);
    }

    private static Optional<String> issue(
            Source.Cookie cookie, String connection, List<String> setCookies) {
        return cookie.issue()
                .map(issued -> {
                    byte[] name = connection.getBytes(StandardCharsets.UTF_8);
                    String value = String.format("%016x", LongHashFunction.xx().hashBytes(name));
                    setCookies.add(text(cookie.name(), value, issued));
                    return value;
                });
    }

    private static String text(String name, String value, IssuedCookie issued) {
        StringBuilder text = new StringBuilder(name).append("=\"").append(value).append('"');
        if (!issued.lifetime().isZero()) {
            text.append("; Max-Age=").append(issued.lifetime().toSeconds());
        }
        if (!issued.path().isEmpty()) {
            text.append("; Path=").append(issued.path());
        }
        for (IssuedCookie.Attribute attribute : issued.attributes()) {
            text.append("; ").append(attribute.name());
            if (!attribute.value().isEmpty()) {
                text.append('=').append(attribute.value());
            }
        }
        return text.append("; HttpOnly").toString();
    }
}
