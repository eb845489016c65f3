package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.control.cli.resource.ResourceFile;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Surroundings;
import dev.sluice.control.cli.session.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources of some files, each name once. Immutable.
 *
 * @param items in the order of the files
 */
public record Bundle(List<Item<?>> items) {
    private static final Set<String> ENDINGS = Set.of(".yaml", ".yml", ".json");

    public Bundle {
        items = List.copyOf(items);
    }

    /**
     * Reads everything before anything is done with it.
     *
     * @param paths files; folders, whose files that end in {@code .yaml}, {@code .yml} or {@code
     *     .json} are read with those of the folders in them, hidden ones left out; or {@code -} for
     *     standard input
     * @param kinds of the resources that may stand there
     */
    public static Reading read(
            List<String> paths, List<Updated<?>> kinds, Surroundings surroundings) {
        List<Problem> problems = new ArrayList<>();
        List<Item<?>> items = new ArrayList<>();
        for (String path : paths) {
            collect(
                    problems,
                    () -> {
                        for (String file : files(path)) {
                            collect(
                                    problems,
                                    () -> read(file, kinds, surroundings, items, problems));
                        }
                    });
        }
        checkNames(items, problems);
        return new Reading(new Bundle(items), problems);
    }

    /**
     * What reading came to. Immutable.
     *
     * @param bundle what could be read
     * @param problems with the rest
     */
    public record Reading(Bundle bundle, List<Problem> problems) {
        public Reading {
            problems = List.copyOf(problems);
        }

        /** The bundle, or {@link Trouble} with everything that is wrong in all files. */
        public Bundle orThrow() {
            if (!problems.isEmpty()) {
                throw new Trouble(ExitCode.INVALID, problems);
            }
            return bundle;
        }
    }

    Set<String> names() {
        return items.stream().map(Item::name).collect(Collectors.toUnmodifiableSet());
    }

    private static void read(
            String path,
            List<Updated<?>> kinds,
            Surroundings surroundings,
            List<Item<?>> items,
            List<Problem> problems) {
        ResourceFile file = ResourceFile.read(path, surroundings);
        for (ResourceFile.Part document : file.documents()) {
            collect(problems, () -> items.add(item(file, document, kinds)));
        }
    }

    private static Item<?> item(
            ResourceFile file, ResourceFile.Part document, List<Updated<?>> kinds) {
        for (Updated<?> kind : kinds) {
            if (kind.shape().fits(document.name())) {
                return item(file, document, kind);
            }
        }
        throw new Trouble(
                ExitCode.INVALID,
                "file " + file.source() + ", line " + document.line() + ", field name",
                "'" + document.name() + "'",
                kinds.stream().map(k -> k.shape().toString()).collect(Collectors.joining(" or ")),
                Undeclared.named(document.name())
                        .map(Undeclared::remedy)
                        .orElse("give each document the whole name of its resource"));
    }

    private static <R extends Message> Item<R> item(
            ResourceFile file, ResourceFile.Part document, Updated<R> kind) {
        return new Item<>(kind, file.document(document, kind.prototype()));
    }

    private static void collect(List<Problem> problems, Runnable reading) {
        try {
            reading.run();
        } catch (Trouble trouble) {
            problems.addAll(trouble.problems());
        }
    }

    private static void checkNames(List<Item<?>> items, List<Problem> problems) {
        Map<String, Item<?>> first = new HashMap<>();
        for (Item<?> item : items) {
            Optional.ofNullable(first.putIfAbsent(item.name(), item))
                    .ifPresent(other ->
                            problems.add(
                                    item.problem(
                                            "name",
                                            item.name() + ", as at " + other.place(),
                                            "each resource once",
                                            "remove one of the two")));
        }
    }

    private static List<String> files(String path) {
        Path folder = Path.of(path);
        if (path.equals("-") || !Files.isDirectory(folder)) {
            return List.of(path);
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            List<String> files =
                    inside.filter(file -> isResources(folder.relativize(file)))
                            .filter(Files::isRegularFile)
                            .map(Path::toString)
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                throw unreadable(
                        path,
                        "no file of resources",
                        "a file " + ENDINGS.stream().sorted().toList());
            }
            return files;
        } catch (IOException e) {
            throw unreadable(path, String.valueOf(e.getMessage()), "a readable folder");
        }
    }

    private static boolean isResources(Path file) {
        for (Path step : file) {
            if (step.toString().startsWith(".")) {
                return false;
            }
        }
        return ENDINGS.stream().anyMatch(file.toString()::endsWith);
    }

    private static Trouble unreadable(String path, String got, String expected) {
        return new Trouble(ExitCode.INVALID, "folder " + path, got, expected, "give another path");
    }
}
