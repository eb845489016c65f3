package dev.sluice.control.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.GetServiceRequest;
import dev.sluice.admin.v1.ListServicesRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleIT {
    private static final String SERVICES =
            """
            name: services/customers
            owner: team-customers
            labels: {tier: gold}
            outbound: {port: 9001}
            ---
            name: services/customers/versions/legacy
            static: {endpoints: [{address: 127.0.0.1, port: 8001}]}
            accepted_schema: {store: shop, min: "1", max: "2"}
            ---
            name: services/customers/versions/new
            static: {endpoints: [{address: 127.0.0.1, port: 8002}]}
            accepted_schema: {store: shop, min: "2"}
            ---
            name: services/edge
            calls: [services/customers]
            """;
    private static final String GATES =
            """
            name: gateSets/names
            gates: [gates/customers]
            ---
            name: gates/customers
            legacy_version: services/customers/versions/legacy
            new_version: services/customers/versions/new
            store_kind: SHARED
            from: "OFF"
            to: COMPLETE
            bucketing: {salt: names-2026, key: {header: x-user}, legacy: {}}
            ---
            name: gates/customers-store
            legacy_version: services/customers/versions/legacy
            new_version: services/customers/versions/new
            store_kind: SHARED
            from: "OFF"
            to: COMPLETE
            bucketing: {salt: store-2026, key: {header: x-user}, legacy: {}}
            rules: [{name: beta, cohort: {name: cohorts/beta}, arm: NEW}]
            ---
            name: services/customers/routes/reads
            methods: [GET]
            match: {prefix: /}
            gate: gates/customers
            operation_class: READ
            retry: {retry_on: [5xx]}
            """;
    private static final String MIGRATION =
            """
            name: migrations/names
            target: gateSets/names
            store: SHARED
            risk: LOW
            tables: [shop/customer]
            changes: [SPLIT, ADD]
            services: [services/customers]
            stores: [{name: shop, technology: PostgreSQL 17}]
            throughput: {reads_per_second: 900, writes_per_second: 100, added_percent: 20}
            access_patterns: [by key]
            coupling_points: [the nightly report]
            physical_implications: [one more index]
            logical_implications: [a name has two parts]
            success_criteria: [no ticket for a week]
            rollback_triggers: [a wrong name on an invoice]
            milestones: [{title: half, day: 2026-12-24}]
            communication: [{audience: callers, channel: "#shop", phase: DRAIN, text: move on}]
            deprecation: {deprecate_time: "2026-11-01T00:00:00Z", sunset_time: "2027-05-01T00:00:00Z"}
            depends_on: [migrations/earlier]
            soaks: [{phase: EXPAND, least: 60s}]
            soak: {soak: 60s, advance: TIMED}
            ---
            name: migrations/earlier
            target: gates/customers-store
            store: SHARED
            risk: MEDIUM
            ---
            name: cohorts/beta
            include: [{exact: alice}, {prefix: qa-}]
            ---
            name: windows/office-hours
            kind: ALLOW
            risks: [CRITICAL]
            start: "2026-11-02T09:00"
            time_zone: Europe/Berlin
            duration: 28800s
            recurrence: FREQ=WEEKLY;BYDAY=MO,TU
            ---
            name: approvalPolicies/high
            quorum: 2
            groups: [dba]
            """;

    @TempDir private Path folder;
    @TempDir private Path state;
    private AdminPlane plane;
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(state);
        cli = new CommandRun().overTheNetwork();
        write("services.yaml", SERVICES);
        write("gates.yaml", GATES);
        Files.createDirectories(folder.resolve("changes/.git"));
        write("changes/migration.yml", MIGRATION);
        write("changes/README.md", "not a resource");
        write("changes/.git/broken.yaml", "{");
    }

    @AfterEach
    void stop() {
        cli.close();
        plane.close();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private CommandRun.Result run(String... args) {
        List<String> all =
                new ArrayList<>(
                        List.of("--server", "127.0.0.1:" + plane.port(), "--token", plane.token()));
        all.addAll(List.of(args));
        return cli.run(all.toArray(String[]::new));
    }

    private CommandRun.Result plan(String... more) {
        List<String> args = new ArrayList<>(List.of("plan", "-f", folder.toString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private void apply(String... more) {
        List<String> args = new ArrayList<>(List.of("apply", "-f", folder.toString()));
        args.addAll(List.of(more));
        var result = run(args.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    private static Struct json(CommandRun.Result result) throws IOException {
        Struct.Builder json = Struct.newBuilder();
        JsonFormat.parser().merge(result.out(), json);
        return json.build();
    }

    @Test
    void a_folder_is_planned_then_applied_whatever_its_order_and_then_there_is_nothing_to_do() {
        var before = plan();
        apply();
        var after = plan();

        assertThat(before.exitCode()).as(before.err()).isEqualTo(8);
        assertThat(before.out())
                .contains("+ services/customers  (")
                .contains("services.yaml:1:1)")
                .contains("~ approvalPolicies/high")
                .contains("12 to create, 1 to update, 0 to delete, 0 unchanged, 0 refused");
        assertThat(after.out()).contains("0 to create, 0 to update, 0 to delete, 13 unchanged");
        assertThat(after.exitCode()).isZero();
    }

    @Test
    void what_is_exported_makes_an_empty_control_plane_the_same_and_plans_to_nothing()
            throws IOException {
        apply("--owner", "shop");
        Path exported = Files.createDirectories(state.resolve("exported"));
        Files.writeString(exported.resolve("all.yaml"), run("export").out());

        var same = run("plan", "-f", exported.toString());
        plane.close();
        plane = new AdminPlane(Files.createDirectories(state.resolve("other")));
        var applied = run("apply", "-f", exported.toString());

        assertThat(same.out()).contains("0 to create, 0 to update, 0 to delete, 13 unchanged");
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        assertThat(run("export").out()).isEqualTo(Files.readString(exported.resolve("all.yaml")));
        assertThat(run("export", "--kind", "gate").out())
                .contains("name: gates/customers")
                .doesNotContain("services/edge")
                .doesNotContain("etag");
        assertThat(run("export", "--kind", "gaet").err()).contains("'gaet'").contains("gateset");
        assertThat(run("export", "--kind", "baseline").err()).contains("`sluice baseline record`");
    }

    @Test
    void a_baseline_that_is_not_recorded_yet_is_noted_and_refuses_nothing() throws IOException {
        write(
                "changes/migration.yml",
                MIGRATION.replace(
                        "tables: [shop/customer]\n",
                        "tables: [shop/customer]\njudge: {baseline: baselines/may}\n"));

        var told = plan();
        var notes = json(plan("-o", "json")).getFieldsOrThrow("notes").getListValue();
        var applied = run("apply", "-f", folder.toString());

        assertThat(told.exitCode()).isEqualTo(8);
        assertThat(told.out()).contains("note: ").contains("judge.baseline: baselines/may is");
        assertThat(notes.getValues(0).getStringValue()).contains("migration.yml:6:");
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        assertThat(applied.out()).contains("sluice baseline record may");
    }

    @Test
    void a_change_is_told_field_by_field_to_people_and_to_scripts() throws IOException {
        apply();
        write(
                "services.yaml",
                SERVICES.replace("tier: gold", "tier: lead").replace("port: 9001", "port: 9002"));

        var told = plan();
        var resources = json(plan("-o", "json")).getFieldsOrThrow("resources").getListValue();

        assertThat(told.exitCode()).isEqualTo(8);
        assertThat(told.out())
                .contains("~ services/customers")
                .contains("    labels[\"tier\"]: \"gold\" -> \"lead\"\n")
                .contains("    outbound.port: 9001 -> 9002\n")
                .contains("1 to update");
        var service = resources.getValues(0).getStructValue();
        assertThat(service.getFieldsOrThrow("action").getStringValue()).isEqualTo("UPDATE");
        assertThat(
                        service.getFieldsOrThrow("fields")
                                .getListValue()
                                .getValues(1)
                                .getStructValue()
                                .getFieldsOrThrow("after")
                                .getNumberValue())
                .isEqualTo(9002);
        assertThat(
                        plane.services()
                                .getService(
                                        GetServiceRequest.newBuilder()
                                                .setName("services/customers")
                                                .build())
                                .getOutbound()
                                .getPort())
                .as("plan changes nothing")
                .isEqualTo(9001);
    }

    @Test
    void a_refusal_is_planned_with_its_place_and_nothing_is_applied() throws IOException {
        apply();
        write("services.yaml", SERVICES.replace("calls: [services/customers]", "owner: sre"));
        write("gates.yaml", GATES.replace("retry_on: [5xx]", "retry_on: [sometimes]"));

        var planned = plan();
        var applied = run("apply", "-f", folder.toString());

        assertThat(planned.out())
                .contains("! services/customers/routes/reads")
                .contains("gates.yaml:21:1")
                .contains("retry.retry_on: ")
                .contains("1 refused");
        assertThat(planned.exitCode()).isEqualTo(2);
        assertThat(applied.exitCode()).isEqualTo(2);
        assertThat(applied.err()).contains("retry.retry_on: ").contains("gates.yaml:21:1");
        assertThat(plan().out()).as("the service is not changed either").contains("1 to update");
    }

    @Test
    void only_what_came_from_files_of_the_owner_is_pruned_last_made_first() throws IOException {
        run("service", "create", "-f", other("services/by-hand").toString());
        apply("--owner", "shop");
        Files.delete(folder.resolve("gates.yaml"));
        Files.delete(folder.resolve("changes/migration.yml"));
        write("services.yaml", "name: services/customers\noutbound: {port: 9001}\n");

        var planned = plan("--owner", "shop", "--prune");
        var kept = plan("--owner", "shop");
        apply("--owner", "shop", "--prune");

        assertThat(planned.exitCode()).isEqualTo(8);
        assertThat(planned.out().lines().filter(line -> line.startsWith("- ")))
                .containsExactly(
                        "- migrations/names",
                        "- migrations/earlier",
                        "- windows/office-hours",
                        "- services/customers/routes/reads",
                        "- gateSets/names",
                        "- gates/customers-store",
                        "- gates/customers",
                        "- cohorts/beta",
                        "- services/customers/versions/new",
                        "- services/customers/versions/legacy",
                        "- services/edge");
        assertThat(kept.out()).contains("0 to delete, 1 unchanged");
        assertThat(
                        plane.services()
                                .listServices(ListServicesRequest.getDefaultInstance())
                                .getServicesList())
                .extracting(Service::getName)
                .containsExactly("services/by-hand", "services/customers");
        assertThat(run("plan", "-f", folder.toString(), "--prune").err()).contains("--owner NAME");
    }

    @Test
    void what_is_in_use_is_not_pruned_and_then_nothing_is_done() throws IOException {
        run("service", "create", "-f", other("services/by-hand").toString());
        apply("--owner", "shop");
        Files.writeString(
                state.resolve("other.yaml"),
                "name: services/by-hand\ncalls: [services/customers]\n");
        run("apply", "-f", state.resolve("other.yaml").toString());
        var gate =
                plane.gates()
                        .getGate(GetGateRequest.newBuilder().setName("gates/customers").build());
        run("gateset", "set", "names", "25%");
        Files.delete(folder.resolve("gates.yaml"));
        Files.delete(folder.resolve("changes/migration.yml"));
        write("services.yaml", "name: services/edge\ncalls: []\n");

        var planned = plan("--owner", "shop", "--prune");
        var applied = run("apply", "-f", folder.toString(), "--owner", "shop", "--prune");

        assertThat(gate.getSharePpm()).isZero();
        assertThat(planned.out())
                .contains("! services/customers\n")
                .contains("named by services/by-hand")
                .contains("! gates/customers\n")
                .contains("25% of its keys on the new side");
        assertThat(applied.exitCode()).isEqualTo(1);
        assertThat(plane.migrations().getMigration(migration())).isNotNull();
    }

    @Test
    void files_of_another_owner_are_refused_until_taken_over_and_labels_of_people_are_kept()
            throws IOException {
        apply("--owner", "shop");

        var refused = plan("--owner", "platform");
        apply("--owner", "platform", "--take-over");
        write("services.yaml", SERVICES.replace("tier: gold", "tier: lead"));
        apply();

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("! services/edge").contains("files of 'shop'");
        assertThat(
                        plane.services()
                                .getService(
                                        GetServiceRequest.newBuilder()
                                                .setName("services/customers")
                                                .build())
                                .getLabelsMap())
                .containsEntry("tier", "lead")
                .containsEntry("sluice.dev/applied-by", "platform")
                .hasSize(2);
    }

    @Test
    void what_a_migration_has_moved_is_left_as_it_is() throws IOException {
        write("changes/migration.yml", MIGRATION.replace("depends_on", "risk_reasons"));
        apply();
        var advanced =
                plane.migrations()
                        .advanceMigration(
                                AdvanceMigrationRequest.newBuilder()
                                        .setName("migrations/names")
                                        .setEtag(
                                                plane.migrations()
                                                        .getMigration(migration())
                                                        .getEtag())
                                        .build());
        write("gates.yaml", GATES.replaceFirst("to: COMPLETE", "to: COMPLETE\nshare_ppm: 500000"));

        assertThat(advanced.getPhase()).isEqualTo(dev.sluice.admin.v1.Phase.EXPAND);
        assertThat(plan().out()).contains("0 to update").contains("0 refused");
    }

    private static GetMigrationRequest migration() {
        return GetMigrationRequest.newBuilder().setName("migrations/names").build();
    }

    private Path other(String name) throws IOException {
        Path file = state.resolve("other.yaml");
        Files.writeString(file, "name: " + name + "\n");
        return file;
    }
}
