package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.dialect.JsonPath;
import dev.sluice.contract.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads our own fields, under the key {@code sluice}: unlike elsewhere, unknown ones are wrong. */
final class SettingsReader {
    private static final List<String> KNOWN =
            List.of(
                    "seed",
                    "every",
                    "recover",
                    "witness",
                    "stop",
                    "expect",
                    "blast_radius",
                    "faults",
                    "hold",
                    "environment");

    private SettingsReader() {}

    static Settings read(Fields root) {
        if (!root.has("sluice")) {
            return Settings.NONE;
        }
        Fields own = root.object("sluice");
        own.nothingBut(KNOWN);
        Optional<Duration> every = duration(own, "every");
        if (every.filter(Duration::isZero).isPresent()) {
            own.at("every").wrong("a duration above 0");
        }
        return new Settings(
                seed(own),
                every.orElse(Settings.NONE.every()),
                own.has("recover") ? recovery(own.object("recover")) : Optional.empty(),
                own.has("witness") ? witness(own.object("witness")) : Optional.empty(),
                probes(own, "stop", "say which answer ends the run"),
                probes(own, "expect", "say which answer is expected"),
                BlastRadiusReader.read(own.object("blast_radius")),
                own.list("faults").stream().map(ArmFaultReader::read).toList(),
                hold(own),
                own.text("environment")
                        .map(name ->
                                new Settings.Environment(
                                        own.get("environment"), own.at("environment").place())));
    }

    private static JsonNode hold(Fields own) {
        JsonNode hold = own.get("hold");
        boolean variable = hold.isTextual() && hold.textValue().contains("$");
        if (!variable) {
            var unused = duration(own, "hold");
        }
        return hold;
    }

    private static Optional<Long> seed(Fields own) {
        JsonNode seed = own.get("seed");
        if (!seed.isMissingNode() && !(seed.isIntegralNumber() && seed.canConvertToLong())) {
            own.at("seed").wrong("a whole number of 64 bits");
            return Optional.empty();
        }
        return seed.isMissingNode() ? Optional.empty() : Optional.of(seed.longValue());
    }

    private static Optional<Settings.Recovery> recovery(Fields recover) {
        recover.nothingBut(List.of("within", "stable_for"));
        if (!recover.has("within")) {
            recover.problem("no 'within'", "'within'", "say how soon it must be back");
        }
        Duration stable = duration(recover, "stable_for").orElse(Duration.ZERO);
        return duration(recover, "within").map(within -> new Settings.Recovery(within, stable));
    }

    private static Optional<Settings.Witness> witness(Fields witness) {
        witness.nothingBut(List.of("probe", "path", "at_least"));
        if (!witness.has("probe")) {
            witness.problem("no 'probe'", "'probe'", "say what counts the hits");
        }
        JsonNode least = witness.get("at_least");
        if (!least.isMissingNode() && !(least.canConvertToLong() && least.longValue() >= 1)) {
            witness.at("at_least").wrong("a whole number, 1 or more");
        }
        Optional<String> text = witness.text("path");
        Optional<JsonPath> path = text.flatMap(JsonPath::parse);
        if (text.isPresent() && path.isEmpty()) {
            witness.at("path").wrong("a JSON path, such as $.body[*].name");
        }
        Optional<Activity> probe =
                witness.has("probe") ? ActivityReader.read(witness.at("probe")) : Optional.empty();
        return probe.map(found -> new Settings.Witness(found, path, least.asLong(1)));
    }

    private static List<Activity> probes(Fields own, String name, String remedy) {
        List<Activity> probes = new ArrayList<>();
        for (Fields condition : own.list(name)) {
            ActivityReader.read(condition)
                    .ifPresent(probe -> {
                        if (probe.tolerance().isEmpty() && !condition.has("tolerance")) {
                            condition.problem("no 'tolerance'", "'tolerance'", remedy);
                        }
                        probes.add(probe);
                    });
        }
        return probes;
    }

    static Optional<Duration> duration(Fields fields, String name) {
        if (!fields.has(name)) {
            return Optional.empty();
        }
        JsonNode value = fields.get(name);
        Optional<Duration> read = DurationText.parse(value.asText());
        if (read.isEmpty()) {
            fields.at(name)
                    .problem(
                            value.isContainerNode() ? "no duration" : Problem.quote(value.asText()),
                            DurationText.SHAPE,
                            "correct it");
        }
        return read;
    }
}
