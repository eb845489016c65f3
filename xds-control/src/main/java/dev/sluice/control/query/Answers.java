package dev.sluice.control.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Answers of the Prometheus HTTP API, of which one value is wanted. Stateless. */
final class Answers {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String HINT = "PromQL info: ";
    private static final int LONGEST_TEXT = 200;
    private static final double LAST_SECOND = 253_402_300_799d; // of the year 9999

    private Answers() {}

    static Reply read(int status, byte[] body) {
        JsonNode answer;
        try {
            answer = MAPPER.readTree(body);
        } catch (IOException _) {
            answer = MAPPER.missingNode();
        }
        if (status != 200 || !answer.path("status").asText().equals("success")) {
            return new Reply.Nothing("the server answered " + status + error(answer));
        }
        Optional<String> warning = warning(answer);
        return warning.isPresent()
                ? new Reply.Nothing("the server warns: " + warning.get())
                : value(answer.path("data"));
    }

    private static Reply value(JsonNode data) {
        JsonNode result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> timed(result);
            case "vector" ->
                    switch (result.size()) {
                        case 0 -> new Reply.Nothing("the query found no series");
                        case 1 -> only(result.get(0));
                        default ->
                                new Reply.Nothing(
                                        "the query gives "
                                                + result.size()
                                                + " series, aggregate them to one, as by sum()");
                    };
            default -> new Reply.Nothing("the query gives no number and no instant vector");
        };
    }

    private static Reply only(JsonNode series) {
        return series.has("histogram")
                ? new Reply.Nothing(
                        "the series is a histogram, take a number from it, as by"
                                + " histogram_quantile()")
                : timed(series.path("value"));
    }

    /**
     * A value with a warning may be of a part of the data, as when a store could not be read.
     * Servers of before the field {@code infos} put hints among the warnings.
     */
    private static Optional<String> warning(JsonNode answer) {
        return answer.path("warnings")
                .valueStream()
                .map(JsonNode::asText)
                .filter(text -> !text.startsWith(HINT))
                .findFirst()
                .map(Answers::cut);
    }

    private static Reply timed(JsonNode pair) {
        double time = pair.path(0).asDouble(Double.NaN);
        double value = number(pair.path(1).asText());
        if (!Double.isFinite(value)) {
            return new Reply.Nothing("its value is " + pair.path(1).asText());
        }
        return time >= 0 && time <= LAST_SECOND
                ? new Reply.Value(value, Instant.ofEpochMilli(Math.round(time * 1_000)))
                : new Reply.Nothing("its value has no time");
    }

    /** Not a number where the text is none, as of {@code NaN} and {@code +Inf}. */
    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private static String error(JsonNode answer) {
        String error = answer.path("error").asText();
        return error.isEmpty() ? "" : ": " + cut(error);
    }

    private static String cut(String text) {
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }
}
