package dev.sluice.control.outward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginsTest {
    @TempDir private Path folder;

    @Test
    void what_is_allowed_is_a_scheme_a_host_and_a_port() {
        Origins origins =
                Origins.parse(
                                "--allow",
                                List.of(
                                        "https://Hooks.example.com",
                                        "http://127.0.0.1:8080/",
                                        "smtp://mail.example.com"))
                        .orThrow();

        assertThat(List.of("https://hooks.example.com/a?b", "HTTPS://hooks.example.com:443"))
                .allMatch(url -> origins.allow(Origins.of(URI.create(url)).orElseThrow()));
        assertThat(
                        List.of(
                                "http://hooks.example.com/",
                                "https://hooks.example.com:8443/",
                                "https://example.com/",
                                "https://hooks.example.com.evil.example/",
                                "http://127.0.0.1/",
                                "http://169.254.169.254/latest"))
                .noneMatch(url -> origins.allow(Origins.of(URI.create(url)).orElseThrow()));
        assertThat(origins.allow("smtp://mail.example.com:587")).isTrue();
        assertThat(origins.refusal("url", "--query-allow", "http://x:80").toString())
                .contains("https://hooks.example.com:443", "--query-allow");
        assertThat(Origins.NONE.refusal("url", "--query-allow", "http://x:80").expected())
                .contains("which has none");
    }

    @Test
    void every_origin_that_is_none_is_told() {
        assertThat(
                        Origins.parse(
                                        "--allow",
                                        List.of(
                                                "hooks.example.com",
                                                "ftp://example.com",
                                                "https://example.com/path",
                                                "https://user@example.com",
                                                "https://exa mple.com",
                                                "https://example.com:99999"))
                                .problems())
                .hasSize(6);
    }

    @Test
    void a_secret_is_a_variable_else_a_file_and_never_anything_else() throws IOException {
        Files.writeString(folder.resolve("chat-url"), " https://x \n");
        Files.writeString(folder.resolve("key"), "of the file");
        Files.writeString(folder.resolve("empty"), "\n");
        Secrets secrets =
                new Secrets(Optional.of(folder), Map.of("SLUICE_SECRET_KEY", "of the variable"));

        assertThat(secrets.find("chat-url")).contains("https://x");
        assertThat(secrets.find("key")).contains("of the variable");
        assertThat(secrets.find("empty")).isEmpty();
        assertThat(secrets.find("none")).isEmpty();
        assertThat(secrets.toString()).doesNotContain("variable");
    }
}
