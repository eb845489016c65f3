package dev.sluice.proxy.filter.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.jwt.TokenCheck.Result.Valid;
import dev.sluice.proxy.snapshot.filter.JwtSpec.ClaimHeader;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Forwarding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Kept;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Padding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows the upstream what a valid token says, and nothing that a client says in its place. */
public final class TokenForwarder {
    private TokenForwarder() {}

    /** Headers that only a valid token of one of these may set. */
    public static List<String> reserved(Collection<TokenProvider> providers) {
        return providers.stream()
                .map(TokenProvider::forwarding)
                .flatMap(TokenForwarder::headers)
                .distinct()
                .toList();
    }

    /** The request without these headers. */
    public static ExchangeView cleaned(List<String> reserved, ExchangeView request) {
        HeaderBlock came = request.head().headers();
        if (reserved.stream().noneMatch(came::contains)) {
            return request;
        }
        HeaderBlock headers = came.copy();
        reserved.forEach(headers::remove);
        return request.withHeaders(headers);
    }

    private static Stream<String> headers(Forwarding forwarding) {
        return Stream.concat(
                forwarding.payload().stream(),
                forwarding.claims().stream().map(ClaimHeader::header));
    }

    /** The request as the upstream shall see it after this token was found valid. */
    static ExchangeView forward(TokenProvider provider, Valid valid, ExchangeView request) {
        Forwarding forwarding = provider.forwarding();
        ExchangeView view =
                forwarding.token() == Kept.KEPT
                        ? request
                        : TokenSource.without(provider.sources(), request);
        if (headers(forwarding).findAny().isEmpty()) {
            return view;
        }
        HeaderBlock headers = view.head().headers().copy();
        forwarding
                .payload()
                .ifPresent(name -> headers.add(name, payload(valid, forwarding.padding())));
        for (ClaimHeader claim : forwarding.claims()) {
            String text = text(claim(valid.claims().getClaims(), claim.path()));
            if (text != null) {
                headers.add(claim.header(), WireText.of(text).bytes());
            }
        }
        return view.withHeaders(headers);
    }

    private static String payload(Valid valid, Padding padding) {
        Base64URL bare = valid.token().getPayload().toBase64URL();
        return padding == Padding.BARE
                ? bare.toString()
                : Base64.getUrlEncoder().encodeToString(bare.decode());
    }

    private static @Nullable Object claim(Map<String, Object> claims, List<String> path) {
        Object at = claims;
        for (String name : path) {
            at = at instanceof Map<?, ?> inner ? inner.get(name) : null;
        }
        return at;
    }

    /** Text, numbers and truth as they are; the rest as JSON in base64, as Envoy does. */
    private static @Nullable String text(@Nullable Object claim) {
        return switch (claim) {
            case null -> null;
            case String text -> text.chars().anyMatch(c -> c < ' ' || c == 0x7f) ? null : text;
            case Date date -> Long.toString(date.toInstant().getEpochSecond());
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Map<?, ?> map -> json(JSONObjectUtils.toJSONString(strings(map)));
            case List<?> list -> json(JSONArrayUtils.toJSONString(List.copyOf(list)));
            default -> null;
        };
    }

    private static String json(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }
}
