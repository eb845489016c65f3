package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.Headers;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Messages as lines that compare: what may differ between two right answers is taken out. The rules
 * stand, in words, in {@code docs/envoy-differences.md} under "Not compared". Pure.
 */
final class Normalised {
    /** Told apart by name only. */
    private static final Set<String> ONLY_PRESENT = Set.of("date");

    /** Not compared at all; {@code connection} shows in what becomes of the connection. */
    private static final Set<String> DROPPED =
            Set.of("connection", "x-envoy-upstream-service-time");

    /** Of an answer that the proxy itself gives to a request it can't serve: its wording. */
    private static final Set<String> WORDING =
            Set.of("content-type", "content-length", "date", "server", "grpc-message");

    /** By these the proxies mark copies of requests, each in its own way. */
    private static final Set<String> MARKS_OF_COPIES =
            Set.of("x-envoy-internal", "x-sluice-mirror");

    /** Where Envoy says who made a copy, Sluice says nothing. */
    private static final Set<String> OF_COPIES =
            Set.of("x-envoy-internal", "x-sluice-mirror", "x-forwarded-for");

    private static final Set<String> MACHINE = addressesOfMachine();

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Normalised() {}

    static List<String> upstreamRequest(String upstream, H1Request request) {
        List<String> lines = new ArrayList<>();
        lines.add("upstream " + upstream + ": " + request.method() + " " + request.target());
        lines.addAll(indented(fields(request.headers(), leftOut(request.headers()))));
        lines.addAll(indented(content(request.body(), request.trailers())));
        return lines;
    }

    static List<String> upstreamRequest(String upstream, H2Message request) {
        List<String> lines = new ArrayList<>();
        lines.add("upstream " + upstream + ": " + request.method() + " " + request.path());
        lines.addAll(indented(fields(request.head(), leftOut(request.head()))));
        lines.addAll(indented(content(request.body(), request.trailers())));
        if (!(request.end() instanceof H2Message.End.Complete)) {
            lines.add("  " + request.end());
        }
        return lines;
    }

    private static Set<String> leftOut(Headers request) {
        return MARKS_OF_COPIES.stream().anyMatch(request::has) ? OF_COPIES : Set.of();
    }

    /** Header fields of an answer. */
    static List<String> answerHeaders(int status, Headers headers) {
        return fields(headers, isWording(status, headers) ? WORDING : Set.of());
    }

    /** Body and trailers of an answer. */
    static List<String> answerContent(int status, Headers headers, Body body, Headers trailers) {
        return isWording(status, headers) ? List.of() : content(body, trailers);
    }

    /** Direct answers are marked by the corpus, so that their bodies are compared. */
    private static boolean isWording(int status, Headers headers) {
        return (status >= 400 || headers.has("grpc-status"))
                && !headers.has(UpstreamAnswer.MARK)
                && !headers.has("x-direct");
    }

    private static List<String> fields(Headers headers, Set<String> left) {
        return headers.fields().stream()
                .filter(field -> !left.contains(lower(field.name())))
                .filter(field -> !DROPPED.contains(lower(field.name())) && !isUnasked(field))
                .map(field -> lower(field.name()) + ": " + value(field))
                .sorted()
                .toList();
    }

    /** Where the listener does not name it, Sluice alone says what is wrong. */
    private static boolean isUnasked(Headers.Field field) {
        return lower(field.name()).equals("proxy-status") && field.value().startsWith("sluice;");
    }

    private static String value(Headers.Field field) {
        if (ONLY_PRESENT.contains(lower(field.name()))) {
            return "…";
        }
        if (lower(field.name()).equals("x-forwarded-for")) {
            return withoutMachine(field.value());
        }
        return UUID.matcher(field.value()).replaceAll("<uuid>");
    }

    /** Of a client at loopback, Envoy tells another address of the machine. */
    private static String withoutMachine(String forwardedFor) {
        int last = forwardedFor.lastIndexOf(',') + 1;
        return MACHINE.contains(forwardedFor.substring(last).strip())
                ? forwardedFor.substring(0, last) + "<this machine>"
                : forwardedFor;
    }

    private static Set<String> addressesOfMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException unknown) {
            throw new IllegalStateException("no list of this machine's addresses", unknown);
        }
    }

    private static List<String> content(Body body, Headers trailers) {
        List<String> lines = new ArrayList<>();
        if (body.size() > 0) {
            lines.add("body: " + body);
        }
        fields(trailers, Set.of()).forEach(line -> lines.add("trailer " + line));
        return lines;
    }

    private static List<String> indented(List<String> lines) {
        return lines.stream().map(line -> "  " + line).toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
