package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.Problem;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationProfile.DeprecationWindow;
import dev.sluice.control.change.spec.MigrationProfile.Impact;
import dev.sluice.control.change.spec.MigrationProfile.People;
import dev.sluice.control.change.spec.MigrationProfile.Scope;
import dev.sluice.control.change.spec.MigrationProfile.Store;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.structure.VersionRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks what is said of a migration as a product. Immutable. */
record ProfileRules(Catalog catalog, CommandContext context, Refusals refusals, Ranges ranges) {
    private static final int MOST_TEXTS = 32;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_TITLE = 128;
    private static final int MOST_ENTRIES = 64;
    private static final long MOST_LOAD = 1_000_000_000_000L;

    /** Semantic Versioning 2.0.0. */
    private static final Pattern SEMANTIC =
            Pattern.compile(
                    "(0|[1-9]\\d{0,9})(\\.(0|[1-9]\\d{0,9})){2}"
                            + "(-[0-9A-Za-z.-]{1,64})?(\\+[0-9A-Za-z.-]{1,64})?");

    private static final Pattern DIGEST = Pattern.compile("(sha256:)?[0-9a-f]{64}");
    private static final Pattern LINK = Pattern.compile("https?://\\S{1,1016}");

    void check(MigrationSpec spec) {
        checkSchema(spec);
        MigrationProfile profile = spec.profile();
        checkScope(profile.scope(), spec.tables());
        checkPeople(profile.people());
        checkImpact(profile.impact());
        texts("success_criteria", profile.goals().successCriteria());
        texts("rollback_triggers", profile.goals().rollbackTriggers());
        profile.deprecation().ifPresent(this::checkDeprecation);
    }

    private void checkSchema(MigrationSpec spec) {
        MigrationSpec.Product product = spec.product();
        ranges.number("risk_reasons", product.riskReasons().size(), 0, 16);
        product.riskReasons().forEach(why -> ranges.text("risk_reasons", why, 1, LONGEST_TEXT));
        if (product.artifactDigest().filter(it -> !DIGEST.matcher(it).matches()).isPresent()) {
            refusals.invalid(
                    "artifact_digest",
                    Problem.quote(product.artifactDigest().get()),
                    "64 lower-case hex digits, with or without sha256: before them",
                    "give what `sha256sum` says of the scripts");
        }
        if (product.schemaVersion().isEmpty()) {
            return;
        }
        if (SEMANTIC.matcher(product.schemaVersion()).matches()) {
            catalog.gatesOf(spec.target()).forEach(gate -> checkAccepted(gate, spec));
        } else {
            refusals.invalid(
                    "schema_version",
                    Problem.quote(product.schemaVersion()),
                    "a semantic version such as 2.0.0",
                    "write major, minor and patch");
        }
    }

    /** Who is to work on the new schema must say that it can, where it says anything. */
    private void checkAccepted(GateState gate, MigrationSpec spec) {
        String version = spec.product().schemaVersion().split("[-+]", 2)[0];
        VersionName.parse(gate.content().cluster(Arm.NEW))
                .toOptional()
                .flatMap(catalog::version)
                .map(Version::spec)
                .ifPresent(fresh ->
                        fresh.acceptedSchema()
                                .filter(range -> spec.storeNames().contains(range.store()))
                                .filter(range -> !VersionRules.accepts(range, version))
                                .ifPresent(range ->
                                        refusals.precondition(
                                                "schema_version",
                                                version
                                                        + ", where "
                                                        + fresh.name()
                                                        + " accepts "
                                                        + range.min()
                                                        + " to "
                                                        + range.max()
                                                        + " of "
                                                        + range.store(),
                                                "one that the new version accepts",
                                                "correct accepted_schema of the version, or the"
                                                        + " schema version")));
    }

    private void checkScope(Scope scope, List<String> tables) {
        ranges.number("services", scope.services().size(), 0, 256);
        scope.services()
                .forEach(name -> refusals.reference(catalog.service(name), "services", name));
        ranges.number("contracts", scope.contracts().size(), 0, MOST_ENTRIES);
        scope.contracts().forEach(name -> ranges.text("contracts", name, 1, 256));
        ranges.number("stores", scope.stores().size(), 0, MOST_ENTRIES);
        Set<String> names = new HashSet<>();
        for (Store store : scope.stores()) {
            ranges.text("stores", store.name(), 1, LONGEST_TITLE);
            ranges.text("stores.technology", store.technology(), 0, LONGEST_TITLE);
            store.use()
                    .ifPresent(use -> {
                        ranges.number("stores.io_percent", use.ioPercent(), 0, 1_000);
                        ranges.number(
                                "stores.replication_percent", use.replicationPercent(), 0, 1_000);
                    });
            if (store.name().contains("/") || !names.add(store.name())) {
                refusals.invalid(
                        "stores",
                        Problem.quote(store.name()),
                        "each store once, without a slash",
                        "correct the name");
            }
        }
        tables.stream()
                .filter(table -> !names.isEmpty())
                .filter(table -> !names.contains(MigrationSpec.storeOf(table)))
                .forEach(table ->
                        refusals.invalid(
                                "tables",
                                Problem.quote(table),
                                "STORE/TABLE of one of the stores "
                                        + names.stream().sorted().toList(),
                                "name its store, or correct the table"));
    }

    private void checkPeople(People people) {
        ranges.number("approvers", people.approvers().size(), 0, 16);
        people.approvers().forEach(who -> ranges.text("approvers", who, 1, LONGEST_TITLE));
        if (people.approvers().contains(context.principal().name())) {
            refusals.invalid(
                    "approvers",
                    context.principal().name() + ", who writes the plan",
                    "people who write no part of it",
                    "name somebody else");
        }
        ranges.number("milestones", people.milestones().size(), 0, MOST_ENTRIES);
        people.milestones()
                .forEach(one -> ranges.text("milestones.title", one.title(), 1, LONGEST_TITLE));
        ranges.number("communication", people.communication().size(), 0, MOST_ENTRIES);
        people.communication()
                .forEach(notice -> {
                    ranges.text("communication.audience", notice.audience(), 1, LONGEST_TITLE);
                    ranges.text("communication.channel", notice.channel(), 1, 256);
                    ranges.text("communication.text", notice.text(), 1, LONGEST_TEXT);
                });
    }

    private void checkImpact(Impact impact) {
        impact.throughput()
                .ifPresent(load -> {
                    ranges.number(
                            "throughput.reads_per_second", load.readsPerSecond(), 0, MOST_LOAD);
                    ranges.number(
                            "throughput.writes_per_second", load.writesPerSecond(), 0, MOST_LOAD);
                    ranges.number("throughput.added_percent", load.addedPercent(), 0, 1_000);
                });
        texts("access_patterns", impact.accessPatterns());
        texts("coupling_points", impact.couplingPoints());
        texts("physical_implications", impact.physical());
        texts("logical_implications", impact.logical());
    }

    private void checkDeprecation(DeprecationWindow window) {
        if (!window.from().isBefore(window.sunset())) {
            refusals.invalid(
                    "deprecation.sunset_time",
                    window.sunset(),
                    "after " + window.from(),
                    "give callers time between the two");
        }
        window.link()
                .filter(link -> !LINK.matcher(link).matches())
                .ifPresent(link ->
                        refusals.invalid(
                                "deprecation.link_uri",
                                Problem.quote(link),
                                "an http or https URI of at most 1024 characters",
                                "correct it or leave it out"));
    }

    private void texts(String path, List<String> texts) {
        ranges.number(path, texts.size(), 0, MOST_TEXTS);
        texts.forEach(text -> ranges.text(path, text, 1, LONGEST_TEXT));
    }
}
