package dev.sluice.proxy.admin;

import dev.sluice.proxy.exchange.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A request to the admin endpoint. Immutable.
 *
 * @param method such as {@code GET}
 * @param segments of the path, percent-decoded
 * @param parameters of the query, in order
 * @param authorization value of the header
 * @param accept which formats the client takes; empty: it does not say
 * @param body as text; empty without
 */
record AdminRequest(
        String method,
        List<String> segments,
        List<Parameter> parameters,
        Optional<String> authorization,
        String accept,
        String body) {
    AdminRequest {
        segments = List.copyOf(segments);
        parameters = List.copyOf(parameters);
    }

    record Parameter(String name, String value) {}

    static AdminRequest parse(RequestHead head, String body) {
        String target = head.path().toString();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(decode(segment));
            }
        }
        return new AdminRequest(
                head.method().toString(),
                segments,
                parameters(query < 0 ? "" : target.substring(query + 1)),
                Optional.ofNullable(head.headers().first("authorization"))
                        .map(CharSequence::toString),
                Objects.toString(head.headers().first("accept"), ""),
                body);
    }

    /** The parameters of a query or a form, in order. */
    static List<Parameter> parameters(String form) {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : form.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (!name.isEmpty()) {
                String value = equals < 0 ? "" : part.substring(equals + 1);
                parameters.add(new Parameter(decode(name), decode(value)));
            }
        }
        return parameters;
    }

    /** First value of a parameter. */
    Optional<String> parameter(String name) {
        return all(name).stream().findFirst();
    }

    /** Whether a parameter is there, with or without a value. */
    boolean has(String name) {
        return parameter(name).isPresent();
    }

    /** All values of a parameter. */
    List<String> all(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .toList();
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEncoding) {
            return text;
        }
    }
}
