package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.path.Outcome;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a gate is kept on LEGACY, and the rest of it goes on. */
class IsolationIT {
    @TempDir private Path state;
    private AdminPlane plane;
    private CommandRun cli;

    @BeforeEach
    void a_ramp_is_at_work() throws IOException {
        plane = new AdminPlane(state);
        cli = new CommandRun().overTheNetwork();
        accepted(new Command.CreateService(Fixtures.service("orders")));
        accepted(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accepted(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        accepted(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        accepted(new Command.CreateCohort(Fixtures.cohort("vip", "vip-*")));
        accepted(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 1_000_000)));
    }

    @AfterEach
    void stop() {
        cli.close();
        plane.close();
    }

    private void accepted(Command command) {
        assertThat(plane.path().submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private CommandRun.Result run(String... args) {
        List<String> all =
                new ArrayList<>(
                        List.of("--server", "127.0.0.1:" + plane.port(), "--token", plane.token()));
        all.addAll(List.of(args));
        return cli.run(all.toArray(String[]::new));
    }

    private void done(String... args) {
        CommandRun.Result result = run(args);
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    private Gate gate() {
        return plane.gates().getGate(GetGateRequest.newBuilder().setName("gates/orders").build());
    }

    private Decision decide(String key, String method, String path) {
        return plane.gates()
                .evaluateGate(
                        EvaluateGateRequest.newBuilder()
                                .setName("gates/orders")
                                .setKey(ByteString.copyFromUtf8(key))
                                .setMethod(method)
                                .setPath(path)
                                .build());
    }

    private Arm arm(String key) {
        return decide(key, "GET", "/").getArm();
    }

    @Test
    void keys_are_kept_on_legacy_while_the_ramp_goes_on() {
        done("gate", "isolate", "orders", "--key", "ann", "--reason", "ann sees no orders");
        done("gate", "isolate", "orders", "--key", "bob,qa-*", "--reason", "so do these");

        assertThat(List.of(arm("ann"), arm("bob"), arm("qa-1"))).containsOnly(Arm.LEGACY);
        assertThat(arm("eve")).isEqualTo(Arm.NEW);
        assertThat(gate().getRulesList()).hasSize(1);
        assertThat(plane.path().feed().latest().ramp(new RampName("r")).orElseThrow().state())
                .isEqualTo(RampState.RUNNING);
        assertThat(gate().getSharePpm()).isEqualTo(1_000_000);
        assertThat(run("gate", "get", "orders").out())
                .as("by what name it is released")
                .contains("IN FORCE, ON LEGACY BY isolated ");

        done("gate", "release", "orders", "--reason", "repaired");
        assertThat(arm("ann")).isEqualTo(Arm.NEW);
        assertThat(gate().getRulesList()).isEmpty();
    }

    @Test
    void a_cohort_an_operation_and_a_whole_service_are_kept_by_rules_of_their_own() {
        done(
                "gate",
                "isolate",
                "orders",
                "--cohort",
                "vip",
                "--rule",
                "vip",
                "--reason",
                "important");
        done(
                "gate",
                "isolate",
                "orders",
                "--method",
                "POST",
                "--path",
                "/orders*",
                "--rule",
                "writes",
                "--reason",
                "lost writes");
        done(
                "gate",
                "isolate",
                "orders",
                "--grpc",
                "shop.Orders/Put",
                "--rule",
                "put",
                "--reason",
                "lost writes");

        assertThat(decide("vip-1", "GET", "/").getRule()).isEqualTo("isolated-vip");
        assertThat(decide("eve", "POST", "/orders/1").getRule()).isEqualTo("isolated-writes");
        assertThat(decide("eve", "GET", "/orders/1").getArm()).isEqualTo(Arm.NEW);
        assertThat(gate().getRules(0).getMatch().getGrpcMethod().getMethod()).isEqualTo("Put");

        done("gate", "isolate", "orders", "--all", "--rule", "all", "--reason", "all of it");
        assertThat(arm("eve")).isEqualTo(Arm.LEGACY);
        done("gate", "release", "orders", "all", "--reason", "repaired");
        assertThat(arm("eve")).isEqualTo(Arm.NEW);
    }

    @Test
    void a_migration_at_work_is_left_as_it_is_by_an_isolation() {
        accepted(new Command.CreateGate(Fixtures.gate("names", "orders", 0)));
        accepted(
                new Command.CreateMigration(
                        Fixtures.migration("m", "names", StoreKind.SHARED, List.of("db/names"))));
        MigrationName name = new MigrationName("m");
        String etag = plane.path().feed().latest().migration(name).orElseThrow().meta().etag();
        assertThat(
                        plane.path()
                                .submit(
                                        new Command.AdvanceMigration(name),
                                        Fixtures.admin().withEtag(etag))
                                .join())
                .isInstanceOf(Outcome.Accepted.class);

        done("gate", "isolate", "names", "--key", "ann", "--reason", "careful");
        done("gate", "release", "names", "--reason", "fine");
    }

    @Test
    void what_says_nothing_or_too_much_is_refused_with_the_remedy() {
        assertThat(run("gate", "isolate", "orders", "--reason", "x").err())
                .contains("nothing to isolate");
        assertThat(run("gate", "isolate", "orders", "--all", "--key", "a", "--reason", "x").err())
                .contains("together with others");
        assertThat(
                        run(
                                        "gate",
                                        "isolate",
                                        "orders",
                                        "--key",
                                        "a",
                                        "--cohort",
                                        "vip",
                                        "--reason",
                                        "x")
                                .err())
                .contains("keys and a cohort");
        assertThat(run("gate", "isolate", "orders", "--key", "a").err()).contains("--reason");
        done("gate", "isolate", "orders", "--key", "a", "--reason", "x");
        assertThat(run("gate", "isolate", "orders", "--cohort", "vip", "--reason", "x").err())
                .contains("which isolates something else");
        CommandRun.Result none = run("gate", "release", "orders", "other", "--reason", "x");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("isolation isolated-other of gates/orders");
    }
}
