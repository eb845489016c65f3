package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.invariant.Invariants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Runs many seeds, one run to a processor, and keeps those that fail. Used by one thread. */
final class Seeds {
    private final Path folder;
    private final Supplier<Wiring> wiring;
    private final Sometimes sometimes = new Sometimes();

    /**
     * @param folder for what runs leave on the disk
     * @param wiring of each run
     */
    Seeds(Path folder, Supplier<Wiring> wiring) {
        this.folder = folder;
        this.wiring = wiring;
    }

    /** Violations by seed, of those that have some. */
    SortedMap<Long, List<String>> violations(LongStream seeds) {
        SortedMap<Long, List<String>> failed = new TreeMap<>();
        Map<Long, Future<Run>> runs = new TreeMap<>();
        try (ExecutorService processors =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            seeds.forEach(seed -> runs.put(seed, processors.submit(() -> run(seed))));
            for (Map.Entry<Long, Future<Run>> run : runs.entrySet()) {
                sometimes.addAll(run.getValue().get().sometimes());
                if (!run.getValue().get().violations().isEmpty()) {
                    failed.put(run.getKey(), run.getValue().get().violations());
                }
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("a run ended by itself: " + e.getMessage(), e);
        }
        return failed;
    }

    private record Run(List<String> violations, Sometimes sometimes) {}

    private Run run(long seed) {
        Path own = folder.resolve(Long.toString(seed));
        try {
            Simulation.Result result = Simulation.run(seed, own, wiring.get());
            return new Run(Invariants.violations(result.history()), result.sometimes());
        } finally {
            remove(own);
        }
    }

    /** What sidecars remembered: of ten thousand runs it would fill a disk. */
    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was met in all runs so far. */
    Sometimes sometimes() {
        return sometimes;
    }
}
