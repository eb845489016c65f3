package dev.sluice.demo;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.contract.gate.Arm;
import dev.sluice.demo.change.NameSplit;
import dev.sluice.demo.change.ShopSchema;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Findings;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.load.LedgerChecks;
import dev.sluice.demo.load.ReadBack;
import dev.sluice.demo.load.Users;
import dev.sluice.demo.stage.Stage;
import dev.sluice.demo.view.Screen;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The two acts of the demonstration. In the first a sound build takes the change to its end; in the
 * second a build with a bug is taken back.
 *
 * @param settings sizes
 * @param screen where it is told
 */
record Demo(Settings settings, Screen screen) {
    private static final String SALT = "customer-names-2026";

    /**
     * @param users distinct users
     * @param perSecond requests a second
     * @param soak shortest stay in each step
     * @param seed of names, popularity and choices
     * @param folder for state and logs
     */
    record Settings(int users, int perSecond, Duration soak, long seed, Path folder) {}

    /** Runs both acts; says whether everything that must hold did. */
    boolean run() throws IOException, InterruptedException, SQLException {
        boolean first = change();
        boolean second = rollback();
        screen.title(
                first && second ? "Everything held." : "Something did not hold; see FAIL above.");
        return first && second;
    }

    private boolean change() throws IOException, InterruptedException, SQLException {
        screen.title("Act 1: customers.customer_name becomes first_name and last_name, under load");
        try (Stage stage = Stage.prepare(settings.folder().resolve("act-1"), screen::line)) {
            Stage.RunningDatabase database = stage.startDatabase();
            NameSplit split = expand(database);
            stage.startServices(database.url(), "sound");
            Channel control = stage.startControl(SALT);
            stage.startSidecars();
            stage.warmUp();
            Ledger ledger = new Ledger();
            try (Users users = users(stage, ledger)) {
                users.start(settings.perSecond());
                pause(settings.soak()); // share 0: everybody on legacy
                Act act = new Act(control, screen, ledger);
                Ramp ramp =
                        act.walk(
                                RampPlan.of("gateSets/customer-names", settings.soak().toMillis()));
                screen.line("ramp: " + ramp.getState() + ". " + ramp.getStatusMessage());
                Findings contracted = contract(control, split, ledger);
                users.stop();
                Findings findings =
                        new LedgerChecks(SALT, act.shares(), _ -> false)
                                .check(ledger)
                                .and(
                                        new ReadBack(
                                                        Map.of("new", stage.customers("new")),
                                                        database.pool())
                                                .check(ledger))
                                .and(contracted)
                                .and(ended(ramp, RampState.SUCCEEDED));
                screen.findings(findings);
                return findings.hold();
            }
        }
    }

    private boolean rollback() throws IOException, InterruptedException, SQLException {
        screen.title(
                "Act 2: the same ramp with a build of customers that fails for people with one name");
        try (Stage stage = Stage.prepare(settings.folder().resolve("act-2"), screen::line)) {
            Stage.RunningDatabase database = stage.startDatabase();
            expand(database);
            stage.startServices(database.url(), "forgets-single-names");
            Channel control = stage.startControl(SALT);
            stage.startSidecars();
            stage.warmUp();
            Ledger ledger = new Ledger();
            try (Users users = users(stage, ledger)) {
                users.start(settings.perSecond());
                pause(settings.soak()); // share 0: everybody on legacy
                Act act = new Act(control, screen, ledger);
                Ramp ramp =
                        act.walk(
                                RampPlan.of("gateSets/customer-names", settings.soak().toMillis()));
                Instant takenBack = Instant.now();
                screen.line("ramp: " + ramp.getState() + ". " + ramp.getStatusMessage());
                pause(settings.soak());
                users.stop();
                Findings findings =
                        new LedgerChecks(SALT, act.shares(), ofTheBug(takenBack))
                                .check(ledger)
                                .and(
                                        new ReadBack(
                                                        Map.of(
                                                                "legacy", stage.customers("legacy"),
                                                                "the repaired new build",
                                                                        stage.startRepaired(
                                                                                database.url())),
                                                        database.pool())
                                                .check(ledger))
                                .and(ended(ramp, RampState.ROLLED_BACK));
                screen.findings(findings);
                return findings.hold();
            }
        }
    }

    private NameSplit expand(Stage.RunningDatabase database) throws SQLException {
        ShopSchema.create(database.pool(), settings.users(), new SplittableRandom(settings.seed()));
        NameSplit split = new NameSplit(database.pool());
        split.expand();
        int rows = split.backfill(_ -> {});
        long disagreeing = split.disagreeing();
        if (disagreeing > 0) {
            throw new IllegalStateException(
                    disagreeing + " rows disagree after the backfill (expected: 0)");
        }
        screen.line(
                "schema expanded: columns, two-way trigger, "
                        + rows
                        + " rows backfilled, every row agrees");
        return split;
    }

    private Users users(Stage stage, Ledger ledger) {
        screen.line(settings.users() + " users, " + settings.perSecond() + " requests a second");
        return new Users(
                stage.edge(),
                settings.users(),
                ledger,
                new SplittableRandom(settings.seed() + 1),
                Clock.systemUTC());
    }

    /**
     * Takes the old column away, once no call has reached legacy for a while and none can come
     * back.
     */
    private Findings contract(Channel control, NameSplit split, Ledger ledger)
            throws InterruptedException, SQLException {
        for (String gate : List.of("gates/customers", "gates/orders")) {
            forbidTakingBack(control, gate);
        }
        int from = ledger.entries().size();
        pause(settings.soak());
        List<Entry> window = ledger.since(from);
        long legacy = window.stream().filter(Demo::touchedLegacy).count();
        if (legacy == 0 && !window.isEmpty()) {
            split.contract();
            screen.line(
                    "contracted: no legacy call among the last "
                            + window.size()
                            + "; customer_name is gone");
            pause(settings.soak());
        }
        return new Findings(
                List.of(
                        new Findings.Check(
                                "the old column went only after a window without legacy calls",
                                window.size(),
                                legacy == 0
                                        ? List.of()
                                        : List.of(
                                                legacy
                                                        + " legacy calls in the window; not contracted"))));
    }

    private static boolean touchedLegacy(Entry entry) {
        return entry.outcome() instanceof Entry.Outcome.Answered answered
                && (answered.servedBy().endsWith("/legacy")
                        || answered.inner()
                                .map(inner -> inner.servedBy().endsWith("/legacy"))
                                .orElse(false));
    }

    private static void forbidTakingBack(Channel control, String name) {
        GateServiceGrpc.GateServiceBlockingStub gates = GateServiceGrpc.newBlockingStub(control);
        Gate gate = gates.getGate(GetGateRequest.newBuilder().setName(name).build());
        gates.updateGate(
                UpdateGateRequest.newBuilder()
                        .setGate(
                                gate.toBuilder().setTakeBack(dev.sluice.gate.v1.TakeBack.FORBIDDEN))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("take_back"))
                        .setReason("start of the contract phase")
                        .build());
    }

    /**
     * Errors that the seeded bug explains: on NEW, of a person with one name, sent before the gate
     * was taken back.
     */
    private static Predicate<Entry> ofTheBug(Instant takenBack) {
        return entry ->
                ShopSchema.isSingleName(entry.call().user())
                        && entry.sent().isBefore(takenBack)
                        && entry.outcome() instanceof Entry.Outcome.Answered answered
                        && answered.decision()
                                .map(decision -> decision.arm() == Arm.NEW)
                                .orElse(false);
    }

    private static Findings ended(Ramp ramp, RampState expected) {
        return new Findings(
                List.of(
                        new Findings.Check(
                                "the ramp ended as " + expected,
                                1,
                                ramp.getState() == expected
                                        ? List.of()
                                        : List.of(
                                                ramp.getState()
                                                        + ": "
                                                        + ramp.getStatusMessage()))));
    }

    private static void pause(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
