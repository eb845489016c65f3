package dev.sluice.control.admin.migration;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.PendingApproval;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What migrations wait for people to say, as a stream tells it: as it is, then each change.
 * Immutable.
 *
 * @param blockers what stands against the next phase of a migration
 */
record ApprovalChanges(Function<Migration, List<Refusal>> blockers) {
    /** Subjects of blockers that words of people clear. */
    private static final Set<String> WORDS = Set.of("answers", "board");

    private static final String REVIEW = "unreviewed[";

    StateStreams.Shape<ApprovalChange> shape() {
        return new StateStreams.Shape<>(
                this::of,
                name -> Optional.of(ApprovalChange.newBuilder().setSettled(name).build()),
                StateStreams.Progress.once(
                        ApprovalChange.newBuilder().setInSync(Empty.getDefaultInstance()).build()),
                _ -> false,
                _ -> Set.of());
    }

    private Map<String, ApprovalChange> of(Catalog catalog) {
        Map<String, ApprovalChange> changes = new LinkedHashMap<>();
        for (Migration migration : catalog.openMigrationList()) {
            List<Refusal> missing =
                    blockers.apply(migration).stream()
                            .filter(it -> isWord(it.problem().path()))
                            .toList();
            if (!missing.isEmpty()) {
                changes.put(
                        migration.name().name(),
                        ApprovalChange.newBuilder()
                                .setPending(pending(migration, missing))
                                .build());
            }
        }
        return changes;
    }

    private static PendingApproval pending(Migration migration, List<Refusal> missing) {
        return PendingApproval.newBuilder()
                .setMigration(migration.name().name())
                .setOwner(migration.spec().description().owner())
                .setRisk(MigrationWords.write(migration.spec().product().risk()))
                .setPhase(MigrationWords.write(migration.phase()))
                .setPlanDigest(migration.consent().plan().hex())
                .setSince(Times.write(migration.since()))
                .addAllAnswers(
                        migration.consent().answers().stream().map(ConsentForm::answer).toList())
                .addAllMissing(missing.stream().map(MigrationApi::blocker).toList())
                .build();
    }

    private static boolean isWord(String subject) {
        return WORDS.contains(subject) || subject.startsWith(REVIEW);
    }
}
