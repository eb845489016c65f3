package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * How this control plane tells others what happens. Immutable.
 *
 * @param origins where it may send
 * @param source what it is called there, a URI reference
 */
record Outward(Origins origins, Secrets secrets, Trust trust, String source) {
    /** Tells nobody. */
    static final Outward NOWHERE =
            new Outward(
                    Origins.NONE,
                    Secrets.NONE,
                    Trust.ofSystem(),
                    ControlCommand.DEFAULT_NOTIFY_SOURCE);

    static Outward read(ControlCommand options, Problems problems) {
        Origins origins =
                problems.take(Origins.parse("--notify-allow", options.notifyAllow))
                        .orElse(Origins.NONE);
        Optional<Path> folder =
                Optional.of(options.secrets).filter(it -> !it.isEmpty()).map(Path::of);
        folder.filter(it -> !Files.isDirectory(it))
                .ifPresent(it ->
                        problems.field("--secrets")
                                .add(
                                        Problem.quote(it.toString()),
                                        "a folder",
                                        "give the folder that has a file for each secret"));
        String source =
                options.notifySource.isEmpty()
                        ? ControlCommand.DEFAULT_NOTIFY_SOURCE
                        : options.notifySource;
        try {
            var unused = new URI(source);
        } catch (URISyntaxException _) {
            problems.field("--notify-source")
                    .add(
                            Problem.quote(source),
                            "a URI reference, such as https://sluice.example.com",
                            "correct it, or leave it out");
        }
        return new Outward(
                origins,
                new Secrets(folder, options.secretVariables),
                trust(options.notifyCa, problems.field("--notify-ca")),
                source);
    }

    static Trust trust(String file, Problems at) {
        if (file.isEmpty()) {
            return Trust.ofSystem();
        }
        try {
            return Trust.of(Path.of(file));
        } catch (IOException | GeneralSecurityException e) {
            at.add(
                    Problem.quote(file) + " (" + e.getMessage() + ")",
                    "a file of certificates in PEM",
                    "correct it, or leave it out to believe whom the system believes");
            return Trust.ofSystem();
        }
    }
}
