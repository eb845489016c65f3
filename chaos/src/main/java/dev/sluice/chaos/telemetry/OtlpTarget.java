package dev.sluice.chaos.telemetry;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where spans go and how, as OpenTelemetry's variables of the environment say it ("OTLP exporter
 * configuration" and "general SDK configuration"); always OTLP over HTTP with protobuf. Immutable.
 *
 * @param traces address of the collector's traces, such as {@code http://127.0.0.1:4318/v1/traces}
 * @param headers of each request, tokens among them
 * @param timeout of each request; 10 s by default
 * @param resource attributes of what sends; {@code service.name} is among them
 */
public record OtlpTarget(
        URI traces, Map<String, String> headers, Duration timeout, Map<String, String> resource) {
    private static final String PREFIX = "OTEL_EXPORTER_OTLP_";
    private static final String TRACES = PREFIX + "TRACES_";
    private static final String PROTOCOL = "http/protobuf";
    private static final long DEFAULT_TIMEOUT_MILLIS = 10_000;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    public OtlpTarget {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /**
     * Reads where spans go.
     *
     * @param option base address given on the command line, which goes before the environment's
     * @return empty when nothing asks for spans, or the environment switches them off
     */
    public static Parsed<Optional<OtlpTarget>> of(
            Optional<String> option, Map<String, String> environment) {
        return new Reader(environment).read(option);
    }

    /** One reading of the environment. */
    private static final class Reader {
        private final Map<String, String> environment;
        private final List<Problem> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        Parsed<Optional<OtlpTarget>> read(Optional<String> option) {
            boolean isOff =
                    set("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()
                            || set("OTEL_TRACES_EXPORTER").filter("none"::equals).isPresent();
            Optional<URI> traces =
                    option.isPresent()
                            ? base("--otlp-endpoint", option.get())
                            : isOff ? Optional.empty() : ofEnvironment();
            if (traces.isEmpty()) {
                return problems.isEmpty()
                        ? Parsed.ok(Optional.empty())
                        : new Parsed.Refused<>(problems);
            }
            OtlpTarget target =
                    new OtlpTarget(traces.get(), pairs(either("HEADERS")), timeout(), resource());
            return problems.isEmpty()
                    ? Parsed.ok(Optional.of(target))
                    : new Parsed.Refused<>(problems);
        }

        private Optional<URI> ofEnvironment() {
            Optional<String> own = set(TRACES + "ENDPOINT");
            Optional<URI> traces =
                    own.isPresent()
                            ? address(TRACES + "ENDPOINT", own.get(), "")
                            : set(PREFIX + "ENDPOINT")
                                    .flatMap(given -> base(PREFIX + "ENDPOINT", given));
            String protocol = either("PROTOCOL").map(Given::value).orElse(PROTOCOL);
            if (traces.isPresent() && !protocol.equals(PROTOCOL)) {
                problems.add(
                        new Problem(
                                either("PROTOCOL").orElseThrow().name(),
                                Problem.quote(protocol),
                                PROTOCOL,
                                "set " + TRACES + "PROTOCOL=" + PROTOCOL + " and its endpoint"));
            }
            return traces;
        }

        private Optional<URI> base(String name, String given) {
            return address(name, given, given.endsWith("/") ? "v1/traces" : "/v1/traces");
        }

        private Optional<URI> address(String name, String given, String path) {
            try {
                URI address = new URI(given + path);
                if (new URI(given).getHost() != null
                        && address.getScheme() != null
                        && SCHEMES.contains(address.getScheme().toLowerCase(Locale.ROOT))) {
                    return Optional.of(address);
                }
            } catch (URISyntaxException malformed) {
                // The same answer as to an address of something else.
            }
            problems.add(
                    new Problem(
                            name,
                            Problem.quote(given),
                            "an http:// or https:// address of a collector",
                            "name one such as http://127.0.0.1:4318"));
            return Optional.empty();
        }

        private Duration timeout() {
            Optional<Given> given = either("TIMEOUT");
            try {
                long millis =
                        given.map(Given::value).map(Long::parseLong).orElse(DEFAULT_TIMEOUT_MILLIS);
                if (millis > 0) {
                    return Duration.ofMillis(millis);
                }
            } catch (NumberFormatException notANumber) {
                // The same answer as to a number that is too small.
            }
            problems.add(
                    new Problem(
                            given.orElseThrow().name(),
                            Problem.quote(given.orElseThrow().value()),
                            "milliseconds, 1 or more",
                            "correct it or leave it out"));
            return Duration.ofMillis(DEFAULT_TIMEOUT_MILLIS);
        }

        private Map<String, String> resource() {
            Map<String, String> resource = new LinkedHashMap<>();
            resource.put("service.name", "sluice-chaos");
            resource.putAll(
                    pairs(
                            set("OTEL_RESOURCE_ATTRIBUTES")
                                    .map(value -> new Given("OTEL_RESOURCE_ATTRIBUTES", value))));
            set("OTEL_SERVICE_NAME").ifPresent(name -> resource.put("service.name", name));
            return resource;
        }

        /** {@code name=value} separated by commas, values percent-encoded. */
        private Map<String, String> pairs(Optional<Given> given) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (String pair : given.map(Given::value).orElse("").split(",", -1)) {
                int equals = pair.indexOf('=');
                try {
                    if (equals > 0) {
                        pairs.put(
                                pair.substring(0, equals).strip(),
                                URLDecoder.decode(
                                        pair.substring(equals + 1).strip().replace("+", "%2B"),
                                        StandardCharsets.UTF_8));
                    }
                } catch (IllegalArgumentException malformed) {
                    equals = -1;
                }
                if (equals <= 0 && !pair.isBlank()) {
                    problems.add(
                            new Problem(
                                    given.orElseThrow().name(),
                                    "a pair that can't be read", // it may be a secret
                                    "name=value, with commas between and values percent-encoded",
                                    "correct it"));
                }
            }
            return pairs;
        }

        private Optional<Given> either(String name) {
            return set(TRACES + name)
                    .map(value -> new Given(TRACES + name, value))
                    .or(() -> set(PREFIX + name).map(value -> new Given(PREFIX + name, value)));
        }

        private Optional<String> set(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }
    }

    private record Given(String name, String value) {}
}
