package dev.sluice.demo;

import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.contract.gate.Arm;
import dev.sluice.demo.change.NameSplit;
import dev.sluice.demo.change.ShopSchema;
import dev.sluice.demo.load.Calm;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Findings;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.load.LedgerChecks;
import dev.sluice.demo.load.ReadBack;
import dev.sluice.demo.load.ShareOrder;
import dev.sluice.demo.load.Users;
import dev.sluice.demo.stage.Control;
import dev.sluice.demo.stage.Stage;
import dev.sluice.demo.view.Screen;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * The two acts of the demonstration: the same change with a sound build, which takes it to its end,
 * and with one that has a bug, which is taken back.
 *
 * @param settings sizes
 * @param screen where it is told
 */
record Demo(Settings settings, Screen screen) {
    private static final String SALT = "customer-names-2026";
    private static final Duration LONGEST_SETTLING = Duration.ofMinutes(1);

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
        boolean held = true;
        for (Plot plot : Plot.values()) {
            held &= act(plot);
        }
        screen.title(held ? "Everything held." : "Something did not hold; see FAIL above.");
        return held;
    }

    private boolean act(Plot plot) throws IOException, InterruptedException, SQLException {
        screen.title(plot.title());
        Path folder = settings.folder().resolve(plot.folder());
        try (Stage stage = Stage.prepare(folder, screen::line)) {
            Stage.RunningDatabase database = stage.startDatabase();
            NameSplit split = schema(plot, database);
            stage.startServices(database.url(), plot.nameFormat());
            Control control = stage.startControl(SALT);
            stage.startSidecars();
            stage.warmUp(control.admin(), "legacy");
            Ledger ledger = new Ledger();
            Findings findings;
            try (Users users = users(stage, ledger)) {
                users.start(settings.perSecond());
                Findings change =
                        switch (plot) {
                            case SOUND_BUILD -> migrate(folder, stage, control, split, ledger);
                            case BUILD_WITH_A_BUG -> ramp(plot, stage, control, ledger);
                        };
                Instant ended = Instant.now();
                Thread.sleep(settings.soak());
                users.stop();
                findings =
                        new LedgerChecks(
                                        SALT,
                                        GateShares.of(control.admin()),
                                        explainedBy(plot, ended))
                                .check(ledger)
                                .and(new ShareOrder(RampPlan.shares(), plot.shares()).check(ledger))
                                .and(readBack(plot, stage, database).check(ledger))
                                .and(change);
                if (ledger.held() > 0) {
                    screen.line(
                            ledger.held()
                                    + " requests were not sent, for this machine was behind with "
                                    + ledger.sent());
                }
            }
            screen.findings(findings);
            return findings.hold();
        }
    }

    /** As it was before the change; for the second act, which shows a ramp alone, expanded. */
    private NameSplit schema(Plot plot, Stage.RunningDatabase database) throws SQLException {
        ShopSchema.create(database.pool(), settings.users(), new SplittableRandom(settings.seed()));
        NameSplit split = new NameSplit(database.pool());
        return switch (plot) {
            case SOUND_BUILD -> split;
            case BUILD_WITH_A_BUG -> expanded(split);
        };
    }

    private NameSplit expanded(NameSplit split) throws SQLException {
        split.expand();
        int rows = split.backfill(_ -> {});
        long disagreeing = split.disagreeing();
        if (disagreeing > 0) {
            throw new IllegalStateException(
                    disagreeing + " rows disagree after the backfill (expected: 0)");
        }
        screen.line("schema expanded, as in act 1; " + rows + " rows backfilled, all agree");
        return split;
    }

    /** The whole change as a migration, through all its phases. */
    private Findings migrate(
            Path folder, Stage stage, Control control, NameSplit split, Ledger ledger)
            throws IOException, InterruptedException, SQLException {
        var walk =
                new MigrationWalk(
                        control, screen, ledger, new JobsOfPhases(split, ledger, settings.soak()));
        walk.walk(
                ChangeFiles.in(folder, settings.soak(), Instant.now()),
                next -> {
                    if (next == Phase.RAMP) {
                        stage.warmUp(control.admin(), "new");
                        settle(ledger);
                    }
                });
        return walk.findings();
    }

    /** A ramp alone. */
    private Findings ramp(Plot plot, Stage stage, Control control, Ledger ledger)
            throws IOException, InterruptedException {
        stage.warmUp(control.admin(), "new");
        settle(ledger);
        RampWalk walk = new RampWalk(control.admin(), screen, ledger);
        Ramp ramp = walk.walk(RampPlan.of("gateSets/customer-names", settings.soak()));
        screen.line("ramp: " + ramp.getState() + ". " + ramp.getStatusMessage());
        return walk.endedAs(plot.end());
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

    private void settle(Ledger ledger) throws InterruptedException {
        boolean calm = Calm.USUAL.await(ledger, settings.soak(), LONGEST_SETTLING);
        screen.line(
                calm
                        ? "answers have settled; the ramp starts"
                        : "answers have not settled: this machine is busy; the ramp starts anyway");
    }

    /** Through the versions that can still be read through. */
    private static ReadBack readBack(Plot plot, Stage stage, Stage.RunningDatabase database)
            throws IOException, InterruptedException {
        URI fresh = stage.application("orders", "new");
        return switch (plot) {
            case SOUND_BUILD ->
                    new ReadBack(
                            Map.of("new", stage.application("customers", "new")),
                            Map.of("new", fresh),
                            database.pool());
            case BUILD_WITH_A_BUG ->
                    new ReadBack(
                            Map.of(
                                    "legacy", stage.application("customers", "legacy"),
                                    "the repaired new build", stage.startRepaired(database.url())),
                            Map.of("legacy", stage.application("orders", "legacy"), "new", fresh),
                            database.pool());
        };
    }

    /**
     * Errors that the act's build explains: those of the seeded bug, on NEW, of a person with one
     * name, sent before the gate was taken back.
     */
    private static Predicate<Entry> explainedBy(Plot plot, Instant takenBack) {
        return switch (plot) {
            case SOUND_BUILD -> _ -> false;
            case BUILD_WITH_A_BUG ->
                    entry ->
                            ShopSchema.isSingleName(entry.call().user())
                                    && entry.sent().isBefore(takenBack)
                                    && entry.decidedArm().filter(Arm.NEW::equals).isPresent();
        };
    }
}
