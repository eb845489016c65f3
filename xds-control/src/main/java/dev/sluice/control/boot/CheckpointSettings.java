package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.checkpoint.SigningKeys;
import dev.sluice.control.outward.Origins;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where this control plane puts signed checkpoints of its log, and how often. Immutable.
 *
 * @param folder one file for each
 * @param url where each is posted
 * @param every 1 min..7 d
 */
record CheckpointSettings(
        Optional<Path> folder, Optional<URI> url, PrivateKey key, Duration every) {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Empty when none are asked for, or a problem was added. */
    static Optional<CheckpointSettings> read(ControlCommand options, Problems problems) {
        boolean isPlaced = !options.checkpoints.isEmpty() || !options.checkpointUrl.isEmpty();
        if (!isPlaced && options.checkpointKey.isEmpty() && options.checkpointEvery.isEmpty()) {
            return Optional.empty();
        }
        if (!isPlaced) {
            problems.field("--checkpoints")
                    .add(
                            "nothing, and no --checkpoint-url",
                            "a folder, an address, or both",
                            "say where checkpoints go, or leave out the other options of them");
        }
        Optional<Path> folder = folder(options.checkpoints, problems.field("--checkpoints"));
        Optional<URI> url = url(options.checkpointUrl, problems.field("--checkpoint-url"));
        Optional<PrivateKey> key = key(options.checkpointKey, problems.field("--checkpoint-key"));
        Optional<Duration> every =
                every(
                        options.checkpointEvery.isEmpty()
                                ? ControlCommand.DEFAULT_CHECKPOINT_EVERY
                                : options.checkpointEvery,
                        problems.field("--checkpoint-every"));
        return isPlaced && key.isPresent() && every.isPresent()
                ? Optional.of(new CheckpointSettings(folder, url, key.get(), every.get()))
                : Optional.empty();
    }

    private static Optional<Path> folder(String text, Problems at) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path folder = Path.of(text);
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            at.add(
                    Problem.quote(text),
                    "a folder that can be written",
                    "make it, on a disk that who can write the log can't change");
            return Optional.empty();
        }
        return Optional.of(folder.toAbsolutePath().normalize());
    }

    private static Optional<URI> url(String text, Problems at) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<URI> url =
                Origins.uri(text)
                        .filter(uri ->
                                Origins.of(uri)
                                        .filter(origin -> origin.startsWith("http"))
                                        .isPresent());
        if (url.isEmpty()) {
            at.add(
                    Problem.quote(text),
                    "http://HOST… or https://HOST…, without a user",
                    "correct it, or leave it out");
        }
        return url;
    }

    private static Optional<PrivateKey> key(String file, Problems at) {
        try {
            return Optional.of(SigningKeys.readPrivate(Path.of(file)));
        } catch (IOException | GeneralSecurityException e) {
            at.add(
                    file.isEmpty() ? "nothing" : Problem.quote(file) + " (" + e.getMessage() + ")",
                    "a private key of Ed25519, PEM (PKCS #8)",
                    "make one with sluice control audit keygen, and keep its public half elsewhere");
            return Optional.empty();
        }
    }

    private static Optional<Duration> every(String text, Problems at) {
        Optional<Duration> every =
                Optional.of(AGE.matcher(text))
                        .filter(Matcher::matches)
                        .map(read -> duration(Long.parseLong(read.group(1)), read.group(2)))
                        .filter(it -> it.compareTo(SHORTEST) >= 0 && it.compareTo(LONGEST) <= 0);
        if (every.isEmpty()) {
            at.add(Problem.quote(text), "1m..7d, as 60s, 15m, 2h or 1d", "correct it");
        }
        return every;
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
