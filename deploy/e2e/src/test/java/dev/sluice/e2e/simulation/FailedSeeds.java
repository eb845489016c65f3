package dev.sluice.e2e.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Seeds that broke an invariant: those of the source tree, which every build replays, and those of
 * this machine's builds, which the next run replays too. A build does not change its own source
 * tree unless {@code -Dsluice.simulation.record=true} says so.
 *
 * @param committed one seed a line; {@code #} begins a comment
 * @param found beside what the build makes; need not exist
 */
record FailedSeeds(Path committed, Path found) {
    /** Those of this module. */
    static final FailedSeeds OWN =
            new FailedSeeds(
                    Path.of("src/test/resources/simulation/regressions.txt"),
                    Path.of("target/simulation/failed.txt"));

    private static final boolean RECORD = Boolean.getBoolean("sluice.simulation.record");

    /** All of them, once each. */
    List<Long> all() {
        List<Long> all = new ArrayList<>(read(committed));
        read(found).stream().filter(seed -> !all.contains(seed)).forEach(all::add);
        return all;
    }

    /** Where {@link #keep} writes. */
    Path target() {
        return RECORD ? committed : found;
    }

    /** Keeps those that are new in a file; the others stay. */
    void keep(Iterable<Long> failed, Path file) {
        List<Long> known = all();
        List<Long> lines = new ArrayList<>();
        failed.forEach(seed -> {
            if (!known.contains(seed) || (file.equals(committed) && !read(file).contains(seed))) {
                lines.add(seed);
            }
        });
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String text = Files.exists(file) ? Files.readString(file) : "";
            StringBuilder more = new StringBuilder(text);
            lines.forEach(seed -> more.append(seed).append('\n'));
            Files.writeString(file, more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
