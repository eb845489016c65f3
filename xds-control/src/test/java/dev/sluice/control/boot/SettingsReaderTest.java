package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.checkpoint.SigningKeys;
import dev.sluice.control.store.SqliteEventStore.History;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class SettingsReaderTest {
    private static final Path HOME = Path.of("/home/someone");
    @TempDir private Path folder;

    @Test
    void without_options_everything_is_on_loopback() {
        Settings settings = settings(Map.of());

        assertThat(settings.admin().toString()).isEqualTo("/127.0.0.1:9720");
        assertThat(settings.xds().toString()).isEqualTo("/127.0.0.1:9721");
        assertThat(settings.web().orElseThrow().toString()).isEqualTo("/127.0.0.1:9722");
        assertThat(settings.adminTls()).isEmpty();
        assertThat(settings.xdsTls()).isEmpty();
        assertThat(settings.state()).isEqualTo(HOME.resolve(".sluice/control"));
        assertThat(settings.backups()).isEqualTo(HOME.resolve(".sluice/control/backups"));
        assertThat(settings.shared()).isEmpty();
        assertThat(settings.history()).isEqualTo(History.CONTINUED);
    }

    @Test
    void every_option_is_in_the_settings() throws IOException {
        String pem = Files.createFile(folder.resolve("a.pem")).toString();
        Path users =
                Files.writeString(
                        folder.resolve("users.yaml"),
                        "users: [{name: ada, token_sha256: '"
                                + "0a".repeat(32)
                                + "', roles:"
                                + " [viewer]}]");

        Settings settings =
                settings(
                        Map.of(),
                        "--users=" + users,
                        "--listen=[::1]:1",
                        "--tls-cert=" + pem,
                        "--tls-key=" + pem,
                        "--xds-listen=10.1.2.3:2",
                        "--xds-tls-cert=" + pem,
                        "--xds-tls-key=" + pem,
                        "--xds-client-ca=" + pem,
                        "--web-listen=off",
                        "--state=" + folder,
                        "--backups=" + folder.resolve("copies"),
                        "--store=jdbc:postgresql://db:5433/control?sslmode=require",
                        "--store-user=sluice",
                        "--replica-ca=" + pem,
                        "--advertise=control-1.internal:9720",
                        "--store-password-file=" + pem,
                        "--query-allow=https://metrics.example.com,http://10.0.0.1:9090",
                        "--restored");

        Tls withoutCa = new Tls(Path.of(pem), Path.of(pem), Optional.empty());
        assertThat(settings.admin().getPort()).isEqualTo(1);
        assertThat(settings.adminTls()).contains(withoutCa);
        assertThat(settings.xds().getPort()).isEqualTo(2);
        assertThat(settings.xdsTls())
                .contains(new Tls(Path.of(pem), Path.of(pem), Optional.of(Path.of(pem))));
        assertThat(settings.web()).isEmpty();
        assertThat(settings.state()).isEqualTo(folder);
        assertThat(settings.shared().orElseThrow().database())
                .hasToString("jdbc:postgresql://db:5433/control");
        assertThat(settings.shared().orElseThrow().advertised())
                .contains("control-1.internal:9720");
        assertThat(settings.shared().orElseThrow().replicaCa()).contains(Path.of(pem));
        assertThat(settings.backups()).isEqualTo(folder.resolve("copies"));
        assertThat(settings.history()).isEqualTo(History.RESTORED);
        assertThat(settings.inquiry().origins().allow("http://10.0.0.1:9090")).isTrue();
        assertThat(settings.users().users())
                .singleElement()
                .satisfies(entry -> assertThat(entry.user().name()).isEqualTo("ada"));
    }

    @Test
    void checkpoints_go_where_they_are_told_to_as_often_as_they_are_told_to()
            throws IOException, GeneralSecurityException {
        SigningKeys.generate(folder.resolve("key"), folder.resolve("key.pub"));
        assertThat(settings(Map.of()).checkpoints()).isEmpty();

        CheckpointSettings plain =
                settings(
                                Map.of("SLUICE_CHECKPOINT_KEY", folder.resolve("key").toString()),
                                "--checkpoints=" + folder)
                        .checkpoints()
                        .orElseThrow();
        CheckpointSettings posted =
                settings(
                                Map.of(),
                                "--checkpoint-url=https://vault.example.com/in",
                                "--checkpoint-key=" + folder.resolve("key"),
                                "--checkpoint-every=2h")
                        .checkpoints()
                        .orElseThrow();

        assertThat(plain.folder()).contains(folder);
        assertThat(plain.url()).isEmpty();
        assertThat(plain.every()).isEqualTo(Duration.ofMinutes(10));
        assertThat(posted.folder()).isEmpty();
        assertThat(posted.url()).contains(URI.create("https://vault.example.com/in"));
        assertThat(posted.every()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void every_problem_of_checkpoints_is_told() {
        assertThat(
                        problems(
                                "--checkpoints=" + folder.resolve("nowhere"),
                                "--checkpoint-url=ftp://vault.example.com",
                                "--checkpoint-every=30s"))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "--checkpoints",
                        "--checkpoint-url",
                        "--checkpoint-key",
                        "--checkpoint-every");
        assertThat(problems("--checkpoint-every=8d"))
                .as("no place to go to")
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "--checkpoints", "--checkpoint-key", "--checkpoint-every");
        assertThat(problems("--checkpoints=" + folder, "--checkpoint-key=" + folder))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.remedy()).contains("sluice control audit keygen"));
    }

    @Test
    void each_option_with_a_value_has_its_variable() throws IllegalAccessException {
        List<String> variables = new ArrayList<>();
        for (Field field : ControlCommand.class.getDeclaredFields()) {
            Option option = field.getAnnotation(Option.class);
            if (option != null && field.getType() != boolean.class) {
                String name = option.names()[0].substring("--".length());
                String variable = "SLUICE_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
                ControlCommand options = new ControlCommand();
                options.fillFrom(Map.of(variable, "given"));
                assertThat(String.valueOf(field.get(options))).as(variable).contains("given");
                variables.add(variable);
            }
        }
        assertThat(variables).contains("SLUICE_LISTEN", "SLUICE_BACKUPS", "SLUICE_NOTIFY_ALLOW");
    }

    @Test
    void an_option_wins_over_its_variable() {
        Map<String, String> environment =
                Map.of("SLUICE_LISTEN", "127.0.0.1:5", "SLUICE_XDS_LISTEN", "127.0.0.1:6");

        Settings settings = settings(environment, "--listen", "127.0.0.1:7");

        assertThat(settings.admin().getPort()).isEqualTo(7);
        assertThat(settings.xds().getPort()).isEqualTo(6);
    }

    @Test
    void nothing_listens_beyond_loopback_in_the_clear() {
        List<Problem> problems =
                problems(
                        "--listen=0.0.0.0:1",
                        "--xds-listen=0.0.0.0:2",
                        "--web-listen=[::]:3",
                        "--state=x");

        assertThat(problems)
                .extracting(Problem::path)
                .containsExactly("--listen", "--xds-listen", "--web-listen");
    }

    @Test
    void a_closed_network_may_have_nodes_and_page_in_the_clear_but_never_the_admin_api() {
        List<Problem> problems =
                problems(
                        "--allow-cleartext=xds,web",
                        "--listen=0.0.0.0:1",
                        "--xds-listen=0.0.0.0:2",
                        "--web-listen=0.0.0.0:3");

        assertThat(problems).extracting(Problem::path).containsExactly("--listen");
    }

    @Test
    void every_problem_is_told_at_once() {
        List<Problem> problems =
                problems(
                        "--listen=nowhere:1",
                        "--xds-listen=127.0.0.1:65536",
                        "--web-listen=127.0.0.1",
                        "--tls-cert=missing.pem",
                        "--query-allow=metrics.example.com",
                        "--notify-allow=hooks.example.com",
                        "--query-ca=missing.pem",
                        "--allow-cleartext=admin");

        assertThat(problems)
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "--allow-cleartext",
                        "--tls-cert",
                        "--tls-key",
                        "--listen",
                        "--xds-listen",
                        "--web-listen",
                        "--query-allow",
                        "--notify-allow",
                        "--query-ca");
    }

    private static Settings settings(Map<String, String> environment, String... args) {
        return read(environment, args).orThrow();
    }

    private static List<Problem> problems(String... args) {
        return read(Map.of(), args) instanceof Parsed.Refused<Settings>(var problems)
                ? problems
                : List.of();
    }

    private static Parsed<Settings> read(Map<String, String> environment, String... args) {
        var options = new ControlCommand();
        var unused = new CommandLine(options).parseArgs(args);
        return Main.read(options, environment, HOME);
    }
}
