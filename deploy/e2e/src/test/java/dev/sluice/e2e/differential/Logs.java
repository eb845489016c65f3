package dev.sluice.e2e.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of the access logs of a proxy, by the case that they are of, which each line names. Ports
 * of the system's choice, ids and durations are taken out. Immutable.
 *
 * @param lines in the order in which they were written
 */
record Logs(Map<String, List<String>> lines) {
    /** Header field by which a case says its name. */
    static final String CASE = "x-case";

    private static final Pattern TEXT = Pattern.compile("log\\|([^|]+)\\|.*");
    private static final Pattern JSON = Pattern.compile("\\{.*\"case\":\"([^\"]+)\".*}");
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:[0-9]+");
    private static final Pattern PORT = Pattern.compile("(\"[a-z_]*port\":)[0-9]+");
    private static final Pattern TIME =
            Pattern.compile("(\"[a-z_]*(time|duration)\":)\"?[0-9]+\"?");
    private static final Pattern WORDING = Pattern.compile("by - sent [0-9]+( of [^|]*)?");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What a proxy has said. */
    static Logs of(List<String> output) {
        Map<String, List<String>> lines = new HashMap<>();
        for (String line : output) {
            for (Pattern kind : List.of(TEXT, JSON)) {
                Matcher matcher = kind.matcher(line);
                if (matcher.matches()) {
                    lines.computeIfAbsent(matcher.group(1), id -> new ArrayList<>())
                            .add("log: " + normalised(line));
                }
            }
        }
        return new Logs(lines);
    }

    private static String normalised(String line) {
        String addresses = ADDRESS.matcher(line).replaceAll("127.0.0.1:<port>");
        String ports = PORT.matcher(addresses).replaceAll("$1<port>");
        String times = TIME.matcher(ports).replaceAll("$1<number>");
        String own = WORDING.matcher(times).replaceAll("by itself");
        return UUID.matcher(own).replaceAll("<uuid>");
    }

    Map<String, Observation> addTo(Map<String, Observation> seen) {
        Map<String, Observation> logged = new LinkedHashMap<>();
        seen.forEach((id, observation) ->
                logged.put(id, observation.logged(lines.getOrDefault(id, List.of()))));
        return logged;
    }
}
