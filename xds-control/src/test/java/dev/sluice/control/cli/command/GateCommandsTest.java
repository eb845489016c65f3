package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.DeleteGateRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.Rollout;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.WriteAuthority;
import dev.sluice.gate.v1.WriteHold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateCommandsTest {
    private final FakeGates gates = new FakeGates().with("gates/orders", 10_000);
    private CommandRun cli;
    @TempDir private Path folder;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(gates);
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void set_reads_the_etag_first_and_guards_the_change_with_it() {
        var result = cli.run("gate", "set", "orders", "25%", "--reason", "step 3");

        assertThat(result.exitCode()).isZero();
        assertThat(gates.requests(SetShareRequest.class))
                .containsExactly(
                        SetShareRequest.newBuilder()
                                .setName("gates/orders")
                                .setSharePpm(250_000)
                                .setEtag("e1")
                                .setReason("step 3")
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build());
        assertThat(result.out()).contains("orders").contains("25%").contains("OFF -> COMPLETE");
    }

    @Test
    void set_with_an_etag_does_not_read_first() {
        cli.run("gate", "set", "gates/orders", "5000ppm", "--etag", "mine", "--validate-only");

        assertThat(gates.requests).hasSize(1);
        assertThat(gates.requests(SetShareRequest.class).getFirst())
                .returns("mine", SetShareRequest::getEtag)
                .returns(5_000, SetShareRequest::getSharePpm)
                .returns(true, SetShareRequest::getValidateOnly);
    }

    @Test
    void set_of_a_gate_that_is_not_there_exits_with_3() {
        var result = cli.run("gate", "set", "payments", "1%");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).isEqualTo("sluice: NOT_FOUND: no gates/payments\n");
    }

    @Test
    void kill_needs_a_reason() {
        var refused = cli.run("gate", "kill", "orders");
        var done = cli.run("gate", "kill", "orders", "--reason", "errors");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--reason").contains("sluice gate kill --help");
        assertThat(done.exitCode()).isZero();
        assertThat(gates.requests(KillGateRequest.class))
                .extracting(KillGateRequest::getReason)
                .containsExactly("errors");
    }

    @Test
    void stale_gates_are_listed_alone() {
        gates.with("gates/old", 1_000_000);
        gates.gates.computeIfPresent(
                "gates/old", (_, gate) -> gate.toBuilder().addStale("it has expired").build());

        assertThat(cli.run("gate", "list").out()).contains("orders", "old");
        assertThat(cli.run("gate", "list", "--stale").out())
                .contains("old")
                .doesNotContain("orders");
    }

    @Test
    void writes_are_listed_with_what_waits_of_them() {
        gates.with("gates/moving", 100_000);
        gates.gates.computeIfPresent(
                "gates/moving",
                (_, gate) ->
                        gate.toBuilder()
                                .setWriteAuthority(
                                        WriteAuthority.newBuilder().setNewBelowPpm(100_000))
                                .setWriteHold(
                                        WriteHold.newBuilder()
                                                .setFromBucket(100_000)
                                                .setToBucket(255_000))
                                .setWritesMoving("10 % of its writes are on their way to 25.5 %")
                                .build());

        assertThat(cli.run("gate", "list").out().lines())
                .anyMatch(line -> line.matches("moving +10% .*10%, waiting 10%\\.\\.25\\.5% .*"))
                .anyMatch(line -> line.matches("orders .* - .*"));
        gates.gates.computeIfPresent(
                "gates/moving", (_, gate) -> gate.toBuilder().clearWriteHold().build());
        assertThat(cli.run("gate", "list").out().lines())
                .anyMatch(line -> line.matches("moving +10% .* 10% +.*"));
    }

    @Test
    void callers_are_listed_with_what_is_missing() {
        var result = cli.run("gate", "callers", "orders");

        assertThat(result.exitCode()).isZero();
        assertThat(gates.requests(ListGateCallersRequest.class))
                .extracting(ListGateCallersRequest::getName)
                .containsExactly("gates/orders");
        assertThat(result.out().lines())
                .anyMatch(line -> line.matches("LEGACY +- +web +read +12 +3 .*"))
                .anyMatch(line -> line.matches("LEGACY +\\(others\\) +- +read +12 +3 .*"));
        assertThat(result.out() + result.err()).contains("not heard lately", "nodes/orders-1");
    }

    @Test
    void explain_asks_for_the_key_and_request_and_says_why() {
        var result = cli.run("gate", "explain", "orders", "--key", "user-7", "-H", "x-plan: gold");

        EvaluateGateRequest asked = gates.requests(EvaluateGateRequest.class).getFirst();
        assertThat(asked.getKey().toStringUtf8()).isEqualTo("user-7");
        assertThat(asked.getHeaders(0).getName()).isEqualTo("x-plan");
        assertThat(asked.getHeaders(0).getValue()).isEqualTo("gold");
        assertThat(result.out())
                .isEqualTo(
                        """
                        NEW in mode COMPLETE by SHARE, share 25%, bucket 17
                        bucket 17 is below 25 %
                        """);
    }

    @Test
    void explain_is_of_a_read_unless_another_class_is_named() {
        cli.run("gate", "explain", "orders", "--key", "user-7");
        cli.run("gate", "explain", "orders", "--key", "user-7", "--class", "UNSAFE_WRITE");

        assertThat(gates.requests(EvaluateGateRequest.class))
                .extracting(EvaluateGateRequest::getOperationClass)
                .containsExactly(OperationClass.READ, OperationClass.UNSAFE_WRITE);
    }

    @Test
    void evaluate_without_a_key_leaves_it_to_the_request() {
        cli.run("gate", "evaluate", "orders", "--path", "/orders/7");

        assertThat(gates.requests(EvaluateGateRequest.class).getFirst())
                .returns(false, EvaluateGateRequest::hasKey)
                .returns("/orders/7", EvaluateGateRequest::getPath);
    }

    @Test
    void list_walks_every_page() {
        gates.with("gates/customers", 0).with("gates/payments", 1_000_000).pageSize = 2;

        var result = cli.run("gate", "list");

        assertThat(result.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("NAME", "orders", "customers", "payments");
    }

    @Test
    void json_keeps_the_field_names_of_the_contract() {
        var one = cli.run("gate", "get", "orders", "-o", "json");
        var all = cli.run("gate", "list", "-o", "JSON");

        assertThat(one.out()).startsWith("{").contains("\"share_ppm\": 10000");
        assertThat(all.out()).startsWith("[{").endsWith("}]\n");
    }

    @Test
    void apply_creates_what_is_not_there_and_updates_what_is() throws IOException {
        Path file = folder.resolve("gates.yaml");
        Files.writeString(
                file,
                """
                name: gates/orders
                owner: team-a
                ---
                name: gates/payments
                share_ppm: 0
                bucketing: {salt: s, key: {header: x-user}, legacy: {}}
                """);

        var result = cli.run("gate", "apply", "-f", file.toString());

        assertThat(result.out()).isEqualTo("updated gates/orders\ncreated gates/payments\n");
        UpdateGateRequest update = gates.requests(UpdateGateRequest.class).getFirst();
        assertThat(update.getGate().getEtag()).isEqualTo("e1");
        assertThat(update.hasUpdateMask()).isFalse();
        CreateGateRequest create = gates.requests(CreateGateRequest.class).getFirst();
        assertThat(create.getGateId()).isEqualTo("payments");
        assertThat(create.getGate().getBucketing().getKey().getHeader()).isEqualTo("x-user");
    }

    @Test
    void what_yaml_prints_apply_reads_back() {
        String yaml = cli.run("gate", "get", "orders", "-o", "yaml").out();

        var result = cli.withInput(yaml).run("gate", "apply", "-f", "-");

        assertThat(result.exitCode()).isZero();
        assertThat(gates.requests(UpdateGateRequest.class).getFirst().getGate())
                .isEqualTo(gates.gates.get("gates/orders"));
    }

    @Test
    void update_takes_the_name_from_the_command_and_the_mask_from_the_option() {
        cli.withInput("owner: team-b")
                .run("gate", "update", "orders", "-f", "-", "--update-mask", "owner,labels");

        UpdateGateRequest update = gates.requests(UpdateGateRequest.class).getFirst();
        assertThat(update.getGate().getName()).isEqualTo("gates/orders");
        assertThat(update.getUpdateMask())
                .isEqualTo(FieldMask.newBuilder().addPaths("owner").addPaths("labels").build());
    }

    @Test
    void delete_passes_the_etag_on() {
        var result = cli.run("gate", "delete", "orders", "--etag", "e1");

        assertThat(result.out()).isEqualTo("deleted gates/orders\n");
        assertThat(gates.requests(DeleteGateRequest.class).getFirst().getEtag()).isEqualTo("e1");
    }

    @Test
    void watch_ends_when_every_node_has_applied() {
        gates.changes.add(change(1, 2));
        gates.changes.add(GateChange.newBuilder().setInSync(Empty.getDefaultInstance()).build());
        gates.changes.add(change(2, 2));
        gates.changes.add(change(2, 3));

        var result = cli.run("gate", "watch", "orders", "--until-applied");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).last().asString().endsWith("applied 2/2");
    }

    private static GateChange change(int applied, int nodes) {
        return GateChange.newBuilder()
                .setGate(
                        Gate.newBuilder()
                                .setName("gates/orders")
                                .setRollout(
                                        Rollout.newBuilder().setApplied(applied).setNodes(nodes)))
                .build();
    }
}
