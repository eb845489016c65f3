package dev.sluice.demo;

import dev.sluice.demo.change.NameSplit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The files that the change is planned by, filled in for this run and left in its folder for people
 * to read. Immutable.
 *
 * @param calendar who must approve, and the window that is booked from now on
 * @param migration the change
 */
record ChangeFiles(Path calendar, Path migration) {
    /**
     * Writes them.
     *
     * @param soak shortest stay in each step of the ramp
     */
    static ChangeFiles in(Path folder, Duration soak, Instant now) throws IOException {
        return new ChangeFiles(
                filled(folder, "calendar.yaml", soak, now),
                filled(folder, "customer-names.yaml", soak, now));
    }

    private static Path filled(Path folder, String name, Duration soak, Instant now)
            throws IOException {
        String text;
        try (InputStream file =
                Objects.requireNonNull(ChangeFiles.class.getResourceAsStream(name), name)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        String opens =
                now.atOffset(ZoneOffset.UTC)
                        .toLocalDateTime()
                        .truncatedTo(ChronoUnit.MINUTES)
                        .toString();
        return Files.writeString(
                folder.resolve(name),
                text.replace("${OPENS}", opens)
                        .replace("${SOAK}", soak.toMillis() / 1_000.0 + "s")
                        .replace("${DIGEST}", NameSplit.digest()));
    }
}
