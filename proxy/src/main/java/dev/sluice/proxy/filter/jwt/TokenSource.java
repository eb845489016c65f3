package dev.sluice.proxy.filter.jwt;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Source;
import java.util.ArrayList;
import java.util.List;

/** Finds the tokens of a request, and takes them out of it. Stateless. */
final class TokenSource {
    private TokenSource() {}

    /** Every token in these places, in their order. */
    static List<String> tokens(List<Source> sources, ExchangeView request) {
        List<String> tokens = new ArrayList<>(1);
        for (Source source : sources) {
            switch (source) {
                case Source.Header(String name, String prefix) ->
                        request.headerValues(name).forEach(value -> strip(value, prefix, tokens));
                case Source.Parameter(String name) ->
                        request.queryParameter(name).map(Object::toString).ifPresent(tokens::add);
                case Source.Cookie(String name) ->
                        request.cookie(name).map(Object::toString).ifPresent(tokens::add);
            }
        }
        return tokens;
    }

    /** The scheme of a credential is compared without case (RFC 9110 section 11.1). */
    private static void strip(CharSequence value, String prefix, List<String> tokens) {
        String text = value.toString();
        if (text.regionMatches(/* ignoreCase= */ true, 0, prefix, 0, prefix.length())) {
            tokens.add(text.substring(prefix.length()).strip());
        }
    }

    /** The request without what stands in these headers and query parameters; cookies stay. */
    static ExchangeView without(List<Source> sources, ExchangeView request) {
        HeaderBlock headers = request.head().headers().copy();
        RequestHead head = request.head();
        for (Source source : sources) {
            switch (source) {
                case Source.Header(String name, String prefix) -> headers.remove(name);
                case Source.Parameter(String name) ->
                        head = head.withPath(withoutParameter(head.path().toString(), name));
                case Source.Cookie(String name) -> {}
            }
        }
        return new ExchangeView(head.withHeaders(headers), request.path(), request.peer());
    }

    private static String withoutParameter(String target, String name) {
        int query = target.indexOf('?');
        if (query < 0) {
            return target;
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : target.substring(query + 1).split("&", -1)) {
            if (!parameter.equals(name) && !parameter.startsWith(name + "=")) {
                kept.add(parameter);
            }
        }
        String path = target.substring(0, query);
        return kept.isEmpty() ? path : path + "?" + String.join("&", kept);
    }
}
