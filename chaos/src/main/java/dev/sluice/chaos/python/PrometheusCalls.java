package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.python.Work.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The calls of {@code chaosprometheus}, which ask a Prometheus. Immutable. */
final class PrometheusCalls {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String MODULE = "chaosprometheus.probes.";

    private PrometheusCalls() {}

    static void addTo(Map<String, Call> calls) {
        calls.put(
                MODULE + "query",
                new Call(
                        List.of("query"),
                        Set.of("when", "timeout", "verify_tls"),
                        PrometheusCalls::query));
        calls.put(
                MODULE + "query_interval",
                new Call(
                        List.of("query", "start", "end"),
                        Set.of("step", "timeout", "verify_tls"),
                        PrometheusCalls::queryInterval));
    }

    private static Work query(Arguments args) {
        Parameters parameters = new Parameters(args);
        if (args.has("when")) {
            parameters.time("time", "when");
        }
        return parameters.ask("/api/v1/query");
    }

    private static Work queryInterval(Arguments args) {
        Parameters parameters = new Parameters(args);
        parameters.add("step", args.has("step") ? args.text("step") : "1");
        parameters.time("start", "start");
        parameters.time("end", "end");
        return parameters.ask("/api/v1/query_range");
    }

    /** The query of a URL. Used once. */
    private static final class Parameters {
        private final Arguments args;
        private final List<String> parameters = new ArrayList<>();
        private Optional<String> unclear = Optional.empty();

        Parameters(Arguments args) {
            this.args = args;
            add("query", args.text("query"));
            if (args.has("timeout")) {
                add("timeout", args.text("timeout"));
            }
        }

        void add(String name, String value) {
            parameters.add(name + "=" + Arguments.encoded(value));
        }

        void time(String name, String argument) {
            Optional<Instant> time = Times.parse(args.text(argument), args.now());
            time.ifPresentOrElse(
                    at -> add(name, at.toString()), () -> unclear = Optional.of(argument));
        }

        Work ask(String path) {
            if (unclear.isPresent()) {
                String name = unclear.get();
                return new Work.Raises(
                        "%s '%s' is no time (expected: %s)"
                                .formatted(name, args.text(name), Times.SHAPE));
            }
            String base = args.configured("prometheus_base_url", "http://localhost:9090");
            ObjectNode request =
                    NODES.objectNode()
                            .put("type", "http")
                            .put("url", base + path + "?" + String.join("&", parameters));
            request.putObject("headers").put("Accept", "application/json");
            if (args.has("verify_tls")) {
                request.set("verify_tls", args.get("verify_tls"));
            }
            return new Work.Requests(
                    List.of(new Work.Step(request, Set.of())), PrometheusCalls::wholeAnswer);
        }
    }

    private static Answer wholeAnswer(JsonNode answer) {
        JsonNode body = JsonTexts.parsed(answer.path("body"));
        boolean read = answer.path("status").asInt() == 200 && !body.isMissingNode();
        return read
                ? Answer.Returned.of(body)
                : new Answer.Raised(
                        "Prometheus answered status "
                                + answer.path("status").asText()
                                + ", "
                                + answer.path("body").asText(""));
    }
}
