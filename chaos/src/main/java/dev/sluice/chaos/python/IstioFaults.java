package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Istio's {@code HTTPFaultInjection} as faults of leases. */
final class IstioFaults {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
    private static final Map<String, BigDecimal> SECONDS =
            Map.of(
                    "ms",
                    new BigDecimal("0.001"),
                    "s",
                    BigDecimal.ONE,
                    "m",
                    BigDecimal.valueOf(60),
                    "h",
                    BigDecimal.valueOf(3600));
    private static final Map<String, Integer> CODES =
            Map.ofEntries(
                    Map.entry("CANCELLED", 1),
                    Map.entry("UNKNOWN", 2),
                    Map.entry("INVALID_ARGUMENT", 3),
                    Map.entry("DEADLINE_EXCEEDED", 4),
                    Map.entry("NOT_FOUND", 5),
                    Map.entry("ALREADY_EXISTS", 6),
                    Map.entry("PERMISSION_DENIED", 7),
                    Map.entry("RESOURCE_EXHAUSTED", 8),
                    Map.entry("FAILED_PRECONDITION", 9),
                    Map.entry("ABORTED", 10),
                    Map.entry("OUT_OF_RANGE", 11),
                    Map.entry("UNIMPLEMENTED", 12),
                    Map.entry("INTERNAL", 13),
                    Map.entry("UNAVAILABLE", 14),
                    Map.entry("DATA_LOSS", 15),
                    Map.entry("UNAUTHENTICATED", 16));

    private IstioFaults() {}

    /**
     * The fault of a lease.
     *
     * @param kind {@code delay} or {@code abort}
     */
    static JsonNode wire(String kind, JsonNode what) {
        ObjectNode fault = JsonNodeFactory.instance.objectNode();
        if (kind.equals("delay")) {
            return fault.put("delay", seconds(what.path("fixedDelay").asText()));
        }
        if (what.has("grpcStatus")) {
            String status = what.path("grpcStatus").asText();
            ObjectNode answer = fault.putObject("grpc_status");
            Integer code = CODES.get(status);
            // A name that is none goes on as it is, so that the sidecar refuses it.
            answer.set("code", code == null ? TextNode.valueOf(status) : IntNode.valueOf(code));
            return fault;
        }
        return fault.put("http_status", what.path("httpStatus").asInt());
    }

    /** A duration of Go, such as {@code 1m30s}, in seconds; another text as it is. */
    private static String seconds(String text) {
        BigDecimal sum = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        int end = 0;
        while (part.find() && part.start() == end) {
            BigDecimal unit = SECONDS.getOrDefault(part.group(2), BigDecimal.ONE);
            sum = sum.add(new BigDecimal(part.group(1)).multiply(unit));
            end = part.end();
        }
        return end > 0 && end == text.length()
                ? sum.stripTrailingZeros().toPlainString() + "s"
                : text;
    }
}
