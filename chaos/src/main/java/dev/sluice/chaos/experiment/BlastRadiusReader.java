package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the limits of an experiment. */
final class BlastRadiusReader {
    private BlastRadiusReader() {}

    static BlastRadius read(Fields radius) {
        radius.nothingBut(List.of("duration", "toxicity", "share", "requests", "errors"));
        return new BlastRadius(
                radius.place(),
                SettingsReader.duration(radius, "duration"),
                part(radius, "toxicity", 1),
                part(radius, "share", 100),
                count(radius, "requests", 1),
                count(radius, "errors", 0));
    }

    private static Optional<Double> part(Fields radius, String name, int most) {
        JsonNode part = radius.get(name);
        if (part.isMissingNode()) {
            return Optional.empty();
        }
        if (!part.isNumber() || part.doubleValue() <= 0 || part.doubleValue() > most) {
            radius.at(name).wrong("a number above 0, at most " + most);
        }
        return Optional.of(part.doubleValue());
    }

    private static OptionalLong count(Fields radius, String name, long least) {
        JsonNode count = radius.get(name);
        if (count.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < least) {
            radius.at(name).wrong("a whole number, " + least + " or more");
        }
        return OptionalLong.of(count.longValue());
    }
}
