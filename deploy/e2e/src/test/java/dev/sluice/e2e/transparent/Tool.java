package dev.sluice.e2e.transparent;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of this machine, found where root finds them. Stateless. */
final class Tool {
    private Tool() {}

    /** Its path; without it the test is skipped, and says what to install. */
    static String named(String name, String debianPackage) {
        return Stream.concat(
                        Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() ->
                        abort(
                                "no %s on this machine; install the package %s"
                                        .formatted(name, debianPackage)));
    }
}
