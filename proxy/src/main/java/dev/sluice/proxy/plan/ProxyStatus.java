package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Details;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Status;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says in {@code proxy-status} (RFC 9209) why an answer is this proxy's own. Immutable.
 *
 * @param name of this proxy, as the header writes it
 * @param details what stands in {@code details}
 * @param status which status the answer has
 */
public record ProxyStatus(String name, Details details, Status status) {
    public static final String HEADER = "proxy-status";

    /** What stands without quotes (RFC 9651 section 3.3.4). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z*][-!#$%&'*+.^_`|~:/0-9A-Za-z]*");

    private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

    /** Of a listener that says nothing. */
    public static final ProxyStatus DEFAULT = of(ProxyStatusSpec.DEFAULT, "");

    /**
     * What a listener's setting means for one proxy.
     *
     * @param nodeId of this proxy; may be empty
     */
    public static ProxyStatus of(ProxyStatusSpec spec, String nodeId) {
        String name = spec.name().orElse(nodeId);
        return new ProxyStatus(
                item(name.isEmpty() ? ProxyStatusSpec.NAME : name), spec.details(), spec.status());
    }

    private static String item(String name) {
        if (TOKEN.matcher(name).matches()) {
            return name;
        }
        String printable = UNPRINTABLE.matcher(name).replaceAll("?");
        return '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * The header's value.
     *
     * @param flags of the exchange so far
     */
    public String value(Refusal refusal, Set<ResponseFlag> flags) {
        String error = name + "; error=" + refusal.errorType();
        boolean flagged = details == Details.CODE_AND_FLAGS && !flags.isEmpty();
        String words =
                flagged
                        ? flags.stream()
                                .map(ResponseFlag::word)
                                .collect(Collectors.joining(",", "; ", ""))
                        : "";
        return details == Details.NONE
                ? error
                : "%s; details=\"%s%s\"".formatted(error, refusal.code(), words);
    }

    /** The header's value where a codec refuses a request before anything else looks at it. */
    public String value(CodecRefusal refusal) {
        String error = name + "; error=http_request_error";
        return details == Details.NONE
                ? error
                : "%s; details=\"%s\"".formatted(error, refusal.code());
    }

    /** The status of the answer, which would else be {@code own}. */
    public int status(Refusal refusal, int own) {
        return status == Status.OWN
                ? own
                : switch (refusal.errorType()) {
                    case "destination_not_found",
                            "proxy_configuration_error",
                            "proxy_internal_error" ->
                            500;
                    case "connection_refused", "connection_terminated", "http_protocol_error" ->
                            502;
                    case "destination_unavailable", "connection_limit_reached" -> 503;
                    case "http_response_timeout" -> 504;
                    default -> own; // "the most appropriate one", says the RFC
                };
    }
}
