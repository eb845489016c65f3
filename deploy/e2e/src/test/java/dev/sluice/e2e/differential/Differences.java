package dev.sluice.e2e.differential;

import dev.sluice.e2e.differential.Observation.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The differences that are meant: rows {@code | `case`, `case` | aspects | why |} of {@code
 * docs/envoy-differences.md}. Immutable.
 *
 * @param aspects what differs, by case
 */
record Differences(Map<String, Set<Aspect>> aspects) {
    private static final Pattern ROW = Pattern.compile("\\| (`.+`) \\| ([a-z, ]+) \\| .+ \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    Differences {
        aspects = Map.copyOf(aspects);
    }

    static Differences read(Path page) throws IOException {
        Map<String, Set<Aspect>> aspects = new HashMap<>();
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<Aspect> differ = aspects(row.group(2));
                Matcher name = QUOTED.matcher(row.group(1));
                while (name.find()) {
                    if (aspects.put(name.group(1), differ) != null) {
                        throw new IllegalArgumentException(
                                page + " lists `" + name.group(1) + "` twice");
                    }
                }
            }
        }
        return new Differences(aspects);
    }

    Set<Aspect> of(String id) {
        return aspects.getOrDefault(id, Set.of());
    }

    private static Set<Aspect> aspects(String words) {
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        for (String word : words.split(", ", -1)) {
            aspects.add(Aspect.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return aspects;
    }
}
