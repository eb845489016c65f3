package dev.sluice.control.change.codec;

import dev.sluice.contract.ServiceName;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.Phase;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What can be said of a migration. */
final class Profiles {
    private Profiles() {}

    /** With every field. */
    static MigrationProfile full() {
        return new MigrationProfile(
                new MigrationProfile.Scope(
                        List.of(MigrationProfile.Change.SPLIT, MigrationProfile.Change.ADD),
                        List.of(new ServiceName("orders")),
                        List.of(new MigrationProfile.Store("shop", "PostgreSQL 17"))),
                new MigrationProfile.People(
                        List.of("ada"),
                        List.of(
                                new MigrationProfile.Milestone(
                                        "old gone", LocalDate.parse("2026-12-24"))),
                        List.of(
                                new MigrationProfile.Notice(
                                        "callers", "#shop", Phase.DRAIN, "move on"))),
                new MigrationProfile.Impact(
                        Optional.of(new MigrationProfile.Throughput(900, 100, 20)),
                        List.of("by key"),
                        List.of("a report"),
                        List.of("a second index"),
                        List.of("names have two parts")),
                new MigrationProfile.Goals(List.of("no ticket"), List.of("wrong names")),
                Optional.of(
                        new MigrationProfile.DeprecationWindow(
                                Fixtures.START,
                                Fixtures.START.plus(Duration.ofDays(30)),
                                Optional.of("https://shop.example/names"))));
    }
}
