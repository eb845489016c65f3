package dev.sluice.proxy.resource.read;

import dev.sluice.contract.Problem;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads {@code envoy.config.core.v3.DataSource} for certificates and keys: text in place, in a file
 * or in the environment. A file is read once, when the resource is; problems never show what it
 * holds. Stateless.
 */
public final class DataSources {
    private static final long LARGEST = 1024 * 1024;

    private DataSources() {}

    /** The text; empty after a problem. */
    public static Optional<String> text(DataSource proto, Spot at) {
        return switch (proto.getSpecifierCase()) {
            case INLINE_STRING -> Optional.of(proto.getInlineString());
            case INLINE_BYTES -> Optional.of(proto.getInlineBytes().toStringUtf8());
            case FILENAME -> file(proto.getFilename(), at.field("filename"));
            case ENVIRONMENT_VARIABLE ->
                    variable(proto.getEnvironmentVariable(), at.field("environment_variable"));
            case SPECIFIER_NOT_SET -> {
                at.add("nothing", "filename, inline_string or inline_bytes", "write one of these");
                yield Optional.empty();
            }
        };
    }

    private static Optional<String> file(String name, Spot at) {
        try {
            Path path = Path.of(name);
            if (Files.size(path) > LARGEST) {
                at.add(
                        "a file of " + Files.size(path) + " bytes",
                        "at most " + LARGEST,
                        "name the file with the PEM text");
                return Optional.empty();
            }
            return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException absent) {
            at.add(
                    Problem.quote(name) + ", which is not there",
                    "a file",
                    "make the file, or correct the path");
        } catch (InvalidPathException malformed) {
            at.add(Problem.quote(name), "the path of a file", "correct the path");
        } catch (IOException unreadable) {
            at.add(
                    Problem.quote(name) + ": " + unreadable.getClass().getSimpleName(),
                    "a file of text that can be read",
                    "check the file and its permissions");
        }
        return Optional.empty();
    }

    private static Optional<String> variable(String name, Spot at) {
        String value = System.getenv(name);
        if (value == null) {
            at.add(
                    Problem.quote(name) + ", which is not set",
                    "a variable of the environment",
                    "set the variable, or correct its name");
        }
        return Optional.ofNullable(value);
    }
}
