package dev.sluice.proxy.resource.log;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

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
    private static final String DYNAMIC = "DYNAMIC:";
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private static final Map<String, LogPart.Address> ADDRESSES = addresses();
    private static final Map<String, End> BARE_ADDRESSES =
            Arrays.stream(End.values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    end -> end + "_ADDRESS_WITHOUT_PORT", end -> end));

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
            case "REQ", "REQUEST_HEADER" -> HeadLogOperators.field(Block.REQUEST, call, at);
            case "RESP", "RESPONSE_HEADER" -> HeadLogOperators.field(Block.RESPONSE, call, at);
            case "TRAILER", "RESPONSE_TRAILER" -> HeadLogOperators.field(Block.TRAILERS, call, at);
            case "GRPC_STATUS" -> withoutLength(call, at).flatMap(plain -> grpc(plain, at));
            case "DYNAMIC_METADATA" -> metadata(call, call.argument(), at);
            case "METADATA" -> anyMetadata(call, at);
            case "PATH" -> HeadLogOperators.path(call, at);
            case "QUERY_PARAM" -> HeadLogOperators.query(call, at);
            case "REQUESTED_SERVER_NAME" ->
                    withoutLength(call, at)
                            .flatMap(plain -> HeadLogOperators.serverName(plain, at));
            case "RESPONSE_CODE_DETAILS" ->
                    withoutLength(call, at).flatMap(plain -> details(plain, at));
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
        if (InertLogOperators.NAMES.contains(call.name())) {
            at.inert();
            return Optional.of(new LogPart.Settled(Optional.empty()));
        }
        Optional<LogFact> fact =
                Arrays.stream(LogFact.values())
                        .filter(one -> one != LogFact.RESPONSE_CODE_DETAILS_AS_THEY_ARE)
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
    private static Optional<LogPart> metadata(Call call, String argument, Spot at) {
        String[] path = argument.split(":", -1);
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

    /** Only what filters set while a request passes is known here. */
    private static Optional<LogPart> anyMetadata(Call call, Spot at) {
        if (call.argument().startsWith(DYNAMIC)) {
            return metadata(call, call.argument().substring(DYNAMIC.length()), at);
        }
        at.inert();
        return Optional.of(new LogPart.Settled(Optional.empty()));
    }

    private static Optional<LogPart> details(Call call, Spot at) {
        return switch (call.argument()) {
            case "" -> Optional.of(new LogPart.Fact(LogFact.RESPONSE_CODE_DETAILS));
            case "ALLOW_WHITESPACES" ->
                    Optional.of(new LogPart.Fact(LogFact.RESPONSE_CODE_DETAILS_AS_THEY_ARE));
            default -> {
                at.add(
                        Problem.quote(call.text()),
                        "ALLOW_WHITESPACES, or no argument",
                        "correct the argument");
                yield Optional.empty();
            }
        };
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

    /** Of what is shown, in characters. */
    static int length(Call call) {
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

    private static Map<String, LogPart.Address> addresses() {
        Map<String, LogPart.Address> named = new HashMap<>();
        for (End end : End.values()) {
            named.put(end + "_ADDRESS", address(end, Portion.WHOLE));
            named.put(end + "_PORT", address(end, Portion.PORT));
        }
        return Map.copyOf(named);
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
