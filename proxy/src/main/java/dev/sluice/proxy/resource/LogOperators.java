package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.log.LogFact;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.proxy.snapshot.log.LogPart.Block;
import dev.sluice.proxy.snapshot.log.LogPart.End;
import dev.sluice.proxy.snapshot.log.LogPart.GrpcForm;
import dev.sluice.proxy.snapshot.log.LogPart.Portion;
import dev.sluice.proxy.snapshot.log.TimePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads single command operators of Envoy's access logs. Stateless.
 *
 * <h2>Three classes</h2>
 *
 * As with fields: an operator is implemented; or inert, since this proxy has no such value, and so
 * always written as a value that there is not; or unknown and refused.
 */
final class LogOperators {
    private static final int ALL = Integer.MAX_VALUE;
    private static final String FIELD = "a header name, or two with ? between";
    private static final Pattern NAME = Pattern.compile(":?[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private static final Map<String, LogPart.Address> ADDRESSES =
            Map.of(
                    "DOWNSTREAM_REMOTE_ADDRESS", address(End.DOWNSTREAM_REMOTE, Portion.WHOLE),
                    "DOWNSTREAM_REMOTE_PORT", address(End.DOWNSTREAM_REMOTE, Portion.PORT),
                    "DOWNSTREAM_LOCAL_ADDRESS", address(End.DOWNSTREAM_LOCAL, Portion.WHOLE),
                    "DOWNSTREAM_LOCAL_PORT", address(End.DOWNSTREAM_LOCAL, Portion.PORT),
                    "UPSTREAM_REMOTE_ADDRESS", address(End.UPSTREAM_REMOTE, Portion.WHOLE),
                    "UPSTREAM_REMOTE_PORT", address(End.UPSTREAM_REMOTE, Portion.PORT));

    private static final Map<String, End> BARE_ADDRESSES =
            Map.of(
                    "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", End.DOWNSTREAM_REMOTE,
                    "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", End.DOWNSTREAM_LOCAL,
                    "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", End.UPSTREAM_REMOTE);

    /** Operators of Envoy that have no value here. */
    private static final Set<String> INERT =
            Set.of(
                    "BYTES_RETRANSMITTED",
                    "CLUSTER_METADATA",
                    "COMMON_DURATION",
                    "CONNECTION_ID",
                    "CONNECTION_TERMINATION_DETAILS",
                    "CUSTOM_FLAGS",
                    "DOWNSTREAM_DETECTED_CLOSE_TYPE",
                    "DOWNSTREAM_DIRECT_LOCAL_ADDRESS",
                    "DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT",
                    "DOWNSTREAM_DIRECT_LOCAL_PORT",
                    "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
                    "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
                    "DOWNSTREAM_DIRECT_REMOTE_PORT",
                    "DOWNSTREAM_HANDSHAKE_DURATION",
                    "DOWNSTREAM_HEADER_BYTES_RECEIVED",
                    "DOWNSTREAM_HEADER_BYTES_SENT",
                    "DOWNSTREAM_LOCAL_CLOSE_REASON",
                    "DOWNSTREAM_LOCAL_DNS_SAN",
                    "DOWNSTREAM_LOCAL_SUBJECT",
                    "DOWNSTREAM_LOCAL_URI_SAN",
                    "DOWNSTREAM_PEER_CERT",
                    "DOWNSTREAM_PEER_CERT_V_END",
                    "DOWNSTREAM_PEER_CERT_V_START",
                    "DOWNSTREAM_PEER_DNS_SAN",
                    "DOWNSTREAM_PEER_FINGERPRINT_1",
                    "DOWNSTREAM_PEER_FINGERPRINT_256",
                    "DOWNSTREAM_PEER_ISSUER",
                    "DOWNSTREAM_PEER_SERIAL",
                    "DOWNSTREAM_PEER_SUBJECT",
                    "DOWNSTREAM_PEER_URI_SAN",
                    "DOWNSTREAM_TLS_CIPHER",
                    "DOWNSTREAM_TLS_SESSION_ID",
                    "DOWNSTREAM_TLS_VERSION",
                    "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
                    "DOWNSTREAM_WIRE_BYTES_RECEIVED",
                    "DOWNSTREAM_WIRE_BYTES_SENT",
                    "FILTER_CHAIN_NAME",
                    "FILTER_STATE",
                    "REQUEST_HEADERS_BYTES",
                    "REQUEST_TX_DURATION",
                    "RESPONSE_HEADERS_BYTES",
                    "RESPONSE_TRAILERS_BYTES",
                    "ROUNDTRIP_DURATION",
                    "TLS_JA3_FINGERPRINT",
                    "TLS_JA4_FINGERPRINT",
                    "TRACE_ID",
                    "UPSTREAM_CONNECTION_ID",
                    "UPSTREAM_CONNECTION_POOL_READY_DURATION",
                    "UPSTREAM_FILTER_STATE",
                    "UPSTREAM_HEADER_BYTES_RECEIVED",
                    "UPSTREAM_HEADER_BYTES_SENT",
                    "UPSTREAM_HOST_NAME",
                    "UPSTREAM_HOST_NAME_WITHOUT_PORT",
                    "UPSTREAM_LOCAL_ADDRESS",
                    "UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
                    "UPSTREAM_LOCAL_PORT",
                    "UPSTREAM_METADATA",
                    "UPSTREAM_PEER_CERT",
                    "UPSTREAM_PEER_DNS_SAN",
                    "UPSTREAM_PEER_ISSUER",
                    "UPSTREAM_PEER_SUBJECT",
                    "UPSTREAM_PEER_URI_SAN",
                    "UPSTREAM_PROTOCOL",
                    "UPSTREAM_TLS_CIPHER",
                    "UPSTREAM_TLS_SESSION_ID",
                    "UPSTREAM_TLS_VERSION",
                    "UPSTREAM_TRANSPORT_FAILURE_REASON",
                    "UPSTREAM_WIRE_BYTES_RECEIVED",
                    "UPSTREAM_WIRE_BYTES_SENT",
                    "VIRTUAL_CLUSTER_NAME");

    private LogOperators() {}

    /**
     * An operator as it is written.
     *
     * @param text the whole, for messages
     * @param name of the operator
     * @param argument between the brackets; empty without
     * @param length digits after the colon; empty without
     */
    record Call(String text, String name, String argument, String length) {}

    /** What it shows; empty after a problem. */
    static Optional<LogPart> parse(Call call, Spot at) {
        return switch (call.name()) {
            case "START_TIME" -> withoutLength(call, at).flatMap(plain -> start(plain, at));
            case "REQ", "REQUEST_HEADER" -> field(Block.REQUEST, call, at);
            case "RESP", "RESPONSE_HEADER" -> field(Block.RESPONSE, call, at);
            case "TRAILER", "RESPONSE_TRAILER" -> field(Block.TRAILERS, call, at);
            case "GRPC_STATUS" -> withoutLength(call, at).flatMap(plain -> grpc(plain, at));
            case "DYNAMIC_METADATA" -> metadata(call, at);
            case "ENVIRONMENT" -> environment(call, at);
            case "HOSTNAME" -> bare(call, at).map(plain -> new LogPart.Settled(hostName()));
            default -> other(call, at);
        };
    }

    private static Optional<LogPart> other(Call call, Spot at) {
        if (ADDRESSES.containsKey(call.name())) {
            return bare(call, at).map(plain -> ADDRESSES.get(plain.name()));
        }
        if (BARE_ADDRESSES.containsKey(call.name())) {
            return withoutLength(call, at).flatMap(plain -> masked(plain, at));
        }
        if (INERT.contains(call.name())) {
            at.inert();
            return Optional.of(new LogPart.Settled(Optional.empty()));
        }
        Optional<LogFact> fact =
                Arrays.stream(LogFact.values())
                        .filter(one -> one.name().equals(call.name()))
                        .findFirst();
        if (fact.isEmpty()) {
            at.add(
                    "operator " + Problem.quote(call.text()),
                    "a command operator that this proxy knows",
                    "correct its name, or remove it; docs/reference/proxy.md lists them");
        }
        return fact.flatMap(known -> bare(call, at).map(plain -> new LogPart.Fact(known)));
    }

    private static Optional<LogPart> start(Call call, Spot at) {
        if (call.argument().isEmpty()) {
            return Optional.of(new LogPart.Start(TimePattern.STANDARD));
        }
        Optional<String> unknown = TimePattern.unknownIn(call.argument());
        if (unknown.isPresent()) {
            at.add(
                    Problem.quote(unknown.get()) + " in " + Problem.quote(call.text()),
                    "conversions of strftime, %s, and %f or %1f..%9f",
                    "use a known conversion");
            return Optional.empty();
        }
        return Optional.of(new LogPart.Start(new TimePattern(call.argument())));
    }

    private static Optional<LogPart> field(Block block, Call call, Spot at) {
        String[] names = call.argument().split("\\?", -1);
        boolean good = names.length <= 2;
        for (String name : names) {
            good &= NAME.matcher(name).matches();
        }
        if (!good) {
            at.add(Problem.quote(call.text()), FIELD, "write %REQ(NAME)% or %REQ(NAME?OTHER)%");
            return Optional.empty();
        }
        Optional<String> alternative =
                names.length == 2 ? Optional.of(lowerCase(names[1])) : Optional.empty();
        return Optional.of(
                new LogPart.Field(block, lowerCase(names[0]), alternative, length(call)));
    }

    private static Optional<LogPart> grpc(Call call, Spot at) {
        if (call.argument().isEmpty()) {
            return Optional.of(new LogPart.Grpc(GrpcForm.CAMEL_STRING));
        }
        Optional<LogPart> form =
                Arrays.stream(GrpcForm.values())
                        .filter(one -> one.name().equals(call.argument()))
                        .findFirst()
                        .map(LogPart.Grpc::new);
        if (form.isEmpty()) {
            at.add(
                    Problem.quote(call.text()),
                    "CAMEL_STRING, SNAKE_STRING or NUMBER",
                    "choose one of these");
        }
        return form;
    }

    /** Only the namespaces of this proxy ever hold something; others are those of filters. */
    private static Optional<LogPart> metadata(Call call, Spot at) {
        String[] path = call.argument().split(":", -1);
        if (Arrays.stream(path).anyMatch(String::isEmpty)) {
            at.add(
                    Problem.quote(call.text()),
                    "a namespace, and keys with : between",
                    "write %DYNAMIC_METADATA(sluice.gate:arm)%");
            return Optional.empty();
        }
        if (!LogMetadata.KEYS.containsKey(path[0])) {
            at.inert();
            return Optional.of(new LogPart.Settled(Optional.empty()));
        }
        if (path.length > 2 || (path.length == 2 && !LogMetadata.keys(path[0]).contains(path[1]))) {
            at.add(
                    Problem.quote(call.text()),
                    path[0] + " with one of " + String.join(", ", LogMetadata.keys(path[0])),
                    "choose one of these, or name the namespace alone");
            return Optional.empty();
        }
        return Optional.of(
                new LogPart.Metadata(
                        path[0],
                        path.length == 2 ? Optional.of(path[1]) : Optional.empty(),
                        length(call)));
    }

    private static Optional<LogPart> environment(Call call, Spot at) {
        if (call.argument().isEmpty()) {
            at.add(
                    Problem.quote(call.text()),
                    "the name of a variable",
                    "write %ENVIRONMENT(NAME)%");
            return Optional.empty();
        }
        Optional<String> value =
                Optional.ofNullable(System.getenv(call.argument()))
                        .map(text -> text.substring(0, Math.min(text.length(), length(call))));
        return Optional.of(new LogPart.Settled(value));
    }

    private static Optional<LogPart> masked(Call call, Spot at) {
        End end = BARE_ADDRESSES.getOrDefault(call.name(), End.DOWNSTREAM_REMOTE);
        if (call.argument().isEmpty()) {
            return Optional.of(address(end, Portion.WITHOUT_PORT));
        }
        int bits = number(call.argument());
        if (bits < 0 || bits > 128) {
            at.add(Problem.quote(call.text()), "a number of bits, 0..128", "correct the number");
            return Optional.empty();
        }
        return Optional.of(new LogPart.Address(end, Portion.WITHOUT_PORT, OptionalInt.of(bits)));
    }

    /** The call, if it has neither argument nor length. */
    private static Optional<Call> bare(Call call, Spot at) {
        if (!call.argument().isEmpty()) {
            at.add(Problem.quote(call.text()), "no argument", "write %" + call.name() + "%");
            return Optional.empty();
        }
        return withoutLength(call, at);
    }

    private static Optional<Call> withoutLength(Call call, Spot at) {
        if (!call.length().isEmpty()) {
            at.add(Problem.quote(call.text()), "no length", "remove :" + call.length());
            return Optional.empty();
        }
        return Optional.of(call);
    }

    private static int length(Call call) {
        int length = number(call.length());
        return length < 0 ? ALL : length;
    }

    /** A number of up to 9 digits; -1 for anything else. */
    private static int number(String digits) {
        boolean good =
                !digits.isEmpty()
                        && digits.length() <= 9
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return good ? Integer.parseInt(digits) : -1;
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static LogPart.Address address(End end, Portion portion) {
        return new LogPart.Address(end, portion, OptionalInt.empty());
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(Files.readString(HOST_NAME).strip());
        } catch (IOException elsewhere) {
            return Optional.ofNullable(System.getenv("HOSTNAME"));
        }
    }
}
