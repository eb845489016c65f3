package dev.sluice.control.outward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the names of secrets stand for: the variable {@code SLUICE_SECRET_NAME}, upper case with
 * {@code _} for {@code -}, else the file of the name in a folder. A name can reach nothing else of
 * this machine. Read at every use, so that a changed secret counts at once. Immutable.
 */
public record Secrets(Optional<Path> folder, Map<String, String> environment) {
    /** No secret at all. */
    public static final Secrets NONE = new Secrets(Optional.empty(), Map.of());

    private static final String PREFIX = "SLUICE_SECRET_";

    public Secrets {
        environment = Map.copyOf(environment);
    }

    /**
     * The secret of a name, without white space around it; empty when there is none.
     *
     * @param name of the shape that {@code lifecycle} lets through: a-z, 0-9 and -
     */
    public Optional<String> find(String name) {
        String variable = PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
        return Optional.ofNullable(environment.get(variable))
                .or(() -> folder.flatMap(in -> read(in.resolve(name))))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty());
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "Secrets";
    }
}
