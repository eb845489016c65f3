package dev.sluice.e2e.differential;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a case showed on one proxy, as lines of text that compare. Immutable.
 *
 * @param status of each answer, interim ones included; or that there was none
 * @param headers of each answer, normalised
 * @param body of each answer, with its trailers
 * @param end what became of stream and connection
 * @param upstream the requests that arrived at upstreams
 * @param log lines of the access logs
 */
record Observation(
        List<String> status,
        List<String> headers,
        List<String> body,
        List<String> end,
        List<String> upstream,
        List<String> log) {
    Observation {
        status = List.copyOf(status);
        headers = List.copyOf(headers);
        body = List.copyOf(body);
        end = List.copyOf(end);
        upstream = List.copyOf(upstream);
        log = List.copyOf(log);
    }

    /** The same, with these lines of the access logs. */
    Observation logged(List<String> lines) {
        return new Observation(status, headers, body, end, upstream, lines);
    }

    /** What observations can differ in. */
    enum Aspect {
        STATUS,
        HEADERS,
        BODY,
        END,
        UPSTREAM,
        LOG
    }

    List<String> of(Aspect aspect) {
        return switch (aspect) {
            case STATUS -> status;
            case HEADERS -> headers;
            case BODY -> body;
            case END -> end;
            case UPSTREAM -> upstream;
            case LOG -> log;
        };
    }

    Set<Aspect> differences(Observation other) {
        Set<Aspect> differences = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (!of(aspect).equals(other.of(aspect))) {
                differences.add(aspect);
            }
        }
        return differences;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Aspect aspect : Aspect.values()) {
            of(aspect).forEach(line -> text.append("    ").append(line).append('\n'));
        }
        return text.toString();
    }
}
