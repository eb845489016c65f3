package dev.sluice.control.cli;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import dev.sluice.admin.v1.GetServiceRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc.ServiceServiceImplBase;
import dev.sluice.control.cli.session.Target;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTreeTest {
    @TempDir private Path home;
    private CommandRun cli;

    /** Answers every call with one status. */
    private static final class Refusing extends ServiceServiceImplBase {
        private final Status status;

        Refusing(Status status) {
            this.status = status;
        }

        @Override
        public void getService(GetServiceRequest request, StreamObserver<Service> observer) {
            observer.onError(StatusProto.toStatusRuntimeException(status));
        }
    }

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun();
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    private CommandRun refusing(Code code, Any... details) throws IOException {
        var status = Status.newBuilder().setCode(code.getNumber()).setMessage("refused");
        for (Any detail : details) {
            status.addDetails(detail);
        }
        cli.close();
        cli = new CommandRun(new Refusing(status.build()));
        return cli;
    }

    @Test
    void every_problem_of_a_refusal_is_a_line() throws IOException {
        refusing(
                Code.INVALID_ARGUMENT,
                Any.pack(
                        ErrorInfo.newBuilder()
                                .setReason("INVALID_SERVICE")
                                .putMetadata("runbook", "docs/runbooks/INVALID.md")
                                .build()),
                Any.pack(
                        BadRequest.newBuilder()
                                .addFieldViolations(violation("calls[0]", "got a"))
                                .addFieldViolations(violation("owner", "got b"))
                                .build()));

        var result = cli.run("service", "get", "a");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        """
                        sluice: INVALID_ARGUMENT (INVALID_SERVICE): refused
                          calls[0]: got a
                          owner: got b
                          more in docs/runbooks/INVALID.md
                        """);
    }

    @Test
    void a_failed_precondition_names_its_subject_and_exits_with_1() throws IOException {
        refusing(
                Code.FAILED_PRECONDITION,
                Any.pack(
                        PreconditionFailure.newBuilder()
                                .addViolations(
                                        PreconditionFailure.Violation.newBuilder()
                                                .setSubject("gates/orders")
                                                .setDescription("names it"))
                                .build()));

        var result = cli.run("service", "get", "a");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("  gates/orders: names it\n");
    }

    @Test
    void each_way_to_fail_has_its_own_exit_code() throws IOException {
        assertThat(exitCode(Code.NOT_FOUND)).isEqualTo(3);
        assertThat(exitCode(Code.UNAVAILABLE)).isEqualTo(4);
        assertThat(exitCode(Code.ABORTED)).isEqualTo(5);
        assertThat(exitCode(Code.UNAUTHENTICATED)).isEqualTo(6);
        assertThat(exitCode(Code.ALREADY_EXISTS)).isEqualTo(7);
        assertThat(exitCode(Code.INTERNAL)).isEqualTo(70);
    }

    private int exitCode(Code code) throws IOException {
        try (CommandRun run = refusing(code)) {
            var result = run.run("service", "get", "a");
            assertThat(result.err()).as("no stack trace").doesNotContain("\tat ");
            return result.exitCode();
        }
    }

    @Test
    void an_unreachable_control_plane_is_told_with_its_remedy() throws IOException {
        var result = refusing(Code.UNAVAILABLE).run("service", "get", "a");

        assertThat(result.err())
                .contains("control plane 127.0.0.1:9720 (plain text)")
                .contains("start one with `sluice control`");
    }

    @Test
    void the_token_comes_from_the_option_then_the_environment_then_the_state_folder()
            throws IOException {
        refusing(Code.NOT_FOUND).withHome(home);
        Files.createDirectories(home.resolve(".sluice/control"));
        Files.writeString(home.resolve(".sluice/control/admin.token"), "from-file\n");

        cli.run("service", "get", "a");
        cli.withEnvironment("SLUICE_TOKEN", "from-environment").run("service", "get", "a");
        cli.run("service", "get", "a", "--token", "from-option");

        assertThat(cli.authorizations())
                .containsExactly(
                        "Bearer from-file", "Bearer from-environment", "Bearer from-option");
        assertThat(cli.dialled().getFirst().toString()).doesNotContain("from-file");
    }

    @Test
    void the_server_comes_from_the_option_then_the_environment() throws IOException {
        refusing(Code.NOT_FOUND).withEnvironment("SLUICE_SERVER", "127.0.0.1:7");

        cli.run("service", "get", "a");
        cli.run("--server", "[::1]:8", "service", "get", "a");

        assertThat(cli.dialled())
                .containsExactly(
                        new Target("127.0.0.1", 7, new Target.Proof.None(), Optional.empty()),
                        new Target("::1", 8, new Target.Proof.None(), Optional.empty()));
    }

    @Test
    void a_client_certificate_takes_the_place_of_the_token_and_needs_its_key_and_tls()
            throws IOException {
        refusing(Code.NOT_FOUND).withEnvironment("SLUICE_TOKEN", "secret");

        cli.run("service", "get", "a", "--client-cert", "c", "--client-key", "k", "--ca", "a");
        assertThat(cli.run("service", "get", "a", "--client-cert", "c").err())
                .contains("--client-key", "all three");

        assertThat(cli.authorizations()).containsExactly("");
        assertThat(cli.dialled())
                .containsExactly(
                        new Target(
                                "127.0.0.1",
                                9720,
                                new Target.Proof.Certificate(Path.of("c"), Path.of("k")),
                                Optional.of(Path.of("a"))));
    }

    @Test
    void wrong_use_connects_to_nothing_and_says_where_help_is() throws IOException {
        refusing(Code.NOT_FOUND);

        assertThat(cli.run("gate", "lst").err()).contains("gate list").contains("gate --help");
        assertThat(cli.run("gate", "set", "orders", "25").err()).contains("25% or 250000ppm");
        assertThat(cli.run("service", "get", "a", "--server", "x").exitCode()).isEqualTo(2);
        assertThat(cli.run().exitCode()).isEqualTo(2);
        assertThat(cli.dialled()).isEmpty();
    }

    @Test
    void a_name_of_another_kind_is_refused() throws IOException {
        var result = refusing(Code.NOT_FOUND).run("version", "get", "customers");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("services/{id}/versions/{id} or {id}/{id}");
    }

    @Test
    void a_file_that_cannot_be_read_is_told_without_a_call() throws IOException {
        refusing(Code.NOT_FOUND);

        var missing = cli.run("service", "create", "-f", home.resolve("none.yaml").toString());
        var malformed = cli.withInput("{a: [").run("service", "create", "-f", "-");
        var unknown = cli.withInput("nmae: a").run("service", "create", "-f", "-");
        var unnamed = cli.withInput("owner: a").run("apply", "-f", "-");

        assertThat(missing.err()).contains("no such file");
        assertThat(malformed.err())
                .contains("file -:2:1: while parsing a flow node", "expected well-formed YAML");
        assertThat(unknown.err()).contains("nmae");
        assertThat(unnamed.err()).contains("field name").contains("services/{id}");
        assertThat(cli.dialled()).isEmpty();
    }

    @Test
    void help_documents_the_exit_codes_and_every_command_has_help() throws IOException {
        refusing(Code.NOT_FOUND);

        assertThat(cli.run("--help").out()).contains("stale etag").contains("no control plane");
        assertThat(cli.run("gate", "kill", "--help").out()).contains("until resume");
        assertThat(cli.run("ramp", "create", "--help").exitCode()).isZero();
    }

    @Test
    void lists_of_commands_say_whole_sentences() {
        assertThat(CommandTree.commands(cli.surroundings()).getSubcommands())
                .extractingByKey("search")
                .extracting(
                        search -> search.getCommandSpec().usageMessage().description(),
                        as(InstanceOfAssertFactories.array(String[].class)))
                .hasSize(2)
                .startsWith("Finds resources of every kind by what stands in them.")
                .anyMatch(rest -> rest.startsWith("Every term must hold: TEXT anywhere, FIELD:"));
    }

    @Test
    void completion_scripts_know_the_commands() throws IOException {
        refusing(Code.NOT_FOUND);

        assertThat(cli.run("completion", "bash").out()).contains("gateset").contains("rollback");
        assertThat(cli.run("completion", "zsh").out()).startsWith("autoload");
    }

    private static FieldViolation violation(String field, String description) {
        return FieldViolation.newBuilder().setField(field).setDescription(description).build();
    }
}
