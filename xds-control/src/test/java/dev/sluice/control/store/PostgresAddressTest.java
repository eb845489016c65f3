package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresAddressTest {
    @TempDir private Path folder;

    @Test
    void the_password_comes_from_a_file_and_is_never_printed() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "hunter2\nnot this\n");

        PostgresAddress address =
                read("jdbc:postgresql://db:5432/control?sslmode=verify-full", Optional.of(file))
                        .orThrow();

        assertThat(address.properties()).containsEntry("password", "hunter2");
        assertThat(address.properties()).containsEntry("user", "sluice");
        assertThat(address).hasToString("jdbc:postgresql://db:5432/control");
        assertThat(address.url()).doesNotContain("hunter2");
    }

    @Test
    void a_secret_in_the_address_is_refused_and_not_repeated() {
        for (String url :
                List.of(
                        "jdbc:postgresql://db/control?password=hunter2",
                        "jdbc:postgresql://db/control?ssl=true&sslPassword=hunter2",
                        "jdbc:postgresql://me:hunter2@db/control")) {
            List<Problem> problems = read(url, Optional.empty()).problems();

            assertThat(problems).as(url).isNotEmpty();
            assertThat(problems.toString())
                    .contains("--store-password-file")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        List<Problem> problems =
                read("jdbc:mysql://db/control", Optional.of(folder.resolve("none"))).problems();

        assertThat(problems).extracting(Problem::path).contains("--store", "--store-password-file");
    }

    private static Parsed<PostgresAddress> read(String url, Optional<Path> passwordFile) {
        return PostgresAddress.read(url, "sluice", passwordFile);
    }
}
