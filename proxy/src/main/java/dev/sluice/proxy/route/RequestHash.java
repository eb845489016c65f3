package dev.sluice.proxy.route;

import dev.sluice.contract.decide.AddressText;
import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import net.openhft.hashing.LongHashFunction;

/**
 * The hash of a request by a route's hash policies: xxHash64 of each value found, joined as in
 * Envoy (rotate left by one, exclusive or), so that a client falls into the same interval there and
 * here. Immutable.
 *
 * @param policies in their order
 */
record RequestHash(List<HashPolicySpec> policies) {
    private static final LongHashFunction XX_HASH_64 = LongHashFunction.xx();

    RequestHash {
        policies = List.copyOf(policies);
    }

    /** The hash; empty when no policy found a value. */
    OptionalLong of(RequestView request) {
        return of(request, cookie -> Optional.empty());
    }

    /**
     * The hash; empty when no policy found a value.
     *
     * @param issued value of a cookie that the client has not, but will be given
     */
    OptionalLong of(RequestView request, Function<Source.Cookie, Optional<String>> issued) {
        boolean found = false;
        long hash = 0;
        for (HashPolicySpec policy : policies) {
            OptionalLong next = one(policy.source(), request, issued);
            if (next.isPresent()) {
                hash = found ? Long.rotateLeft(hash, 1) ^ next.getAsLong() : next.getAsLong();
                found = true;
                if (policy.terminal()) {
                    break;
                }
            }
        }
        return found ? OptionalLong.of(hash) : OptionalLong.empty();
    }

    private static OptionalLong one(
            Source source, RequestView request, Function<Source.Cookie, Optional<String>> issued) {
        return switch (source) {
            case Source.Header(String name) -> header(request.headerValues(name));
            case Source.Cookie cookie ->
                    text(
                            request.cookie(cookie.name())
                                    .filter(value -> !value.isEmpty())
                                    .or(() -> issued.apply(cookie)));
            case Source.QueryParameter(String name) ->
                    request.queryParameter(name)
                            .map(value -> OptionalLong.of(hash(value)))
                            .orElseGet(OptionalLong::empty);
            case Source.SourceIp() ->
                    text(AddressText.of(request.peerAddress()).map(address -> address));
        };
    }

    /** Several values are sorted first, so that their order on the wire does not count. */
    private static OptionalLong header(List<? extends CharSequence> values) {
        if (values.isEmpty()) {
            return OptionalLong.empty();
        }
        if (values.size() == 1) {
            return OptionalLong.of(hash(values.getFirst()));
        }
        long seed = 0;
        for (String value : values.stream().map(CharSequence::toString).sorted().toList()) {
            seed = LongHashFunction.xx(seed).hashBytes(value.getBytes(StandardCharsets.ISO_8859_1));
        }
        return OptionalLong.of(seed);
    }

    private static OptionalLong text(Optional<CharSequence> value) {
        return value.isPresent() && !value.get().isEmpty()
                ? OptionalLong.of(hash(value.get()))
                : OptionalLong.empty();
    }

    private static long hash(CharSequence value) {
        return XX_HASH_64.hashBytes(value.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
