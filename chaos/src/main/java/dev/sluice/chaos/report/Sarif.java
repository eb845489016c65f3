package dev.sluice.chaos.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was not right in a run, in SARIF 2.1.0, so that code review shows it at the activity's line.
 * Stateless.
 */
public final class Sarif {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final Pattern PLACE = Pattern.compile("(.*?):(\\d{1,9}):(\\d{1,9})(?: .*)?");
    private static final Map<String, String> RULES =
            Map.of(
                    "baseline", "The steady state is met before the fault",
                    "method", "The method's activities answer",
                    "watch", "The steady state is met while faults are on",
                    "rollbacks", "Rollbacks succeed",
                    "recovery", "The steady state comes back",
                    "verdict", "The run passes");

    private Sarif() {}

    /**
     * The log.
     *
     * @param experiment whose places are named
     * @param summary of its run
     */
    public static String of(Experiment experiment, Summary summary) {
        ObjectNode log = JSON.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver").put("name", "sluice chaos");
        ArrayNode rules = driver.putArray("rules");
        RULES.keySet().stream()
                .sorted()
                .forEach(id ->
                        rules.addObject()
                                .put("id", id)
                                .putObject("shortDescription")
                                .put("text", RULES.get(id)));
        Map<String, String> places = places(experiment);
        ArrayNode results = run.putArray("results");
        for (Summary.Case one : summary.cases()) {
            one.failure()
                    .ifPresent(why -> {
                        ObjectNode result = results.addObject();
                        result.put("ruleId", one.part());
                        result.put("level", "error");
                        result.putObject("message")
                                .put("text", summary.title() + ": " + one.name() + ": " + why);
                        locate(places.getOrDefault(one.name(), places.get("")), result);
                    });
        }
        return log.toPrettyString() + "\n";
    }

    /** Places by name of activity; the beginning of the file stands for what has none. */
    private static Map<String, String> places(Experiment experiment) {
        List<Activity> activities =
                Stream.of(
                                experiment.hypothesis().stream()
                                        .flatMap(hypothesis -> hypothesis.probes().stream()),
                                experiment.method().stream(),
                                experiment.rollbacks().stream(),
                                experiment.settings().expect().stream(),
                                experiment.settings().stop().stream())
                        .flatMap(some -> some)
                        .toList();
        Map<String, String> places = new HashMap<>();
        for (Activity activity : activities) {
            places.putIfAbsent(activity.name(), activity.place());
        }
        places.put("", experiment.places().place(""));
        return places;
    }

    private static void locate(@Nullable String place, ObjectNode result) {
        Matcher matcher = PLACE.matcher(place == null ? "" : place);
        if (!matcher.matches()) {
            return;
        }
        ObjectNode location =
                result.putArray("locations").addObject().putObject("physicalLocation");
        location.putObject("artifactLocation").put("uri", uri(matcher.group(1)));
        location.putObject("region")
                .put("startLine", Integer.parseInt(matcher.group(2)))
                .put("startColumn", Integer.parseInt(matcher.group(3)));
    }

    /**
     * Relative to the working directory for what is below it, so that code review finds the file.
     */
    private static String uri(String file) {
        try {
            Path here = Path.of("").toAbsolutePath();
            Path path = Path.of(file);
            Path shown = path.isAbsolute() && path.startsWith(here) ? here.relativize(path) : path;
            return new URI(null, null, shown.toString().replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException wrong) {
            return "experiment";
        }
    }
}
